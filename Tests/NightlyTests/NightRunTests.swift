import Experiments
import Foundation
import Networks
import Nightly
import TestSupport
import Testing
import Training
import Verification

/// Whole nights with suites, benchmarks and trainings of our own making, which fail as they are told.
@Suite("What a night does when something fails")
struct NightRunTests {
  private let folder: TemporaryFolder
  init() throws {
    folder = try TemporaryFolder()
    // As the lock of a night leaves it.
    try FileManager.default.createDirectory(atPath: folder.file("results"), withIntermediateDirectories: true)
  }

  private var results: ResultsFolder { ResultsFolder(path: folder.file("results")) }

  /// A suite of so many cases, of which the first few fail.
  private func suite(_ name: String, cases: Int = 2, failing: Int = 0, isLeftOut: Bool = false) -> NightRun.Suite {
    NightRun.Suite(name: name, isLeftOut: isLeftOut) { _ in
      SuiteResult(
        suite: name,
        (0..<cases).map { CaseResult(name: "\($0)", fields: [], failure: $0 < failing ? "case \($0) is wrong" : nil) },
        seconds: 1)
    }
  }

  /// A training of a layer or two, which takes a moment.
  private func job(
    _ networks: [NetworkKind] = [.real], seed: UInt64 = 1, change: (inout Experiment) -> Void = { _ in }
  ) -> TrainingJob {
    var experiment = Experiment.custom("10", on: .digits)
    experiment.batch = 1200
    change(&experiment)
    return TrainingJob(
      experiment, networks: networks, seed: seed, realEpochs: 1,
      discreteEpochs: networks.contains(where: { $0 != .real }) ? 1 : nil)
  }

  /// A built package Benchmarks whose one benchmark takes some microseconds, more in each round; it notes when it runs.
  private func package(_ name: String, microseconds: Int) throws -> String {
    let time = "'$((\(microseconds) + $(wc -l < '\(folder.file("rounds"))')))'"
    return try folder.benchmarks(
      name,
      printing: """
        echo \(name) >> '\(folder.file("rounds"))'
        echo '[\(benchmarkResult("sum", microseconds: [time, "99999"]))]'
        """)
  }

  private var rounds: [String] {
    ((try? String(contentsOfFile: folder.file("rounds"), encoding: .utf8)) ?? "").split(separator: "\n").map(
      String.init)
  }

  /// Runs a night to its end.
  ///
  /// - Parameter told: called with each message, without its time.
  @discardableResult
  private func night(
    suites: [NightRun.Suite], jobs: [TrainingJob] = [], benchmarks: String? = nil, bases: [(String, String)] = [],
    budget: Duration = .seconds(600), isLeftOut: @escaping (TrainingJob) -> String? = { _ in nil },
    program: String? = nil, told: (String) -> Void = { _ in }
  ) throws -> Night {
    let (history, begin) = (try results.history, ContinuousClock.now)
    var messages: [String] = []
    let night = try results.nextNight(
      after: history, isResuming: false, commit: "c", isModified: false, program: .this, command: "ci/nightly")
    let run = NightRun(
      .init(
        results: results.path, budget: budget, data: nil, benchmarks: benchmarks,
        bases: bases.map { (name: $0.0, package: $0.1) }, suites: suites, judgement: Judgement(), jobs: jobs,
        isLeftOut: isLeftOut, keptRuns: 7, program: program ?? buildFolder.appending(path: "signet").path),
      night, after: history.before(night), report: { _ in "nowhere" },
      progress: { if case .told(let text) = $0 { messages.append(text) } })
    try run.run()
    let minutes = (ContinuousClock.now - begin) / .seconds(60)
    for message in messages {
      let (_, time, text) = try #require(message.wholeMatch(of: /(\d+\.\d) min  (.*)/)).output
      // Minutes since the night began, with one decimal.
      #expect(try #require(Double(time)) <= minutes + 0.05)
      told(String(text))
    }
    #expect(try results.night(night.name) == run.night, "what is kept is what it came to")
    return run.night
  }

  private func outcomes(_ night: Night) -> [String] {
    (night.plan ?? []).map { $0.outcome.rawValue + ($0.reason.isEmpty ? "" : ": \($0.reason)") }
  }

  @Test("a night whose every step is done is good, and has the result that the training printed")
  func good() throws {
    let night = try night(suites: [suite("ops"), suite("sign")], jobs: [job()])
    #expect(night.state == .good && outcomes(night) == ["done", "done", "done"], "\(night.summary)")
    let training = try #require(night.trainings.first)
    #expect(night.trainings.count == 1 && training.experiment == "digits" && training.seed == 1)
    let path = "\(results.directory(of: night.name))/runs/\(job().name)"
    let result = try #require(try RunSummary(path).results.first)
    #expect(training.result == result && training.curve.count == 1)
    #expect(result.validationError != result.testError && training.curve[0].validationError == result.validationError)
    #expect(training.curve[0].trainingError != result.validationError)
    let files = try RunSummary(path).run.data
    #expect(training.dataFiles == files && !files.isEmpty && files.allSatisfy { $0.sha256.count == 64 })
  }

  @Test(
    "of networks with ternary weights and sign activations the first seed has the errors of ensembles, no other has")
  func ensembles() throws {
    let night = try night(
      suites: [suite("ops")], jobs: [job([.real, .discreteSign, .straightThrough]), job([.discreteSign], seed: 2)])
    let sizes = night.trainings.map {
      ["\($0.network.rawValue) \($0.seed)"] + $0.ensemble.map { "\($0.members)" }
    }
    #expect(
      sizes.sorted { $0[0] < $1[0] } == [
        ["discrete-sign 1", "1", "2", "4", "8", "16"], ["discrete-sign 2"], ["real 1"], ["straight-through 1"],
      ])
  }

  @Test("after a suite that fails nothing is timed, the trainings run, and the night is not verified")
  func failingSuite() throws {
    let package = try package("tonight", microseconds: 10)
    var told: [String] = []
    let night = try night(
      suites: [suite("ops", cases: 3, failing: 2), suite("sign")], jobs: [job()], benchmarks: package,
      told: { told.append($0) })
    #expect(
      told == [
        "✘ case 0 is wrong", "✘ case 1 is wrong", "verified: 5 cases, 2 failures", "trained: 1 network",
        "report: nowhere",
      ])
    #expect(
      outcomes(night) == [
        "failed: 2 of 3 cases, first case 0 is wrong", "done", "not run: the program is not verified", "done",
      ])
    #expect(night.state == .notVerified && night.state.exitCode == 65 && rounds.isEmpty && night.benchmarks.isEmpty)
    #expect(night.verification.map(\.failures) == [["case 0 is wrong", "case 1 is wrong"], []])
    #expect(try results.history.lastTimed == nil)
    #expect(throws: (any Error).self) { try results.accept(night.name, reason: "a reason") }
  }

  @Test("a suite without cases is a failure, one that is left out is not run, and is never good")
  func emptySuite() throws {
    let empty = try night(suites: [suite("ops", cases: 0), suite("sign")])
    #expect(empty.state == .notVerified && outcomes(empty)[0].hasPrefix("failed: "))
    let left = try night(suites: [suite("ops", isLeftOut: true), suite("sign")])
    #expect(left.state == .incomplete && outcomes(left) == ["not run: left out by --suite", "done"])
  }

  @Test("a training that fails is not done: its step has the program's own words, the others are done")
  func failingJob() throws {
    let bad = job(seed: 2) { $0.real.learningRate = 3e38 }
    let night = try night(suites: [suite("ops")], jobs: [bad, job(seed: 1)])
    #expect(
      outcomes(night) == [
        "done",
        "failed: signet: real, epoch 1, step 1: expected finite parameters after the step, found others in block1.linear.weights",
        "done",
      ])
    #expect(night.state == .incomplete && night.state.exitCode == 3)
    #expect(night.trainings.filter { $0.result != nil }.map(\.seed) == [1])
    #expect(night.headline == "incomplete: 0 same, 0 worse, 1 new, 0 not run, 1 failed" || night.changes.count != 1)
    // A program that says that all is well, but leaves no run, has not done it either.
    let liar = try folder.script("exit 0", to: "liar")
    let nothing = try self.night(suites: [suite("ops")], jobs: [job()], program: liar)
    #expect(nothing.trainings.isEmpty)
  }

  @Test("jobs that are left out are not run, with the option; nothing that comes after the time is up is done")
  func leftOut() throws {
    let night = try night(suites: [suite("ops")], jobs: [job(seed: 1), job(seed: 2)]) { $0.seed == 1 ? "--only" : nil }
    #expect(outcomes(night) == ["done", "not run: left out by --only", "done"])
    let late = try self.night(suites: [suite("ops")], jobs: [job()], benchmarks: "nowhere", budget: .zero)
    #expect(outcomes(late) == Array(repeating: "not run: the night's time was up", count: 3))
    #expect(late.state == .empty)
  }

  @Test("programs are timed in turns, forwards and backwards, at least ten rounds, and each with its own times")
  func turns() throws {
    let (tonight, base) = (try package("tonight", microseconds: 2000), try package("base", microseconds: 1000))
    let first = try night(suites: [suite("ops")], benchmarks: base)
    #expect(first.state == .good && rounds == Array(repeating: "base", count: rounds.count))
    try FileManager.default.removeItem(atPath: folder.file("rounds"))
    var told: [String] = []
    let night = try night(
      suites: [suite("ops")], benchmarks: tonight, bases: [("night \(first.name) (c)", base)], budget: .seconds(1),
      told: { told.append($0) })
    #expect(told.contains("timed: 1 benchmark, \(rounds.count / 2) rounds of 2 programs"), "\(told)")
    #expect(Array(rounds.prefix(8)) == ["tonight", "base", "base", "tonight", "tonight", "base", "base", "tonight"])
    #expect(rounds.count >= 20 && rounds.count % 2 == 0)
    let change = try #require(night.changes.first { $0.measure == .time })
    // The fastest iteration in nanoseconds, not the other one.
    #expect(change.after.allSatisfy { 2e6 < $0 && $0 < 2.1e6 } && change.before.allSatisfy { 1e6 < $0 && $0 < 1.1e6 })
    #expect(change.subject == "sum" && change.against == "night \(first.name) (c)" && change.verdict == .worse)
    #expect(night.benchmarks.map(\.rounds) == [change.after] && night.state == .worse)
    // The last night whose times are good is still the first one; with a reason it is this.
    #expect(try results.history.lastTimed?.name == first.name)
    try results.accept(night.name, reason: "it must be slower")
    #expect(try results.history.lastTimed?.name == night.name)
    #expect(try results.night(night.name).accepted == "it must be slower")
  }

  @Test("a comparison that was planned but has no base is not run, and such a night is no baseline")
  func noBase() throws {
    let package = try package("tonight", microseconds: 10)
    let first = try night(suites: [suite("ops")], benchmarks: package)
    let second = try night(suites: [suite("ops")], benchmarks: package)
    #expect(outcomes(second) == ["done", "done", "not run: no --base was given"])
    #expect(try second.state == .incomplete && results.history.lastTimed?.name == first.name)
    try FileManager.default.removeItem(atPath: "\(package)/.build/release/SignetBenchmarks")
    let third = try night(suites: [suite("ops")], benchmarks: package)
    #expect(outcomes(third)[1].hasPrefix("failed: ") && outcomes(third)[2] == "not run: the benchmarks failed")
  }

  @Test("a base that is not the last good night is no planned comparison, but a comparison: the night is incomplete")
  func otherBase() throws {
    let package = try package("tonight", microseconds: 2000)
    let first = try night(suites: [suite("ops")], benchmarks: package)
    let bases = ["base 0123abc", "night \(first.name)-2 (0123abc)"].map { ($0, package) }
    let second = try night(suites: [suite("ops")], benchmarks: package, bases: bases, budget: .seconds(1))
    #expect(outcomes(second) == ["done", "done", "not run: no --base is night \(first.name)"])
    #expect(second.state == .incomplete)
    let times = second.changes.filter { $0.measure == .time }
    #expect(times.map(\.against) == bases.map(\.0) && times.allSatisfy { $0.verdict == .same })
    // Without this the last good night would stay one that cannot be built.
    #expect(try results.history.lastTimed?.name == second.name)
    let third = try night(
      suites: [suite("ops")], benchmarks: package, bases: [("night \(second.name)", package)], budget: .seconds(1))
    #expect(outcomes(third) == ["done", "done", "done"] && third.state == .good)
  }

  @Test("a training that is repeated with other bits makes the night not verified; with the same bits it is counted")
  func repeated() throws {
    let (one, again) = (job([.real]), job([.real, .straightThrough]))
    let same = try night(suites: [suite("ops")], jobs: [one, again])
    #expect(same.verification.map(\.suite) == ["ops", "repeated trainings"])
    #expect(same.verification.last?.cases == 1 && same.verification.last?.failures == [] && same.state == .good)
    #expect(same.trainings.map(\.network) == [.real, .straightThrough])
    // The second time with another batch size, which no series tells.
    let different = try night(suites: [suite("ops")], jobs: [one, job([.real, .straightThrough]) { $0.batch = 300 }])
    let failure = try #require(different.verification.last?.failures.first)
    #expect(
      failure.hasPrefix("digits, real, real, 1 epoch, seed 1: expected the same bits again, found "), "\(failure)")
    #expect(different.state == .notVerified && different.trainings.filter { $0.network == .real }.count == 1)
    #expect(throws: (any Error).self) { try results.accept(different.name, reason: "a reason") }
  }

  @Test("a night that is unfinished, not verified, accepted, or without anything worse is not accepted, nor changed")
  func accepted() throws {
    func night(_ name: String, _ change: (inout Night) -> Void) throws -> Night {
      var night = Night(
        name: name, number: 1, plan: [], signet: "0", commit: "c", isModified: false,
        host: .init(system: "", processor: "", cores: 1, kernels: ""), command: "")
      night.verification = [.init(suite: "ops", cases: 1, failures: [], seconds: 1)]
      night.isFinished = true
      night.changes = [
        Change(
          measure: .time, subject: "a", against: "b", before: [1], after: [2], p: nil, correctedP: nil, estimate: nil,
          low: nil,
          high: nil, verdict: .worse, reason: "")
      ]
      change(&night)
      try results.write(night)
      return night
    }
    for (name, change, words) in [
      ("unfinished", { $0.isFinished = false }, "expected a finished night, found an unfinished one"),
      (
        "failed", { $0.verification[0] = .init(suite: "ops", cases: 1, failures: ["x"], seconds: 1) },
        "expected a verified night"
      ),
      (
        "empty", { $0.verification[0] = .init(suite: "ops", cases: 0, failures: [], seconds: 1) },
        "expected a verified night"
      ),
      ("none", { $0.verification = [] }, "expected a verified night, found worse: "),
      ("same", { $0.changes = [] }, "expected something worse or vanished to accept, found nothing"),
    ] as [(String, (inout Night) -> Void, String)] {
      let night = try night(name, change)
      do {
        try results.accept(name, reason: "a reason")
        Issue.record("\(name) was accepted")
      } catch { #expect("\(error)".contains(words), "\(error)") }
      #expect(try results.night(name) == night)
    }
    _ = try night("worse") { _ in }
    try results.accept("worse", reason: "a reason")
    #expect(try results.night("worse").accepted == "a reason")
    let error = #expect(throws: (any Error).self) { try results.accept("worse", reason: "another") }
    let words = "expected a night that nobody has accepted, found one accepted with the reason: a reason"
    #expect(error.map { "\($0)" }?.hasSuffix(words) == true)
    #expect(try results.night("worse").accepted == "a reason")
  }
}
