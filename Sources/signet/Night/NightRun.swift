import Benchmarking
import Files
import Foundation
import Golden
import Tensors
import Training
import Verification
import VerificationSuites

/// One night: verify, time, train, compare, report. Its record is written after every stage, so that a killed night goes on.
final class NightRun {
  let setting: Setting
  private(set) var night: Night
  private let folder: ResultsFolder
  private let begin = ContinuousClock().now
  private let secondsBefore: Double
  private let interruption = Interruption()
  private let line: ProgressLine

  /// What a night is asked to do.
  struct Setting {
    let results: String
    let budget: Duration
    let data: String?
    /// The package of the benchmarks, and those of the programs to compare with, with what they are in words.
    let benchmarks: String?
    let bases: [(name: String, package: String)]
    let sweeps: [String]
    let suites: [VerificationSuite]
    let judgement: Judgement
    let jobs: [TrainingJob]
    /// True if some trainings were left out on purpose.
    let isPartial: Bool
    /// Nights whose runs are kept.
    let keptRuns: Int
  }

  /// - Parameter night: as it stands: new, or as far as a killed one came.
  init(_ setting: Setting, _ night: Night, isQuiet: Bool) {
    (self.setting, self.night) = (setting, night)
    secondsBefore = night.seconds
    folder = ResultsFolder(path: setting.results)
    line = ProgressLine(isQuiet: isQuiet)
  }

  private var deadline: ContinuousClock.Instant { begin + setting.budget }
  private var directory: String { folder.directory(of: night.name) }

  /// - Throws: `InterruptionError`, `FileWriteError`, errors of the earlier nights' files.
  func run() throws {
    let earlier = try folder.nights().filter { $0.name < night.name }
    try save()
    if night.verification.isEmpty { try verify() }
    if night.isVerified {
      if night.benchmarks.isEmpty { try time() }
    } else {
      night.remarks.append("Nothing was timed: the program does not do what the goldens say.")
    }
    try train(after: earlier)
    night.isFinished = true
    try save()
    try writeReport(earlier + [night])
  }

  private func save() throws {
    if let error = interruption.error { throw error }
    night.seconds = secondsBefore + (ContinuousClock().now - begin).seconds
    try folder.write(night)
  }

  /// Says where the night is, at the end of each stage.
  private func tell(_ text: String) {
    line.tell("\(fixed((ContinuousClock().now - begin).seconds / 60, places: 1)) min  \(text)")
  }

  private func verify() throws {
    let setting = VerificationSuite.Setting(
      golden: .builtIn, workers: Workers(count: ProcessInfo.processInfo.activeProcessorCount), program: programPath)
    for suite in self.setting.suites {
      if let error = interruption.error { throw error }
      let result = suite.run(setting) { line.show("verify  \(suite.rawValue)  \($0)/\($1)  \($2.name)") }
      night.verification.append(
        .init(suite: result.suite, cases: result.cases, failures: result.failures, seconds: result.seconds))
      for failure in result.failures { tell("✘ \(failure)") }
    }
    let cases = night.verification.map(\.cases).reduce(0, +)
    tell("verified: \(cases) cases, \(night.verification.map(\.failures.count).reduce(0, +)) failures")
    try save()
  }

  /// Tonight's program and the others in turns.
  private func time() throws {
    guard let package = setting.benchmarks else {
      night.remarks.append("Nothing was timed: no --benchmarks.")
      return
    }
    var rounds = SpeedRounds(programs: [package] + setting.bases.map(\.package), scratch: "\(directory)/benchmarks")
    try rounds.run(
      deadline: begin + setting.budget * 0.4, rounds: SpeedRounds.fewest...SpeedRounds.most, interruption: interruption
    ) { line.show("benchmarks  round \($0)  program \($1) of \(setting.bases.count + 1)") }
    night.benchmarks = rounds.samples[0]
    for (base, samples) in zip(setting.bases, rounds.samples.dropFirst()) {
      night.changes += setting.judgement.timeChanges(before: samples, after: night.benchmarks, against: base.name)
    }
    tell("timed: \(night.benchmarks.count) benchmarks, \(rounds.count) rounds of \(setting.bases.count + 1) programs")
    try save()
  }

  private func train(after earlier: [Night]) throws {
    let jobs = TrainingJobs(
      directory: "\(directory)/runs", slots: ProcessInfo.processInfo.activeProcessorCount, deadline: deadline,
      interruption: interruption, line: line)
    var (stopped, repetitions, differences) = (Set<String>(), 0, [String]())
    night.trainings = []
    try jobs.run(setting.jobs) { job, outcome in
      if case .failed(let reason) = outcome { night.remarks.append("\(job.name) failed: \(reason)") }
      if outcome == .stopped { stopped.insert(job.experiment) }
      let path = jobs.path(job)
      guard FileManager.default.fileExists(atPath: "\(path)/run.json") else { return }
      for var training in try TrainingRecord.records(of: job, in: path) {
        if training.network == .discreteSign, training.seed == 1, training.result != nil, training.weights == "ternary"
        {
          training.ensemble = try ensemble(training, path)
        }
        let count = night.trainings.count
        if let difference = night.add(training) { differences.append(difference) }
        if night.trainings.count == count { repetitions += 1 }
      }
      try save()
    }
    if repetitions > 0 {
      night.verification.append(
        .init(suite: "repeated trainings", cases: repetitions, failures: differences, seconds: 0))
    }
    if !stopped.isEmpty {
      night.remarks.append(
        "The time was over before all seeds of \(stopped.sorted().joined(separator: ", ")) were trained.")
    }
    tell("trained: \(night.trainings.count { $0.result != nil }) networks")
    compareErrors(with: earlier, stopped)
  }

  private func compareErrors(with earlier: [Night], _ stopped: Set<String>) {
    guard let last = earlier.lastGood(before: night.name) else {
      night.remarks.append("No earlier good night to compare test errors with.")
      return
    }
    night.changes += setting.judgement.errorChanges(before: last, after: night) { series in
      if stopped.contains(series.experiment) { return "the night's time was over before it" }
      if setting.isPartial { return "left out tonight" }
      if Experiment.named(series.experiment)?.data.isBuiltIn == false, setting.data == nil {
        return "no --data tonight"
      }
      return nil
    }
  }

  /// Test errors of ensembles of sampled networks.
  private func ensemble(_ training: TrainingRecord, _ path: String) throws -> [EnsemblePoint] {
    let saved = try SavedNetwork(reading: "\(path)/\(SavedNetwork.fileName(training.network))", on: Workers(count: 1))
    let folder = saved.experiment.data.isBuiltIn ? nil : setting.data
    guard let data = try saved.experiment.data.load(from: folder) else { return [] }
    let workers = Workers(count: ProcessInfo.processInfo.activeProcessorCount)
    return Evaluation(of: saved.network, on: data.test, workers: workers)
      .ensemble(members: 16, seed: 1) { _, _, _ in }.map { EnsemblePoint(members: $0.members, error: $0.error) }
  }

  private func writeReport(_ nights: [Night]) throws {
    let sweeps = try setting.sweeps.flatMap { try ResultsFile.records(in: $0) }
    let report = Report(nights: nights, sweeps: sweeps, program: "signet")
    tell("report: \(try folder.write(report, of: night.name))")
    folder.removeRuns(keeping: setting.keptRuns)
  }
}
