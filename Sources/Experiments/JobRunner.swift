import Files
import Foundation

/// Trains the jobs of a sweep, of the results suite or of a night, in order, until all are trained or a deadline has passed.
package struct JobRunner {
  private let place: any JobPlace
  private let slots: Int
  private let deadline: ContinuousClock.Instant?
  private let interruption: Interruption?
  private let progress: (String) -> Void

  /// - Parameters:
  ///   - place: where the jobs are trained.
  ///   - slots: how many jobs to train at the same time, if the place can train several.
  ///   - deadline: when to stop jobs that are still running.
  ///   - progress: called with a line that says which jobs are running, which one is waited for, and how much time is left.
  package init(
    _ place: any JobPlace, slots: Int = 1, deadline: ContinuousClock.Instant? = nil, interruption: Interruption? = nil,
    progress: @escaping (String) -> Void = { _ in }
  ) {
    (self.place, self.slots, self.deadline) = (place, slots, deadline)
    (self.interruption, self.progress) = (interruption, progress)
  }

  /// Trains jobs.
  ///
  /// - Parameter ended: called with each job's outcome.
  /// - Throws: `InterruptionError` if the process is asked to stop; errors from the place and from `ended`.
  package func run(_ jobs: [TrainingJob], ended: (TrainingJob, JobOutcome) throws -> Void = { _, _ in }) throws {
    let clock = ContinuousClock()
    var (waiting, running) = (jobs, [(job: TrainingJob, process: JobProcess)]())
    var (nextStart, nextProgress) = (clock.now, clock.now)
    /// The names of the jobs that are waiting or running, and of those that failed.
    var (unfinished, failed) = (Set(jobs.map(\.name)), Set<String>())
    /// The name of the job that was last found in use; nil if it has begun or ended since.
    var inUse: String?
    func take(_ job: TrainingJob, _ state: JobState) throws {
      if inUse == job.name { inUse = nil }
      switch state {
      case .running(let process): running.append((job, process))
      case .ended(let outcome):
        unfinished.remove(job.name)
        if case .failed = outcome { failed.insert(job.name) }
        try ended(job, outcome)
      case .inUse:
        waiting.append(job)
        inUse = job.name
        nextStart = clock.now + .seconds(1)
      }
    }
    defer { Self.stop(running) }
    /// True if all that the job starts from is trained, or never will be.
    func isReady(_ job: TrainingJob) -> Bool { job.starts.allSatisfy { !unfinished.contains($0.name) } }
    while !(waiting.isEmpty && running.isEmpty) {
      if let error = interruption?.error { throw error }
      if let deadline, clock.now >= deadline {
        for job in Self.stop(running) + waiting { try ended(job, place.isFinished(job) ? .finished : .stopped) }
        return
      }
      while running.count < slots, clock.now >= nextStart, let next = waiting.firstIndex(where: isReady) {
        let job = waiting.remove(at: next)
        if let outcome = job.outcome(ifFailed: failed) {
          try take(job, .ended(outcome))
        } else {
          try take(job, place.isFinished(job) ? .ended(.finished) : try place.begin(job))
        }
      }
      for index in running.indices.reversed() where !running[index].process.isRunning {
        let (job, process) = running.remove(at: index)
        try take(job, process.outcome)
      }
      if clock.now >= nextProgress {
        var words = running.map { place.inWords($0.job) }
        if let inUse { words.append("waiting for \(inUse), which another process uses") }
        progress(
          "trainings  \(jobs.count - waiting.count - running.count)/\(jobs.count)  " + words.joined(separator: ", ")
            + (deadline.map { "  " + timeLeft(($0 - clock.now) / .seconds(1)) } ?? ""))
        nextProgress = clock.now + .milliseconds(200)
      }
      if !running.isEmpty || clock.now < nextStart { Thread.sleep(forTimeInterval: 0.05) }
    }
  }

  /// Asks all jobs that are still running to stop, waits until they have, and returns all jobs.
  @discardableResult
  private static func stop(_ running: [(job: TrainingJob, process: JobProcess)]) -> [TrainingJob] {
    for each in running where each.process.isRunning { each.process.terminate() }
    for each in running { each.process.waitUntilExit() }
    return running.map(\.job)
  }
}

/// Where jobs are trained.
package protocol JobPlace {
  /// True if nothing of the job is left to train.
  func isFinished(_ job: TrainingJob) -> Bool
  /// Begins a job, or trains it to its end.
  func begin(_ job: TrainingJob) throws -> JobState
  /// A running job's name, and how far its training is, if that is known.
  func inWords(_ job: TrainingJob) -> String
}

extension JobPlace {
  package func inWords(_ job: TrainingJob) -> String { job.name }
}

/// The state of a job.
package enum JobState {
  /// Another process trains it.
  case inUse
  case running(JobProcess)
  case ended(JobOutcome)
}

/// The outcome of a job.
package enum JobOutcome: Equatable {
  case finished
  /// The deadline passed before the job began, or while it was running.
  case stopped
  /// The last line that the job's process printed, or why it ended without one or was not started.
  case failed(String)
}

extension TrainingJob {
  /// The outcome of a job that starts from one that failed; nil if it starts from none of those with these names.
  func outcome(ifFailed failed: Set<String>) -> JobOutcome? {
    starts.first { failed.contains($0.name) }.map { .failed("\($0.name), which it starts from, was not trained") }
  }
}
