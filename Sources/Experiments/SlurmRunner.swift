import Files
import Foundation

/// Trains jobs as job arrays of Slurm: an array for all that start from nothing or from trained networks, and for each job that is not
/// yet trained an array of those that start from it, which depends on it.
///
/// What is trained is told by the run directories alone. What is neither trained nor waiting nor running is submitted again and goes on
/// from its last checkpoint. The names of the arrays say which jobs their tasks are, by files in the directory `slurm`, so that a
/// runner that was killed finds its tasks again.
package struct SlurmRunner {
  private let folder: RunFolder
  private let program: String
  private let options: Slurm.Options
  /// How often a job that stops without having advanced is submitted again.
  private let retries: Int
  private let interval: Duration
  private let interruption: Interruption?
  private let progress: (String) -> Void
  private let slurm = Slurm()

  /// How long Slurm may give no answer.
  private static let patience = Duration.seconds(600)
  /// How often in succession Slurm may refuse to take jobs.
  private static let refusals = 3

  /// - Parameters:
  ///   - folder: for the run directories; on a file system that the nodes share.
  ///   - interval: how often to look.
  /// - Throws: `FileWriteError`
  package init(
    _ folder: RunFolder, program: String = ProgramIdentity.path, _ options: Slurm.Options, retries: Int,
    interval: Duration, interruption: Interruption? = nil, progress: @escaping (String) -> Void = { _ in }
  ) throws {
    (self.folder, self.program, self.options, self.retries) = (folder, program, options, retries)
    (self.interval, self.interruption, self.progress) = (interval, interruption, progress)
    try AtomicFile.makeDirectory(submissions)
  }

  private var submissions: String { "\(folder.path)/slurm" }

  /// The submissions of a job so far.
  private struct Attempts {
    var count = 0
    /// How far the training was at the last one.
    var progress = ""
  }

  /// Trains jobs, each of which follows those it starts from.
  ///
  /// - Parameter ended: called with each job's outcome.
  /// - Throws: `SlurmError`, which leaves the tasks in Slurm's queue; after the tasks are cancelled, `InterruptionError` if the process is
  ///   asked to stop, and errors from `ended` and of files.
  package func run(_ jobs: [TrainingJob], ended: (TrainingJob, JobOutcome) throws -> Void) throws {
    var left = jobs
    do {
      try watch(&left, ended)
    } catch let error where !(error is SlurmError) {
      try cancel(left, after: error)
      throw error
    }
  }

  /// Watches and submits jobs until all have ended.
  ///
  /// - Parameter left: the jobs; those that have ended are removed.
  private func watch(_ left: inout [TrainingJob], _ ended: (TrainingJob, JobOutcome) throws -> Void) throws {
    let (clock, count) = (ContinuousClock(), left.count)
    var (failed, attempts) = (Set<String>(), [String: Attempts]())
    var (lastAnswer, refusals): (ContinuousClock.Instant?, Int) = (nil, 0)
    func tell(_ what: String) { progress("trainings  \(count - left.count)/\(count)  \(what)") }
    while true {
      if let error = interruption?.error { throw error }
      // The queue first: what ends afterwards is found trained.
      let queue: [String: Slurm.Task]
      do {
        queue = try tasks(of: left)
        lastAnswer = clock.now
      } catch let error as SlurmError where lastAnswer.map({ clock.now - $0 < Self.patience }) ?? false {
        // Slurm has answered before, so it may be that its controller is being started again.
        tell("\(error)")
        pause(clock)
        continue
      }
      // Looked at once: a job may end at any time.
      let finished = left.filter(folder.isFinished)
      for job in finished { try ended(job, .finished) }
      left.removeAll { job in finished.contains { $0.name == job.name } }
      for job in left where queue[job.name] == nil {
        if let outcome = job.outcome(ifFailed: failed) {
          failed.insert(job.name)
          try ended(job, outcome)
        } else if attempts[job.name, default: Attempts()].count > retries,
          folder.progress(of: job) == attempts[job.name]?.progress
        {
          failed.insert(job.name)
          try ended(job, .failed(lastLine(of: folder.log(job)) ?? "no task of Slurm finished it"))
        }
      }
      left.removeAll { failed.contains($0.name) }
      if left.isEmpty { return }
      do {
        try submit(left, queue, &attempts)
        refusals = 0
        tell("\(queue.count) waiting or running as tasks of Slurm")
      } catch let error as SlurmError where refusals < Self.refusals {
        // Such as a task that ended and was forgotten meanwhile, which another one should depend on.
        refusals += 1
        tell("\(error)")
      }
      pause(clock)
    }
  }

  private func pause(_ clock: ContinuousClock) {
    let end = clock.now + interval
    while clock.now < end, interruption?.error == nil { Thread.sleep(forTimeInterval: 0.1) }
  }

  // MARK: - Submitting

  /// Submits the jobs that are no tasks, of all that are not trained.
  private func submit(
    _ jobs: [TrainingJob], _ queue: [String: Slurm.Task], _ attempts: inout [String: Attempts]
  ) throws {
    let untrained = Set(jobs.map(\.name))
    var queue = queue
    var left = jobs.filter { queue[$0.name] == nil }
    /// What the job starts from, if that is still to be trained.
    func start(_ job: TrainingJob) -> String? { job.starts.first { untrained.contains($0.name) }?.name }
    while let first = left.first(where: { job in start(job).map { queue[$0] != nil } ?? true }) {
      let wanted = start(first)
      let group = Array(left.filter { start($0) == wanted }.prefix(Slurm.largestArray))
      for (job, task) in zip(group, try submit(group, after: wanted.flatMap { queue[$0] })) {
        queue[job.name] = task
        // A task that waits for another one may be cancelled without having run.
        guard wanted == nil else { continue }
        let progress = folder.progress(of: job)
        let before = attempts[job.name, default: Attempts()]
        attempts[job.name] = Attempts(count: before.progress == progress ? before.count + 1 : 1, progress: progress)
      }
      left.removeAll { job in group.contains { $0.name == job.name } }
    }
  }

  private func submit(_ group: [TrainingJob], after start: Slurm.Task?) throws -> [Slurm.Task] {
    let name = "\(prefix)\(UUID().uuidString.lowercased().prefix(8))"
    let (script, list) = ("\(submissions)/\(name).sh", "\(submissions)/\(name).json")
    try AtomicFile.write(Array(try encodeJSON(group.map(\.name)).utf8), to: list)
    try AtomicFile.write(Array(batchScript(group).utf8), to: script)
    let array = try slurm.submit(
      name, script: script, count: group.count, after: start,
      // Slurm replaces %a, and %% by a percent sign.
      output: "\(submissions.replacing("%", with: "%%"))/\(name)-%a.out", options)
    return group.indices.map { Slurm.Task(array: array, index: $0, name: name) }
  }

  /// The names of this folder's arrays begin with it.
  private var prefix: String {
    "signet-\(hexadecimal(sha256: URL(plainPath: folder.path).standardizedFileURL.path.utf8).prefix(8))-"
  }

  /// A script that becomes the program that trains one of the jobs, so that Slurm's signals reach it.
  package func batchScript(_ group: [TrainingJob]) -> String {
    let cases = group.enumerated().map { index, job in
      """
      \(index))
        exec > /dev/null 2> \(shellCommand([folder.log(job)]))
        exec \(shellCommand([program] + folder.arguments(job, threads: options.processors))) ;;
      """
    }
    return """
      #!/bin/sh
      case $SLURM_ARRAY_TASK_ID in
      \(cases.joined(separator: "\n"))
      esac

      """
  }

  // MARK: - Watching

  /// The tasks of jobs, by the jobs' names.
  private func tasks(of jobs: [TrainingJob]) throws -> [String: Slurm.Task] {
    let wanted = Set(jobs.map(\.name))
    var (found, lists): ([String: Slurm.Task], [String: [String]]) = ([:], [:])
    for task in try slurm.tasks(prefix: prefix) {
      let list = lists[task.name] ?? self.list(of: task.name)
      lists[task.name] = list
      if list.indices.contains(task.index), wanted.contains(list[task.index]) { found[list[task.index]] = task }
    }
    return found
  }

  /// The names of an array's jobs; none if its file is missing.
  private func list(of array: String) -> [String] {
    guard let bytes = try? Data(contentsOf: URL(plainPath: "\(submissions)/\(array).json")) else { return [] }
    return (try? JSONDecoder().decode([String].self, from: bytes)) ?? []
  }

  /// Cancels all tasks of jobs, and waits until they have ended; while Slurm does not answer, asks again.
  ///
  /// - Parameter cause: why they are cancelled.
  /// - Throws: `SlurmError`, which names the cause, too, if some tasks have not ended.
  private func cancel(_ jobs: [TrainingJob], after cause: any Error) throws {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(120)
    var (found, answer) = ("up to \(counted(jobs.count, "task", "tasks"))", "")
    while true {
      do {
        let tasks = try tasks(of: jobs)
        if tasks.isEmpty { return }
        (found, answer) = (counted(tasks.count, "task", "tasks"), "")
        try slurm.cancel(Array(tasks.values))
      } catch let error as SlurmError {
        // Such as a controller that is being started again, or a task that ended and was forgotten meanwhile.
        answer = "; \(error)"
        progress("cancelling tasks  \(error)")
      }
      guard clock.now < end else {
        throw SlurmError(
          command: "scancel", expected: "all tasks to end",
          found: "\(found) of the arrays \(prefix)* that may go on\(answer); \(cause)")
      }
      Thread.sleep(forTimeInterval: 1)
    }
  }
}
