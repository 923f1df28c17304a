import Files
import Foundation
import Tensors
import Training

/// A directory with a run directory for each of several jobs, and a file for what its process wrote to standard error.
package struct RunFolder {
  package let path: String
  /// The device that the jobs compute on, as `--device` names it.
  private let device: String

  /// - Throws: `FileWriteError` if the directory cannot be made.
  package init(_ path: String, device: String = Device.processorName) throws {
    (self.path, self.device) = (path, device)
    try AtomicFile.makeDirectory(path)
  }

  /// A job's run directory.
  package func path(_ job: TrainingJob) -> String { "\(path)/\(job.name)" }

  /// The file that holds what the job's process wrote to standard error.
  package func log(_ job: TrainingJob) -> String { "\(path(job)).log" }

  package func isFinished(_ job: TrainingJob) -> Bool {
    FileManager.default.fileExists(atPath: "\(path(job))/\(RunDirectory.resultName)")
  }

  /// The arguments with which `signet` trains a job in its run directory, or resumes it there.
  package func arguments(_ job: TrainingJob, threads: Int) -> [String] {
    job.arguments + job.starts.flatMap { ["--from", path($0)] }
      + (device == Device.processorName ? [] : ["--device", device]) + [
        "--threads", "\(threads)", "--quiet", "--json", "--out", path(job), "--resume",
      ]
  }

  /// A text that changes whenever the job's training advances: its last epoch and the date of its last checkpoint.
  func progress(of job: TrainingJob) -> String {
    let epoch = RunDirectory.lastEpoch(in: path(job))?.inWords ?? "begun"
    let facts = try? FileManager.default.attributesOfItem(atPath: "\(path(job))/\(RunDirectory.checkpointName)")
    return "\(epoch) \((facts?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)"
  }
}
