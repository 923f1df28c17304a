import Experiments
import Foundation
import Networks
import Nightly
import Tensors
import TestSupport
import Testing
import Training
import Verification

/// Whole nights again, with suites and trainings of our own making.
@Suite("What a night does again, and what it keeps")
struct NightRunResumeTests {
  private let folder: TemporaryFolder
  init() throws {
    folder = try TemporaryFolder()
    // As the lock of a night leaves it.
    try FileManager.default.createDirectory(atPath: folder.file("results"), withIntermediateDirectories: true)
  }

  private var results: ResultsFolder { ResultsFolder(path: folder.file("results")) }

  private func begin() throws -> Night {
    try results.nextNight(
      after: results.history, isResuming: false, commit: "c", isModified: false, program: .this,
      command: "ci/nightly")
  }

  /// Runs a night to its end, and returns its record.
  ///
  /// - Parameters:
  ///   - ran: called with the name of each suite that runs.
  ///   - reported: called with the nights of the report.
  private func run(
    _ night: Night, suites: [String] = ["ops"], jobs: [TrainingJob] = [], benchmarks: String? = nil, keptRuns: Int = 7,
    program: String? = nil, ran: @escaping (String) -> Void = { _ in },
    reported: @escaping ([Night]) -> Void = { _ in }, isLeftOut: @escaping (TrainingJob) -> String? = { _ in nil }
  ) throws -> Night {
    let suites = suites.map { name in
      NightRun.Suite(name: name, isLeftOut: false) { _ in
        ran(name)
        return SuiteResult(suite: name, [CaseResult(name: "case", fields: [], failure: nil)], seconds: 1)
      }
    }
    let run = NightRun(
      .init(
        results: results.path, budget: .seconds(600), data: nil, benchmarks: benchmarks, bases: [],
        suites: suites,
        judgement: Judgement(), jobs: jobs, isLeftOut: isLeftOut, keptRuns: keptRuns,
        program: program ?? buildFolder.appending(path: "signet").path),
      night, after: try results.history.before(night),
      report: {
        reported($0)
        return "nowhere"
      }, progress: { _ in })
    try run.run()
    return try results.night(night.name)
  }

  /// A training of one layer in one step.
  private func job(_ networks: [NetworkKind], seed: UInt64 = 1) -> TrainingJob {
    var experiment = Experiment.custom("10", on: .digits)
    experiment.batch = 1200
    return TrainingJob(experiment, networks: networks, seed: seed, realEpochs: 1, discreteEpochs: 1)
  }

  @Test("a resumed night runs only the suites that it has not verified, and its seconds go on from those before")
  func resumed() throws {
    var begun = try begin()
    begun.plan = Night.plan(suites: ["ops", "sign"], benchmarks: false, baseline: nil, jobs: [])
    begun.add(.init(suite: "ops", cases: 17, failures: [], seconds: 5))
    begun.seconds = 1000
    let clock = ContinuousClock.now
    var ran: [String] = []
    let night = try run(begun, suites: ["ops", "sign"]) { ran.append($0) }
    let seconds = (ContinuousClock.now - clock) / .seconds(1)
    #expect(ran == ["sign"])
    #expect(night.verification.map(\.suite) == ["ops", "sign"] && night.verification.map(\.cases) == [17, 1])
    #expect(night.state == .good && 1000...1000 + seconds ~= night.seconds, "\(night.summary), \(night.seconds) s")
  }

  @Test("a resumed night does not time again what it has timed, and says each remark once")
  func timed() throws {
    var begun = try begin()
    begun.plan = Night.plan(suites: ["ops"], benchmarks: true, baseline: nil, jobs: [])
    begun.mark(all: .benchmarks, .done)
    begun.benchmarks = [.init(name: "sum", rounds: [1, 2])]
    begun.changes = Judgement().timeChanges(begun.benchmarks, against: [("base", begun.benchmarks)])
    begun.remarks = ["Times were not compared with b: no reason", "MNIST was not in the plan: no --data."]
    let night = try run(begun, benchmarks: "nowhere")
    #expect(night.benchmarks == begun.benchmarks && night.changes == begun.changes)
    #expect(night.remarks == begun.remarks)
    #expect(night.state == .good, "\(night.summary)")
  }

  @Test("a resumed night has each training once, and none of them counts as repeated")
  func trained() throws {
    let jobs = [job([.real])]
    var begun = try run(try begin(), jobs: jobs)
    begun.isFinished = false
    let night = try run(begun, jobs: jobs)
    #expect(night.trainings == begun.trainings && night.trainings.count == 1)
    #expect(night.verification.map(\.suite) == ["ops"] && night.state == .good, "\(night.summary)")
  }

  /// A program that trains, and writes a note on the data into the run's record.
  ///
  /// - Parameter waiting: commands of the shell before the program ends.
  private func program(noting note: String, waiting: String = "") throws -> String {
    // The program is not the training itself, but its parent, so that the variable would name another process.
    try folder.script(
      """
      SIGNET_PARENT= '\(buildFolder.appending(path: "signet").path)' "$@" || exit
      for word; do
        case $last in --seed) seed=$word ;; esac
        last=$word
        [ -e "$word/run.json" ] || continue
        sed "s/^{/{\\"dataNote\\":\\"\(note)\\",/" "$word/run.json" > "$word/noted"
        mv "$word/noted" "$word/run.json"
      done
      \(waiting)
      """, to: "program")
  }

  @Test("remarks on the data stand in the order of the plan, whichever of the trainings ends first")
  func noteOrder() throws {
    // The first training ends last, if two are trained at a time.
    let waiting = """
      [ $seed = 1 ] || { : > '\(folder.file("second"))'; exit 0; }
      looks=0
      until [ -e '\(folder.file("second"))' ] || [ $looks = \(Device.availableThreads > 1 ? 1000 : 0) ]; do
        looks=$((looks + 1))
        sleep 0.01
      done
      sleep 0.3
      """
    let program = try program(noting: "seed $seed", waiting: waiting)
    let night = try run(try begin(), jobs: [job([.real]), job([.real], seed: 2)], program: program)
    #expect(night.remarks.filter { $0.hasPrefix("digits: ") } == ["digits: seed 1", "digits: seed 2"])
  }

  @Test("what must be said of the data that networks are trained on is a remark of the night, once")
  func notes() throws {
    let note = "test errors are of the first 1,000 test images; cifar-10 has 10,000"
    let program = try program(noting: note)
    let jobs = [job([.real]), job([.real], seed: 2)]
    var night = try run(try begin(), jobs: jobs, program: program)
    let remarks = [
      "The benchmarks were not in the plan: no --benchmarks.", "digits: \(note)",
      "MNIST was not in the plan: no --data.",
    ]
    #expect(night.remarks == remarks && night.state == .good, "\(night.summary)")
    night.isFinished = false
    #expect(try run(night, jobs: jobs, program: program).remarks == remarks)
  }

  @Test("what a night has trained stays in its record, also if it goes on with options that leave it out")
  func leftOut() throws {
    let jobs = [job([.real]), job([.real, .straightThrough]), job([.real], seed: 2)]
    var begun = try run(try begin(), jobs: jobs, isLeftOut: { $0.seed == 2 ? "--only" : nil })
    begun.isFinished = false
    let night = try run(begun, jobs: jobs, isLeftOut: { _ in "--no-training" })
    #expect(Set(night.trainings.map(\.network)) == [.real, .straightThrough] && night.trainings.count == 2)
    #expect(night.trainings.allSatisfy { $0.seed == 1 && $0.result != nil })
    // The repeated network is compared once, and not again for each time that the night goes on.
    #expect(night.verification.map(\.suite) == ["ops", "repeated trainings"])
    #expect(night.verification == begun.verification && night.verification.last?.cases == 1)
    let steps = try #require(night.plan).suffix(3)
    #expect(steps.map(\.outcome) == [.done, .done, .notRun])
    #expect(steps.last?.reason == "left out by --no-training")
  }

  @Test("a training that ends well without all of its networks has failed, and the network is named")
  func missingNetwork() throws {
    let whole = job([.real, .straightThrough])
    // Trains the first network only, and none of the options that the second one needs.
    let program = try folder.script(
      """
      count=$#
      while [ $count -gt 0 ]; do
        case $1 in
          --discrete-epochs) shift; count=$((count - 1)) ;;
          real,straight-through) set -- "$@" real ;;
          *) set -- "$@" "$1" ;;
        esac
        shift
        count=$((count - 1))
      done
      exec '\(buildFolder.appending(path: "signet").path)' "$@"
      """, to: "half")
    let night = try run(try begin(), jobs: [whole], program: program)
    #expect(night.trainings.map(\.network) == [.real] && night.trainings.allSatisfy { $0.result != nil })
    let step = try #require(night.plan?.last)
    let path = "\(results.directory(of: night.name))/runs/\(whole.name)"
    #expect(step.outcome == .failed && night.state == .incomplete)
    #expect(step.reason == "\(path): expected digits, straight-through, binary, 1 epoch, found none")
  }

  @Test("a training whose files cannot be read has failed, with the file's name, and the others go on")
  func unreadable() throws {
    let program = try folder.script(
      """
      for word; do
        [ "$last" = --out ] && run=$word
        last=$word
      done
      case "$*" in *'--seed 1'*) mkdir -p "$run"; echo '{' > "$run/run.json"; exit 0 ;; esac
      exec '\(buildFolder.appending(path: "signet").path)' "$@"
      """, to: "damaging")
    let jobs = [job([.real]), job([.real], seed: 2)]
    let night = try run(try begin(), jobs: jobs, program: program)
    let steps = try #require(night.plan).suffix(2)
    #expect(steps.map(\.outcome) == [.failed, .done] && night.state == .incomplete)
    let file = "\(results.directory(of: night.name))/runs/\(jobs[0].name)/run.json"
    let reason = try #require(steps.first).reason
    #expect(reason.hasPrefix("\(file): expected a run's record, found "), "\(reason)")
    #expect(night.trainings.map(\.seed) == [2])
  }

  @Test("each suite's result is kept before the next one runs, and each training's as soon as it has ended")
  func keptAtOnce() throws {
    // The second training ends only when the first one's record is kept.
    let program = try folder.script(
      """
      case "$*" in *'--seed 1'*) exec '\(buildFolder.appending(path: "signet").path)' "$@" ;; esac
      looks=0
      until grep -qF '"trainings":[{' '\(results.path)'/nights/*/night.json; do
        looks=$((looks + 1))
        [ $looks -lt 2000 ] || exit 3
        sleep 0.01
      done
      echo 'it is kept' >&2
      exit 65
      """, to: "waiting")
    let results = results
    var kept: [[String]] = []
    let night = try run(
      try begin(), suites: ["ops", "sign"], jobs: [job([.real]), job([.real], seed: 2)], program: program,
      ran: { _ in kept.append((try? results.history)?.nights.last?.verification.map(\.suite) ?? ["no record"]) })
    #expect(kept == [[], ["ops"]])
    #expect(night.plan?.last?.reason == "it is kept" && night.trainings.map(\.seed) == [1])
  }

  @Test("an ensemble's errors are those of the test images")
  func ensemble() throws {
    let night = try run(try begin(), jobs: [job([.real, .discreteSign])])
    let ensemble = try #require(night.trainings.first { $0.network == .discreteSign }).ensemble
    // Of the digits 400 are for test, 300 for validation and 1,097 for training.
    let wrong = ensemble.map { 400 * $0.error }
    #expect(wrong.count == 5 && wrong.allSatisfy { abs($0 - $0.rounded()) < 1e-9 }, "\(wrong)")
  }

  @Test("the report is of all nights, of which as many as were asked for keep their runs, tonight among them")
  func kept() throws {
    for number in 1...4 {
      let night = Night(
        name: "2026-01-0\(number)", number: number, signet: "0", commit: "c", isModified: false,
        host: .init(system: "", processor: "", cores: 1, kernels: ""), command: "")
      try results.write(night)
      try FileManager.default.createDirectory(
        atPath: "\(results.directory(of: night.name))/runs/a", withIntermediateDirectories: true)
    }
    var reported: [String] = []
    let tonight = try run(try begin(), keptRuns: 3, reported: { reported = $0.map(\.name) })
    let names = try results.history.nights.map(\.name)
    #expect(names == (1...4).map { "2026-01-0\($0)" } + [tonight.name])
    #expect(reported == names)
    let kept = names.filter { FileManager.default.fileExists(atPath: "\(results.directory(of: $0))/runs") }
    #expect(kept == names.suffix(3))
  }
}
