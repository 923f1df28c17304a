import Benchmarking
import BuiltInDatasets
import Experiments
import Files
import Foundation
import Golden
import Tensors
import Training
import Verification

/// One night: verify, time, train, compare, report. The night's record is written after every step, so that a killed
/// night can be resumed.
package final class NightRun {
  package let setting: Setting
  package private(set) var night: Night
  private let folder: ResultsFolder
  private let earlier: NightHistory
  private let begin = ContinuousClock().now
  private let secondsBefore: Double
  private let interruption = Interruption()
  private let report: ([Night]) throws -> String
  private let progress: (Progress) -> Void

  /// The progress messages of a running night.
  package enum Progress {
    /// What the night is doing now, shown until it does something else.
    case now(String)
    /// A message to keep: a finished stage, or a failure.
    case told(String)
  }

  /// A verification suite of the plan.
  package struct Suite {
    package let name: String
    package let isLeftOut: Bool
    /// Runs all cases. Before each, calls `progress` with its number from 1, the number of cases, and the case.
    package let run: (_ progress: (Int, Int, VerificationCase) -> Void) -> SuiteResult

    package init(
      name: String, isLeftOut: Bool, run: @escaping (_ progress: (Int, Int, VerificationCase) -> Void) -> SuiteResult
    ) {
      (self.name, self.isLeftOut, self.run) = (name, isLeftOut, run)
    }
  }

  /// The settings of a night.
  package struct Setting {
    package let results: String
    package let budget: Duration
    package let data: String?
    /// The package of the benchmarks, and the named packages of the programs to compare with.
    package let benchmarks: String?
    package let bases: [(name: String, package: String)]
    package let suites: [Suite]
    package let judgement: Judgement
    /// The trainings of the plan, and a function that returns the option that leaves out a training, if one does.
    package let jobs: [TrainingJob]
    package let isLeftOut: (TrainingJob) -> String?
    /// The number of nights whose runs are kept.
    package let keptRuns: Int
    /// The program that trains.
    package let program: String

    package init(
      results: String, budget: Duration, data: String?, benchmarks: String?, bases: [(name: String, package: String)],
      suites: [Suite], judgement: Judgement, jobs: [TrainingJob],
      isLeftOut: @escaping (TrainingJob) -> String?, keptRuns: Int, program: String = ProgramIdentity.path
    ) {
      (self.results, self.budget, self.data, self.benchmarks) = (results, budget, data, benchmarks)
      (self.bases, self.suites, self.judgement, self.jobs) = (bases, suites, judgement, jobs)
      (self.isLeftOut, self.keptRuns, self.program) = (isLeftOut, keptRuns, program)
    }
  }

  /// - Parameters:
  ///   - night: a new night, or the record of a killed one so far.
  ///   - earlier: the nights before it.
  ///   - report: writes the report of all nights, and returns its path.
  ///   - progress: called with progress messages.
  package init(
    _ setting: Setting, _ night: Night, after earlier: NightHistory, report: @escaping ([Night]) throws -> String,
    progress: @escaping (Progress) -> Void
  ) {
    (self.report, self.progress) = (report, progress)
    (self.setting, self.night, self.earlier) = (setting, night, earlier)
    secondsBefore = night.seconds
    folder = ResultsFolder(path: setting.results)
    self.night.replan(
      Night.plan(
        suites: setting.suites.map(\.name), benchmarks: setting.benchmarks != nil,
        baseline: earlier.lastTimed, jobs: setting.jobs))
  }

  private var deadline: ContinuousClock.Instant { begin + setting.budget }
  private var isOver: Bool { ContinuousClock().now >= deadline }
  private var directory: String { folder.directory(of: night.name) }
  private static let timeWasOver = "the night's time was up"
  private static let notCompared = "Times were not compared with "

  /// - Throws: `InterruptionError`, `FileWriteError`.
  package func run() throws {
    night.remarks =
      earlier.damaged.map { "Left out: \($0)" } + night.remarks.filter { $0.hasPrefix(Self.notCompared) }
    try save()
    try verify()
    try time()
    try train()
    night.changes.removeAll { $0.measure == .testError || $0.verdict == .notRun }
    night.changes += setting.judgement.errorChanges(earlier, tonight: night)
    night.changes += setting.judgement.untimed(earlier, tonight: night)
    night.isFinished = true
    try save()
    try writeReport()
  }

  private func save() throws {
    if let error = interruption.error { throw error }
    night.seconds = secondsBefore + (ContinuousClock().now - begin) / .seconds(1)
    try folder.write(night)
  }

  /// Reports a message with the minutes since the start.
  private func tell(_ text: String) {
    progress(.told("\(fixed((ContinuousClock().now - begin) / .seconds(60), places: 1)) min  \(text)"))
  }

  private func verify() throws {
    for suite in setting.suites where !night.verification.contains(where: { $0.suite == suite.name }) {
      guard !suite.isLeftOut else {
        night.mark(.suite, suite.name, .notRun, "left out by --suite")
        continue
      }
      guard !isOver else {
        night.mark(.suite, suite.name, .notRun, Self.timeWasOver)
        continue
      }
      if let error = interruption.error { throw error }
      let result = suite.run { progress(.now("verify  \(suite.name)  \($0)/\($1)  \($2.name)")) }
      night.add(
        Night.Suite(suite: result.suite, cases: result.cases, failures: result.failures, seconds: result.seconds))
      for failure in result.failures { tell("✘ \(failure)") }
      try save()
    }
    let cases = night.verification.map(\.cases).reduce(0, +)
    let failures = night.verification.map(\.failures.count).reduce(0, +)
    tell("verified: \(counted(cases, "case", "cases")), \(counted(failures, "failure", "failures"))")
  }

  /// Times tonight's program and the others in turns.
  private func time() throws {
    guard night.benchmarks.isEmpty else { return }
    guard let package = setting.benchmarks else {
      night.remarks.append("The benchmarks were not in the plan: no --benchmarks.")
      return
    }
    guard night.isVerified, !isOver else {
      let reason = isOver ? Self.timeWasOver : "the program is not verified"
      night.mark(all: .benchmarks, .notRun, reason)
      night.mark(all: .comparison, .notRun, reason)
      return
    }
    do {
      try time(package)
    } catch let error as MeasurementFileError {
      night.mark(all: .benchmarks, .failed, "\(error)")
      night.mark(all: .comparison, .notRun, "the benchmarks failed")
      tell("✘ \(error)")
    }
    try save()
  }

  /// Times tonight's program, without which there is nothing to compare, and the bases; one that fails is left out.
  private func time(_ package: String) throws {
    var rounds = SpeedRounds(programs: [package] + setting.bases.map(\.package), scratch: "\(directory)/benchmarks")
    try rounds.run(
      deadline: begin + setting.budget * 0.4, rounds: SpeedRounds.fewest...SpeedRounds.most, needing: 0..<1,
      interruption: interruption
    ) { progress(.now("benchmarks  round \($0)  program \($1) of \(setting.bases.count + 1)")) }
    let bases = zip(setting.bases, zip(rounds.samples, rounds.failures).dropFirst()).map {
      (name: $0.name, samples: $1.0, failure: $1.1)
    }
    night.benchmarks = rounds.samples[0]
    night.changes += setting.judgement.timeChanges(
      night.benchmarks, against: bases.filter { $0.failure == nil }.map { ($0.name, $0.samples) })
    night.mark(all: .benchmarks, .done)
    night.markComparison(with: earlier.lastTimed, bases.map { ($0.name, $0.failure) })
    for base in bases {
      guard let failure = base.failure else { continue }
      night.remarks.append("\(Self.notCompared)\(base.name): \(failure)")
      tell("✘ \(failure)")
    }
    let (benchmarks, programs) = (night.benchmarks.count, rounds.failures.count { $0 == nil })
    tell(
      "timed: \(counted(benchmarks, "benchmark", "benchmarks")), \(counted(rounds.count, "round", "rounds")) of "
        + counted(programs, "program", "programs"))
  }

  private func train() throws {
    let runs = try JobProcesses(in: "\(directory)/runs", program: setting.program)
    let runner = JobRunner(runs, slots: Device.availableThreads, deadline: deadline, interruption: interruption) {
      [progress] in progress(.now($0))
    }
    var (repetitions, differences) = (0, [String]())
    /// What must be said of each job's results, by the job's name: the jobs end in any order.
    var notes: [String: [String]] = [:]
    night.trainings = []
    night.verification.removeAll { $0.suite == Self.repeatedTrainings }
    try runner.run(jobsToRun(runs)) { job, outcome in
      let count = night.trainings.count
      switch outcome {
      case .failed(let reason): night.mark(.training, job.name, .failed, reason)
      case .stopped: night.mark(.training, job.name, .notRun, Self.timeWasOver)
      case .finished: night.mark(.training, job.name, .done)
      }
      let path = runs.path(job)
      guard FileManager.default.fileExists(atPath: "\(path)/\(RunDirectory.runName)") else { return try save() }
      do {
        let trainings = try records(of: job, in: path)
        let lines = try RunDirectory.record(in: path)?.note?.split(separator: "\n") ?? []
        notes[job.name] = lines.map { "\(job.subject): \($0)" }
        differences += trainings.compactMap { night.add($0) }
        repetitions += trainings.count - (night.trainings.count - count)
        if outcome == .finished, let missing = Set(job.series).subtracting(trainings.map(\.series)).first {
          night.mark(.training, job.name, .failed, "\(path): expected \(missing.subject), found none")
        }
      } catch {
        // A run whose files cannot be read has failed; the other runs continue.
        night.mark(.training, job.name, .failed, "\(error)")
      }
      try save()
    }
    if repetitions > 0 {
      night.add(Night.Suite(suite: Self.repeatedTrainings, cases: repetitions, failures: differences, seconds: 0))
    }
    night.remarks += setting.jobs.flatMap { notes[$0.name] ?? [] }.unique
    if setting.data == nil { night.remarks.append("MNIST was not in the plan: no --data.") }
    tell("trained: \(counted(night.trainings.count { $0.result != nil }, "network", "networks"))")
  }

  private static let repeatedTrainings = "repeated trainings"

  /// The trainings of the plan, except those that the options leave out, those whose data cannot be read, and those
  /// whose runs are on other data. What was trained before the night was killed counts whatever the options leave out
  /// now.
  private func jobsToRun(_ runs: JobProcesses) -> [TrainingJob] {
    let wanted = setting.jobs.filter { job in
      guard let option = setting.isLeftOut(job), !runs.isFinished(job) else { return true }
      night.mark(.training, job.name, .notRun, "left out by \(option)")
      return false
    }
    var data: [String: Result<[DataFile], any Error>] = [:]
    for job in wanted where !job.experiment.data.isBuiltIn && data[job.subject] == nil {
      let files = Result { try job.experiment.data.load(from: job.data)?.files ?? [] }
      if case .failure(let error) = files { tell("✘ \(error)") }
      data[job.subject] = files
    }
    return wanted.filter { job in
      do {
        if let files = try data[job.subject]?.get() { try RunDirectory.requireData(files, in: runs.path(job)) }
        return true
      } catch {
        night.mark(.training, job.name, .failed, "\(error)")
        return false
      }
    }
  }

  /// The records of a job's networks, with ensembles for one of them.
  private func records(of job: TrainingJob, in path: String) throws -> [TrainingRecord] {
    try TrainingRecord.records(of: job, in: path).map { training in
      guard training.network == .discreteSign, training.seed == 1, training.result != nil,
        training.weights == "ternary"
      else { return training }
      var training = training
      training.ensemble = try ensemble(training, path)
      return training
    }
  }

  /// Test errors of ensembles of sampled networks.
  private func ensemble(_ training: TrainingRecord, _ path: String) throws -> [EnsemblePoint] {
    let saved = try SavedNetwork(
      reading: RunDirectory.networkFile(training.network, in: path), on: Device.processor(threads: 1))
    let folder = saved.experiment.data.isBuiltIn ? nil : setting.data
    guard let data = try saved.experiment.data.load(from: folder) else { return [] }
    let device = Device.processor(threads: Device.availableThreads)
    return Evaluation(of: saved.network, on: data.test, device: device)
      .ensemble(members: 16, seed: 1) { _, _, _ in }
  }

  private func writeReport() throws {
    tell("report: \(try report(earlier.nights + [night]))")
    folder.removeRuns(keeping: setting.keptRuns)
  }
}
