import Files
import Foundation
import Training

/// The records of a sweep: a JSON object a line, each flushed to disk before the next network is trained.
final class ResultsFile {
  private let path: String
  /// What the file held when it was opened.
  let records: [Sweep.Record]
  private let file: FileHandle

  /// Opens the file, or makes it.
  ///
  /// - Throws: `ResultsFileError` naming the line that is no record.
  init(path: String) throws {
    self.path = path
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND, 0o644)
    guard descriptor >= 0 else {
      throw ResultsFileError.cannotUse(path: path, reason: String(cString: strerror(errno)))
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var data: Data
    do {
      data = try file.readToEnd() ?? Data()
      // A line that a killed process left unfinished: its network will be trained again.
      if let end = data.lastIndex(of: UInt8(ascii: "\n")).map({ $0 + 1 }) ?? (data.isEmpty ? nil : 0), end < data.count
      {
        try file.truncate(atOffset: UInt64(end))
        data = data.prefix(end)
      }
    } catch {
      throw ResultsFileError.cannotUse(path: path, reason: reason(of: error))
    }
    records = try Self.records(data, path)
  }

  /// The records of a file that another process may be adding to.
  ///
  /// - Throws: `ResultsFileError`
  static func records(in path: String) throws -> [Sweep.Record] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ResultsFileError.cannotUse(path: path, reason: "no readable file")
    }
    return try records(data.prefix(upTo: data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0), path)
  }

  private static func records(_ lines: Data, _ path: String) throws -> [Sweep.Record] {
    try lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true).enumerated().map { index, line in
      guard let record = try? JSONDecoder().decode(Sweep.Record.self, from: line) else {
        throw ResultsFileError.notARecord(path: path, line: index + 1)
      }
      return record
    }
  }

  /// Adds a line, and flushes it to disk.
  func append(_ record: Sweep.Record) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      try file.write(contentsOf: try encoder.encode(record) + Data("\n".utf8))
      try file.synchronize()
    } catch {
      throw ResultsFileError.cannotUse(path: path, reason: reason(of: error))
    }
  }
}

/// Why a file of results could not be used.
enum ResultsFileError: Error, CustomStringConvertible {
  case cannotUse(path: String, reason: String)
  case notARecord(path: String, line: Int)

  /// True if the system refused, and not the file's contents.
  var isInputOutput: Bool {
    if case .cannotUse = self { true } else { false }
  }

  var description: String {
    switch self {
    case .cannotUse(let path, let reason): "\(path): expected to read and write, found: \(reason)"
    case .notARecord(let path, let line):
      "\(path), line \(line): expected a whole record of a sweep, found something else"
    }
  }
}
