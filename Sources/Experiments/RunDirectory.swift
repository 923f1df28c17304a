import Files
import Foundation
import Networks
import Tensors
import Training

/// The directory of one run:
///
///     run.json                    what determines the result, and the host (`RunRecord`)
///     log.jsonl                   a line per epoch and per network (`LogLine`)
///     checkpoint.safetensors      the state of the training (`Checkpoint`); removed when it is done
///     <network>.safetensors       each trained network
///     result.json                 what `--json` prints, at the end
///
/// Files appear whole or not at all, except for the log: a resumed run drops an incomplete last line. None is written into another
/// directory that has got the name of the run's own.
package final class RunDirectory {
  let path: String
  private let logFile: FileHandle
  /// Holds the lock on the directory, which is released when the process ends.
  private let lock: FileHandle
  /// The networks trained so far.
  package let finished: [SavedNetwork]
  /// The state of the training of the next network.
  private var checkpoint: Checkpoint?
  /// Whether the directory held the run before, and the log does not say yet where this process continued it.
  private var isContinued: Bool
  /// One line that says that another program worked on the run before; nil if none did.
  package let otherProgramInWords: String?

  package static let runName = "run.json"
  static let resultName = "result.json"
  static let logName = "log.jsonl"
  static let checkpointName = "checkpoint.safetensors"
  /// The names of a run's files beside its record.
  private static let names = [logName, resultName, checkpointName] + NetworkKind.allCases.map(SavedNetwork.fileName)

  private func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Creates the directory if it is missing, or resumes the run that it holds.
  ///
  /// - Parameter resume: whether to resume the run if the directory holds one; it need not.
  /// - Throws: `FileWriteError` if the directory cannot be created or written to; `RunDirectoryError` if it already
  ///   holds a run or, when resuming, a different one, or files that are not the run's; errors from its files.
  package init(_ path: String, _ record: RunRecord, resume: Bool, on device: Device) throws {
    self.path = path
    try AtomicFile.makeDirectory(path)
    lock = try Self.lock(path)
    let held = try Self.record(in: path)
    isContinued = held != nil
    if held != nil && !resume { throw RunDirectoryError.holdsRun(path: "\(path)/\(Self.runName)") }
    if held == nil, let file = Self.firstFile(in: path) { throw RunDirectoryError.withoutRecord(path: file) }
    if let held {
      let differences = try record.differences(from: held)
      guard differences.isEmpty else {
        throw RunDirectoryError.otherRun(path: "\(path)/\(Self.runName)", differences)
      }
      let saved = try Self.networks(in: path, on: device)
      for network in saved {
        try held.require(network, from: Self.networkFile(network.result.network, in: path))
      }
      let last = "\(path)/\(Self.checkpointName)"
      let checkpoint =
        FileManager.default.fileExists(atPath: last) ? try Checkpoint(reading: last, on: device) : nil
      if let checkpoint { try held.require(checkpoint, from: last) }
      finished = saved
      // A network's file appears before its last checkpoint is removed.
      self.checkpoint = checkpoint.flatMap { last in
        saved.contains { $0.result.network == last.network.kind } ? nil : last
      }
    } else {
      (finished, checkpoint) = ([], nil)
      try Self.write(try encodeJSON(record), to: "\(path)/\(Self.runName)")
    }
    Self.removeRemnants(of: [Self.runName] + (held == nil ? [] : Self.names), in: path)
    logFile = try Self.openLog("\(path)/\(Self.logName)", keepingUpTo: checkpoint, finished.map(\.result))
    if let held, let other = try Self.lastProgram(of: held, in: path), other != record.program {
      let traces = other.traces != nil && other.traces == record.tracesSHA256 ? "are the same" : "cannot be compared"
      otherProgramInWords = "\(record.program) continues a run of \(other); the golden traces of both \(traces)"
      try log(.program(record.program))
    } else {
      otherProgramInWords = nil
    }
  }

  /// The versions of all programs that worked on a run.
  package static func versions(of run: RunRecord, in path: String) throws -> Set<String> {
    Set(([run.program] + (try log(in: path).laterPrograms)).map(\.signet))
  }

  /// The program that last resumed a run, or else the one that began it.
  private static func lastProgram(of run: RunRecord, in path: String) throws -> ProgramIdentity? {
    try log(in: path).laterPrograms.last ?? run.program
  }

  deinit { releaseLock(on: lock.fileDescriptor) }

  /// - Throws: `RunDirectoryError` if another process is using the directory.
  private static func lock(_ path: String) throws -> FileHandle {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileWriteError.cannotWrite(path: path, errno: errno)
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard takeLock(on: descriptor) else { throw RunDirectoryError.inUse(path: path) }
    return handle
  }

  /// Returns the checkpoint of the network after the finished ones, once only: the directory then drops it from memory.
  package func takeCheckpoint() -> Checkpoint? {
    defer { checkpoint = nil }
    return checkpoint
  }

  /// The first file of a run in a directory, other than its record; nil if there is none.
  private static func firstFile(in path: String) -> String? {
    names.map { "\(path)/\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
  }

  /// Whether a path is that of one of a run's own files in a run's directory, whether the file is there yet or not.
  package static func isOwn(_ path: String) -> Bool {
    let (folder, name) = (URL(plainPath: path).deletingLastPathComponent().path, URL(plainPath: path).lastPathComponent)
    return (names + [runName]).contains(name) && FileManager.default.fileExists(atPath: "\(folder)/\(runName)")
  }

  /// True if another process is using the directory.
  package static func isInUse(_ path: String) -> Bool {
    do {
      releaseLock(on: try lock(path).fileDescriptor)
      return false
    } catch RunDirectoryError.inUse {
      return true
    } catch {
      return false
    }
  }

  /// Removes what killed processes had written of files with these names.
  private static func removeRemnants(of names: [String], in path: String) {
    for file in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where names.contains(where: { AtomicFile.isTemporary(file, of: $0) }) {
      try? FileManager.default.removeItem(atPath: "\(path)/\(file)")
    }
  }

  /// Opens the log for appending, and drops the epochs after the checkpoint: they will be trained again.
  private static func openLog(
    _ path: String, keepingUpTo checkpoint: Checkpoint?, _ results: [NetworkResult]
  ) throws -> FileHandle {
    let folder = URL(plainPath: path).deletingLastPathComponent().path
    let finished = results.map(\.network)
    var kept = try log(in: folder).filter { line in
      switch line {
      case .epoch(let epoch):
        let network = epoch.report.network
        return finished.contains(network)
          || checkpoint?.network.kind == network && epoch.report.epoch <= (checkpoint?.epoch ?? 0)
      case .network(let result): return finished.contains(result.network)
      case .program, .resumed: return true
      }
    }
    // A program that was killed after it had written a network's file has not logged the network.
    let logged = kept.results.map(\.network)
    kept += results.filter { !logged.contains($0.network) }.map { .network($0) }
    try write(try kept.map { try encodeLine($0) + "\n" }.joined(), to: path)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileWriteError.cannotWrite(path: path, errno: errno)
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Adds a line to `log.jsonl`, and flushes it to disk.
  package func log(_ line: LogLine) throws {
    do {
      try logFile.write(contentsOf: Data((try encodeLine(line) + "\n").utf8))
      try logFile.synchronize()
    } catch {
      throw FileWriteError.cannotWrite(path: file(Self.logName), reason: reason(of: error))
    }
  }

  /// Logs that a run that the directory held goes on with this training, if it is the first one of this process.
  package func logResumption(with run: borrowing TrainingRun<Float>) throws {
    guard isContinued else { return }
    isContinued = false
    try log(.resumed(network: run.network.kind, epoch: run.epochsDone, step: run.stepsDone))
  }

  /// Requires that the path still leads to the directory whose lock this process holds, and to no other one of that name.
  ///
  /// - Throws: `RunDirectoryError.replaced`
  private func requireOwn() throws(RunDirectoryError) {
    var (own, found) = (stat(), stat())
    // Where there is nothing, nothing can be written.
    guard fstat(lock.fileDescriptor, &own) == 0, stat(path, &found) == 0 else { return }
    guard own.st_dev == found.st_dev && own.st_ino == found.st_ino else { throw .replaced(path: path) }
  }

  /// Saves the state of the training.
  ///
  /// - Throws: `RunDirectoryError.replaced`; errors from writing the file.
  package func keep(_ checkpoint: Checkpoint) throws {
    try requireOwn()
    try checkpoint.write(to: file(Self.checkpointName))
  }

  /// Writes a trained network to its own file, and removes the checkpoint of its training.
  ///
  /// - Throws: `RunDirectoryError.replaced`; errors from writing files.
  package func save(_ network: SavedNetwork) throws {
    try requireOwn()
    try network.write(to: Self.networkFile(network.result.network, in: path))
    try? FileManager.default.removeItem(atPath: file(Self.checkpointName))
    try log(.network(network.result))
  }

  /// Writes `result.json`.
  ///
  /// - Throws: `RunDirectoryError.replaced`; `FileWriteError`.
  package func finish(_ report: ReproductionReport) throws {
    try requireOwn()
    try Self.write(try report.json(), to: file(Self.resultName))
  }

  private static func write(_ text: String, to path: String) throws(FileWriteError) {
    try AtomicFile.write(Array((text.isEmpty || text.hasSuffix("\n") ? text : text + "\n").utf8), to: path)
  }
}
