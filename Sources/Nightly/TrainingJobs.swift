import Benchmarking
import Experiments
import Files
import Foundation
import Training

/// Trains a night's jobs in processes of their own, one on each core, until the night's time is over: those that run then
/// write a checkpoint and stop.
package struct TrainingJobs {
  /// The directory of the runs' directories.
  let directory: String
  let slots: Int
  let deadline: ContinuousClock.Instant
  let interruption: Interruption?
  /// Told which jobs run and how long they may.
  let progress: (String) -> Void

  package init(
    directory: String, slots: Int, deadline: ContinuousClock.Instant, interruption: Interruption?,
    progress: @escaping (String) -> Void
  ) {
    (self.directory, self.slots, self.deadline) = (directory, slots, deadline)
    (self.interruption, self.progress) = (interruption, progress)
  }

  /// What became of a job.
  package enum Outcome: Equatable {
    case finished
    /// The night's time was over before it, or during it.
    case stopped
    /// The program's last line on standard error.
    case failed(String)
  }

  private struct Running {
    let job: TrainingJob
    let process: Process
  }

  /// - Throws: `InterruptionError` if the night is to stop; errors of starting a process.
  package func run(_ jobs: [TrainingJob], finished: (TrainingJob, Outcome) throws -> Void) throws {
    try AtomicFile.makeDirectory(directory)
    let clock = ContinuousClock()
    var (waiting, running) = (jobs[...], [Running]())
    var nextStart = clock.now
    defer { stop(&running) }
    while !(waiting.isEmpty && running.isEmpty) {
      if let error = interruption?.error { throw error }
      if clock.now >= deadline {
        stop(&running).forEach { waiting.insert($0, at: waiting.startIndex) }
        for job in waiting { try finished(job, isFinished(job) ? .finished : .stopped) }
        return
      }
      while running.count < slots, clock.now >= nextStart, let job = waiting.popFirst() {
        if isFinished(job) {
          try finished(job, .finished)
        } else if RunDirectory.isInUse(path(job)) {
          // A killed night's process still trains it.
          waiting.append(job)
          nextStart = clock.now + .seconds(1)
        } else {
          running.append(Running(job: job, process: try start(job)))
        }
      }
      let ended = running.filter { !$0.process.isRunning }
      running.removeAll { each in ended.contains { $0.process === each.process } }
      for done in ended { try finished(done.job, outcome(of: done)) }
      progress(
        "trainings  \(jobs.count - waiting.count - running.count)/\(jobs.count)  "
          + running.map(\.job.name).joined(separator: ", ") + "  " + timeLeft((deadline - clock.now).seconds))
      Thread.sleep(forTimeInterval: 0.05)
    }
  }

  /// True if an earlier part of the night has trained it.
  private func isFinished(_ job: TrainingJob) -> Bool {
    FileManager.default.fileExists(atPath: "\(path(job))/result.json")
  }

  /// A job's run directory.
  package func path(_ job: TrainingJob) -> String { "\(directory)/\(job.name)" }

  /// What a job's process writes on standard error.
  private func log(_ job: TrainingJob) -> String { path(job) + ".log" }

  private func start(_ job: TrainingJob) throws -> Process {
    try Process.started(
      ProgramIdentity.path, job.arguments + ["--threads", "1", "--quiet", "--json", "--out", path(job), "--resume"],
      log: log(job), keepsOutput: false)
  }

  /// Asks all to stop, and waits until they have; the jobs that were not over.
  @discardableResult
  private func stop(_ running: inout [Running]) -> [TrainingJob] {
    for each in running { each.process.terminate() }
    for each in running { each.process.waitUntilExit() }
    defer { running = [] }
    return running.map(\.job)
  }

  private func outcome(of done: Running) -> Outcome {
    guard done.process.terminationStatus != 0 else {
      try? FileManager.default.removeItem(atPath: log(done.job))
      return .finished
    }
    return .failed(lastLine(of: log(done.job)) ?? "exit code \(done.process.terminationStatus)")
  }
}

extension TrainingRecord {
  /// The networks of a job, as far as its run's directory tells of them.
  ///
  /// - Throws: `RunDirectoryError`
  static func records(of job: TrainingJob, in path: String) throws -> [TrainingRecord] {
    let run = try RunSummary(path)
    let discreteEpochs = run.run.discreteEpochs ?? run.run.experiment.discrete.epochs
    let realEpochs = run.run.realEpochs ?? run.run.experiment.real.epochs
    return job.networks.compactMap { network in
      let epochs = run.epochs(of: network)
      guard let last = epochs.last else { return nil }
      var record = TrainingRecord(
        experiment: job.experiment, architecture: "\(run.run.experiment.architecture)",
        weights: run.run.experiment.weights(of: network), network: network, seed: job.seed,
        epochs: network == .real ? realEpochs : discreteEpochs, realEpochs: realEpochs,
        command: job.commandLine(program: programInCheckout),
        curve: epochs.map {
          EpochPoint(
            epoch: $0.report.epoch, loss: $0.report.loss, trainingError: $0.report.trainingError,
            validationError: $0.report.validationError, stepScale: $0.report.stepScale,
            certainty: $0.certainty.flatMap { $0.isEmpty ? nil : $0 })
        }, result: run.results.first { $0.network == network }, peakMemory: last.peakMemory)
      record.data = job.data
      return record
    }
  }
}
