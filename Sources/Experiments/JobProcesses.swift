import Files
import Foundation

/// Trains each job with one thread in a process of its own, which keeps the run in a directory and resumes it.
package struct JobProcesses: JobPlace {
  /// The directory of the runs' directories.
  private let directory: String
  private let program: String

  /// - Parameter program: the program to call for training.
  /// - Throws: `FileWriteError` if the directory cannot be made.
  package init(in directory: String, program: String = ProgramIdentity.path) throws {
    (self.directory, self.program) = (directory, program)
    try AtomicFile.makeDirectory(directory)
  }

  /// A job's run directory.
  package func path(_ job: TrainingJob) -> String { "\(directory)/\(job.name)" }

  package func isFinished(_ job: TrainingJob) -> Bool {
    FileManager.default.fileExists(atPath: "\(path(job))/result.json")
  }

  package func begin(_ job: TrainingJob) throws -> JobState {
    if RunDirectory.isInUse(path(job)) { return .inUse }
    let (log, options) = ("\(path(job)).log", ["--threads", "1", "--quiet", "--json", "--out", path(job), "--resume"])
    return .running(
      JobProcess(try .started(program, job.arguments + options, log: log, keepsOutput: false), log: log))
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
    switch process.terminationStatus {
    case 0:
      try? FileManager.default.removeItem(atPath: log)
      return .ended(.finished)
    case RunDirectoryError.inUseExitCode: return .inUse
    default: return .ended(.failed(lastLine(of: log) ?? "exit code \(process.terminationStatus)"))
    }
  }
}
