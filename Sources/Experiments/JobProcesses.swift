import Files
import Foundation

/// Trains each job with one thread in a process of its own, which keeps the run in a directory and resumes it. The process also ends, with a
/// checkpoint, when the one that began it is gone.
package struct JobProcesses: JobPlace {
  private let folder: RunFolder
  private let program: String

  /// - Parameter program: the program to call for training; it becomes the training, whose parent is this process.
  /// - Throws: `FileWriteError` if the directory cannot be made.
  package init(in directory: String, program: String = ProgramIdentity.path) throws {
    self.init(in: try RunFolder(directory), program: program)
  }

  package init(in folder: RunFolder, program: String = ProgramIdentity.path) {
    (self.folder, self.program) = (folder, program)
  }

  /// A job's run directory.
  package func path(_ job: TrainingJob) -> String { folder.path(job) }

  package func isFinished(_ job: TrainingJob) -> Bool { folder.isFinished(job) }

  package func inWords(_ job: TrainingJob) -> String {
    job.name + (RunDirectory.lastEpoch(in: path(job)).map { " (\($0.inWords))" } ?? "")
  }

  package func begin(_ job: TrainingJob) throws -> JobState {
    if RunDirectory.isInUse(path(job)) { return .inUse }
    let log = folder.log(job)
    do {
      let process = try Process.started(
        program, folder.arguments(job, threads: 1), log: log,
        environment: [Self.beginnerVariable: "\(getpid()) \(path(job))"], keepsOutput: false)
      return .running(JobProcess(process, log: log))
    } catch let error as ProgramStartError {
      return .ended(.failed("\(error)"))
    }
  }

  /// The environment variable that names the process that began a training, which is its parent, and the training's run directory:
  /// `PROCESS PATH`. A program that has inherited the variable, but keeps its run elsewhere, ignores it.
  private static let beginnerVariable = "SIGNET_PARENT"

  /// The parent of this process, if it began the training in a run directory as one of its jobs; nil otherwise.
  static func beginner(ofTrainingIn path: String) -> pid_t? {
    let words = ProcessInfo.processInfo.environment[beginnerVariable]?.split(separator: " ", maxSplits: 1) ?? []
    return words.last.map(String.init) == path ? pid_t(words[0]) : nil
  }
}

/// A process that trains a job.
package struct JobProcess {
  private let process: Process
  /// The file that holds what the process wrote to standard error.
  private let log: String

  fileprivate init(_ process: Process, log: String) { (self.process, self.log) = (process, log) }

  var isRunning: Bool { process.isRunning }
  func terminate() { process.terminate() }
  func waitUntilExit() { process.waitUntilExit() }

  /// The job's state after the process has ended.
  var outcome: JobState {
    let status = process.terminationStatus
    switch (process.terminationReason, status) {
    case (.exit, 0):
      try? FileManager.default.removeItem(atPath: log)
      return .ended(.finished)
    case (.exit, RunDirectoryError.inUseExitCode): return .inUse
    case (.exit, _): return .ended(.failed(lastLine(of: log) ?? "exit code \(status)"))
    default: return .ended(.failed("ended by signal \(status)" + (lastLine(of: log).map { ": \($0)" } ?? "")))
    }
  }
}
