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
/// Files appear whole or not at all, except for the log: a resumed run drops an incomplete last line.
package final class RunDirectory {
  private let path: String
  private let logFile: FileHandle
  /// Holds the lock on the directory, which is released when the process ends.
  private let lock: FileHandle
  /// The networks trained so far.
  package let finished: [SavedNetwork]
  /// The state of the training of the next network.
  private var checkpoint: Checkpoint?
  /// One line that says that another program worked on the run before; nil if none did.
  package let otherProgramInWords: String?

  private static let runName = "run.json"
  static let resultName = "result.json"
  private static let logName = "log.jsonl"
  static let checkpointName = "checkpoint.safetensors"

  private func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Creates the directory if it is missing, or resumes the run that it holds.
  ///
  /// - Parameter resume: whether to resume the run if the directory holds one; it need not.
  /// - Throws: `FileWriteError` if the directory cannot be created or written to; `RunDirectoryError` if it already
  ///   holds a run or, when resuming, a different one; errors from its files.
  package init(_ path: String, _ record: RunRecord, resume: Bool, on device: Device) throws {
    self.path = path
    try AtomicFile.makeDirectory(path)
    lock = try Self.lock(path)
    let held = try Self.record(in: path)
    let hasLog = FileManager.default.fileExists(atPath: "\(path)/\(Self.logName)")
    if !resume && (held != nil || hasLog) {
      throw RunDirectoryError.holdsRun(path: "\(path)/\(held == nil ? Self.logName : Self.runName)")
    }
    Self.removeRemnants(in: path)
    if let held {
      let differences = try record.differences(from: held)
      guard differences.isEmpty else {
        throw RunDirectoryError.otherRun(path: "\(path)/\(Self.runName)", differences)
      }
      let saved = try Self.networks(in: path, on: device)
      let last = "\(path)/\(Self.checkpointName)"
      let checkpoint =
        FileManager.default.fileExists(atPath: last) ? try Checkpoint(reading: last, on: device) : nil
      finished = saved
      // A network's file appears before its last checkpoint is removed.
      self.checkpoint = checkpoint.flatMap { last in
        saved.contains { $0.result.network == last.network.kind } ? nil : last
      }
    } else {
      (finished, checkpoint) = ([], nil)
      try Self.write(try encodeJSON(record), to: "\(path)/\(Self.runName)")
    }
    logFile = try Self.openLog("\(path)/\(Self.logName)", keepingUpTo: checkpoint, finished.map(\.result.network))
    if let held, let other = try Self.lastProgram(of: held, in: path), other != record.program {
      let traces = other.traces != nil && other.traces == record.tracesSHA256 ? "are the same" : "cannot be compared"
      otherProgramInWords = "\(record.program) continues a run of \(other); the golden traces of both \(traces)"
      try log(.program(record.program))
    } else {
      otherProgramInWords = nil
    }
    if let checkpoint {
      try log(.resumed(network: checkpoint.network.kind, epoch: checkpoint.epoch, step: checkpoint.step))
    }
  }

  /// The programs that resumed a run that another one had begun, in their order.
  private static func laterPrograms(in path: String) throws -> [ProgramIdentity] {
    try log(in: path).compactMap { if case .program(let program) = $0 { program } else { nil } }
  }

  /// All programs that worked on a run, the one that began it first.
  static func programs(of run: RunRecord, in path: String) throws -> [ProgramIdentity] {
    [run.program] + (try laterPrograms(in: path))
  }

  /// The versions of all programs that worked on a run.
  package static func versions(of run: RunRecord, in path: String) throws -> Set<String> {
    Set(try programs(of: run, in: path).map(\.signet))
  }

  /// The program that last resumed a run, or else the one that began it.
  private static func lastProgram(of run: RunRecord, in path: String) throws -> ProgramIdentity? {
    try laterPrograms(in: path).last ?? run.program
  }

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

  /// True if another process is using the directory.
  package static func isInUse(_ path: String) -> Bool {
    do {
      _ = try lock(path)
      return false
    } catch RunDirectoryError.inUse {
      return true
    } catch {
      return false
    }
  }

  /// Removes the files that killed processes were writing.
  private static func removeRemnants(in path: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where name.hasPrefix(".") && name.hasSuffix(".partial") {
      try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
  }

  /// The run that a directory holds; nil if it holds none.
  ///
  /// - Throws: `RunDirectoryError`
  package static func record(in path: String) throws -> RunRecord? {
    try decoded(runName, in: path, expected: "a run's record")
  }

  /// The results of a run; nil if it has not ended.
  ///
  /// - Throws: `RunDirectoryError`
  package static func report(in path: String) throws -> ReproductionReport? {
    try decoded(resultName, in: path, expected: "a run's results")
  }

  /// What a file of a run says in JSON; nil if there is no such file.
  private static func decoded<Value: Decodable>(_ name: String, in path: String, expected: String) throws -> Value? {
    let file = "\(path)/\(name)"
    guard let bytes = try contents(file) else { return nil }
    do {
      return try JSONDecoder().decode(Value.self, from: bytes)
    } catch {
      throw RunDirectoryError.damaged(path: file, expected: expected, found: whatDoesNotDecode(error))
    }
  }

  /// Refuses a directory that holds a run on other data.
  ///
  /// - Throws: `RunDirectoryError`
  package static func requireData(_ files: [DataFile], in path: String) throws {
    guard let run = try record(in: path), let other = DataDifference(recorded: run.data, expected: files) else {
      return
    }
    throw RunDirectoryError.otherRun(
      path: "\(path)/\(runName)",
      [FieldDifference(field: "data.\(other.file)", first: other.recorded, second: other.expected)])
  }

  /// A file's bytes; nil if there is no such file.
  private static func contents(_ file: String) throws -> Data? {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    do {
      return try Data(contentsOf: URL(plainPath: file))
    } catch {
      throw RunDirectoryError.unreadable(path: file, reason: reason(of: error))
    }
  }

  /// The trained networks of a run, in the order of training.
  package static func networks(in path: String, on device: Device) throws -> [SavedNetwork] {
    try NetworkKind.allCases.map { "\(path)/\(SavedNetwork.fileName($0))" }
      .filter { FileManager.default.fileExists(atPath: $0) }
      .map { try SavedNetwork(reading: $0, on: device) }
  }

  /// The files of networks at a path: that file itself, or those in a run's directory, in the order of training.
  ///
  /// - Parameter wanted: the networks whose files are asked for, whether they are there or not; nil asks for those that are there.
  /// - Throws: `RunDirectoryError` if there is nothing at the path.
  package static func networkFiles(at path: String, of wanted: [NetworkKind]?) throws(RunDirectoryError) -> [String] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .missing(path: path, wanted: "a run's directory or a network's file")
    }
    guard isDirectory.boolValue else { return [path] }
    return NetworkKind.allCases.compactMap { kind in
      let file = "\(path)/\(SavedNetwork.fileName(kind))"
      let isThere = FileManager.default.fileExists(atPath: file)
      return wanted.map { $0.contains(kind) } ?? isThere ? file : nil
    }
  }

  /// The lines of a run's log; a last line without an end was never whole and is left out.
  ///
  /// - Throws: `RunDirectoryError` if a line is not a log line.
  package static func log(in path: String) throws -> [LogLine] {
    let file = "\(path)/\(logName)"
    guard let bytes = try contents(file) else { return [] }
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    lines.removeLast()
    return try lines.enumerated().map { number, line in
      do {
        return try JSONDecoder().decode(LogLine.self, from: Data(line))
      } catch {
        throw RunDirectoryError.damaged(
          path: "\(file), line \(number + 1)", expected: "a log line",
          found: "\(String(decoding: line.prefix(60), as: UTF8.self))")
      }
    }
  }

  /// The last epoch in a run's log, looked for at the log's end only; nil if there is none.
  static func lastEpoch(in path: String) -> EpochReport? {
    guard let file = FileHandle(forReadingAtPath: "\(path)/\(logName)"), let size = try? file.seekToEnd() else {
      return nil
    }
    try? file.seek(toOffset: size - min(size, 1 << 20))
    let newline = UInt8(ascii: "\n")
    var rest = (try? file.readToEnd()) ?? Data()
    while let end = rest.lastIndex(of: newline) {
      rest = rest[..<end]
      let line = rest[(rest.lastIndex(of: newline).map { $0 + 1 } ?? rest.startIndex)...]
      if case .epoch(let epoch)? = try? JSONDecoder().decode(LogLine.self, from: line) { return epoch.report }
    }
    return nil
  }

  /// Opens the log for appending, and drops the epochs after the checkpoint: they will be trained again.
  private static func openLog(
    _ path: String, keepingUpTo checkpoint: Checkpoint?, _ finished: [NetworkKind]
  ) throws -> FileHandle {
    let folder = URL(plainPath: path).deletingLastPathComponent().path
    let kept = try log(in: folder).filter { line in
      switch line {
      case .epoch(let epoch):
        let network = epoch.report.network
        return finished.contains(network)
          || checkpoint?.network.kind == network && epoch.report.epoch <= (checkpoint?.epoch ?? 0)
      case .network(let result): return finished.contains(result.network)
      case .program: return true
      case .resumed(let network, _, _): return finished.contains(network) || network == checkpoint?.network.kind
      }
    }
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

  /// Saves the state of the training.
  package func keep(_ checkpoint: Checkpoint) throws { try checkpoint.write(to: file(Self.checkpointName)) }

  /// Writes a trained network to its own file, and removes the checkpoint of its training.
  package func save(_ network: SavedNetwork) throws {
    try network.write(to: file(SavedNetwork.fileName(network.result.network)))
    try? FileManager.default.removeItem(atPath: file(Self.checkpointName))
    try log(.network(network.result))
  }

  /// Writes `result.json`.
  package func finish(_ report: ReproductionReport) throws {
    try Self.write(try report.json(), to: file(Self.resultName))
  }

  private static func write(_ text: String, to path: String) throws(FileWriteError) {
    try AtomicFile.write(Array((text.isEmpty || text.hasSuffix("\n") ? text : text + "\n").utf8), to: path)
  }
}

/// What is wrong with a file's JSON, in a few words.
func whatDoesNotDecode(_ error: any Error) -> String {
  func place(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
  return switch error {
  case DecodingError.keyNotFound(let key, let context): "no \(place(context.codingPath + [key]))"
  case DecodingError.valueNotFound(_, let context), DecodingError.typeMismatch(_, let context),
    DecodingError.dataCorrupted(let context):
    context.codingPath.isEmpty ? "something else" : "an invalid value for \(place(context.codingPath))"
  default: reason(of: error)
  }
}
