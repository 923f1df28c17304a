import Files
import Foundation
import Networks
import Tensors
import Training

extension RunDirectory {
  /// The run that a directory holds; nil if it holds none.
  ///
  /// - Throws: `RunDirectoryError`
  package static func record(in path: String) throws -> RunRecord? {
    let record: RunRecord? = try decoded(runName, in: path, expected: "a run's record")
    try record?.validate(from: "\(path)/\(runName)")
    return record
  }

  /// The run that a directory holds.
  ///
  /// - Throws: `RunDirectoryError`, also if the directory holds no run.
  package static func requiredRecord(in path: String) throws -> RunRecord {
    guard let record = try record(in: path) else {
      throw RunDirectoryError.missing(path: "\(path)/\(runName)", wanted: "a run's record")
    }
    return record
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

  /// Refuses a run that has results and no log.
  ///
  /// - Throws: `RunDirectoryError`
  static func requireLog(in path: String) throws(RunDirectoryError) {
    func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
    guard isThere(resultName), !isThere(logName) else { return }
    throw .missing(path: "\(path)/\(logName)", wanted: "the log of the run whose results are in \(resultName)")
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

  /// The file of a run's network, whether it is there or not.
  package static func networkFile(_ kind: NetworkKind, in path: String) -> String {
    "\(path)/\(SavedNetwork.fileName(kind))"
  }

  /// The trained networks of a run, in the order of training.
  ///
  /// - Throws: `RunDirectoryError` if a file is of another network than its name says; errors from reading the files.
  package static func networks(in path: String, on device: Device) throws -> [SavedNetwork] {
    try NetworkKind.allCases.compactMap { kind in
      let file = networkFile(kind, in: path)
      guard FileManager.default.fileExists(atPath: file) else { return nil }
      let saved = try SavedNetwork(reading: file, on: device)
      guard saved.result.network == kind else {
        throw RunDirectoryError.damaged(
          path: file, expected: "the network \(kind.rawValue)", found: saved.result.network.rawValue)
      }
      return saved
    }
  }

  /// The files of networks at a path: that file itself, or those in a run's directory, in the order of training.
  ///
  /// - Parameter wanted: the networks whose files are asked for, whether they are there or not; nil asks for those that are there.
  /// - Throws: `RunDirectoryError` if there is nothing at the path.
  package static func networkFiles(at path: String, of wanted: [NetworkKind]?) throws(RunDirectoryError) -> [String] {
    guard FileManager.default.fileExists(atPath: path) else {
      throw .missing(path: path, wanted: "a run's directory or a network's file")
    }
    guard isDirectory(path) else { return [path] }
    return NetworkKind.allCases.compactMap { kind in
      let file = networkFile(kind, in: path)
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
}
