import BuildInformation
import Files
import Foundation
import Training

/// The records of a sweep: one JSON object per line, each flushed to disk before the next network is trained.
///
/// Several sweeps may use one file at the same time: each holds a lock only while it reads or adds records, and no
/// network is added twice.
package struct ResultsFile {
  package let path: String

  package init(path: String) { self.path = path }

  /// The beginning of every line that this program writes.
  private static let beginning = #"{"experiment":"#

  package var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// Creates the file if it is missing, and checks that it can be read and written.
  ///
  /// - Throws: `ResultsFileError`
  package func prepare() throws { try withFile(O_RDWR | O_CREAT | O_APPEND, LOCK_SH) { _ in } }

  /// The records, each network once; a last line that a killed process left unfinished is left out.
  ///
  /// - Throws: `ResultsFileError` that names the line that is not a record, or the two lines that contradict each other.
  package func records() throws -> [Sweep.Record] {
    try withFile(O_RDONLY, LOCK_SH) { try Contents(try read($0), path).records }
  }

  /// Adds a line, and flushes it to disk; if the file has the same network already, nothing is added.
  ///
  /// - Parameter source: where the record comes from, in words.
  /// - Returns: true if the line was added.
  /// - Throws: `ResultsFileError`, also if the file's result contradicts the record.
  @discardableResult
  package func append(_ record: Sweep.Record, from source: String = "this training") throws -> Bool {
    try withFile(O_RDWR | O_CREAT | O_APPEND, LOCK_EX) { file in
      let contents = try Contents(try read(file), path)
      if let (other, line) = contents.entry(like: record) {
        guard record.hasSameOutcome(as: other) else {
          throw ResultsFileError.otherResult(
            places: "\(path), line \(line), and \(source)", results: (other.result, record.result))
        }
        return false
      }
      do {
        if contents.end < contents.size { try file.truncate(atOffset: UInt64(contents.end)) }
        let line = (contents.lacksLineEnd ? "\n" : "") + (try encodeLine(record)) + "\n"
        try file.write(contentsOf: Data(line.utf8))
        try file.synchronize()
        return true
      } catch {
        throw ResultsFileError.cannotUse(path: path, reason: reason(of: error))
      }
    }
  }

  private func withFile<Result>(_ flags: Int32, _ lock: Int32, _ body: (FileHandle) throws -> Result) throws -> Result {
    let descriptor = open(path, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      let refusal = reason(ofErrno: errno)
      throw flags == O_RDONLY
        ? ResultsFileError.cannotRead(path: path, reason: refusal) : .cannotUse(path: path, reason: refusal)
    }
    // Closing releases the lock. On file systems without locks, the file is used without one.
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    while flock(descriptor, lock) != 0 && errno == EINTR {}
    return try withExtendedLifetime(file) { try body(file) }
  }

  private func read(_ file: FileHandle) throws -> Data {
    do {
      return try file.readToEnd() ?? Data()
    } catch {
      throw ResultsFileError.cannotRead(path: path, reason: reason(of: error))
    }
  }

  /// The contents of a results file.
  private struct Contents {
    private(set) var records: [Sweep.Record] = []
    /// The number of bytes, and of those before an unfinished last line.
    let size: Int
    private(set) var end = 0
    /// True if the last record has no line end, as an editor may leave it.
    private(set) var lacksLineEnd = false
    private let path: String
    /// Each record and its line, by the network's identity.
    private var known: [String: (record: Sweep.Record, line: Int)] = [:]

    init(_ data: Data, _ path: String) throws {
      self.path = path
      size = data.count
      var parts = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let last = parts.removeLast()
      var lines = 0
      for part in parts {
        lines += 1
        end += part.count + 1
        guard !part.isEmpty else { continue }
        guard let record = try Self.record(part, path, lines) else {
          throw ResultsFileError.notARecord(path: path, line: lines)
        }
        try add(record, line: lines)
      }
      guard !last.isEmpty else { return }
      if let record = try Self.record(last, path, lines + 1) {
        (end, lacksLineEnd) = (size, true)
        try add(record, line: lines + 1)
      } else if !Self.isUnfinished(last) {
        throw ResultsFileError.notARecord(path: path, line: lines + 1)
      }
    }

    private static func record(_ line: Data, _ path: String, _ number: Int) throws -> Sweep.Record? {
      if let form = try? JSONDecoder().decode(Form.self, from: line), let version = form.version,
        version > Sweep.Record.version
      {
        throw ResultsFileError.unknownVersion(path: path, line: number, version: version)
      }
      guard let record = try? JSONDecoder().decode(Sweep.Record.self, from: line), record.isConsistent else {
        return nil
      }
      return record
    }

    /// Whether a line without its end is the beginning of one that this program was writing, and not another or a changed line.
    private static func isUnfinished(_ line: Data) -> Bool {
      zip(line, ResultsFile.beginning.utf8).allSatisfy(==) && (try? JSONSerialization.jsonObject(with: line)) == nil
    }

    /// What a line of any form has.
    private struct Form: Decodable { let version: Int? }

    /// The record of the same network, and its line; nil if there is none.
    func entry(like record: Sweep.Record) -> (record: Sweep.Record, line: Int)? {
      record.origin.flatMap { known[$0.identity] }
    }

    private mutating func add(_ record: Sweep.Record, line: Int) throws {
      if let (other, otherLine) = entry(like: record) {
        guard record.hasSameOutcome(as: other) else {
          throw ResultsFileError.contradiction(
            places: "\(path), lines \(otherLine) and \(line)", results: (other.result, record.result))
        }
        return
      }
      if let identity = record.origin?.identity { known[identity] = (record, line) }
      records.append(record)
    }
  }
}

/// The records of a file that a report may show side by side: those of this version that say what they depend on,
/// except for experiments with results on several data sets in the file.
package struct ReportedResults {
  package let records: [Sweep.Record]
  /// One line that says which records are left out; nil if none are.
  package let remark: String?

  /// - Throws: `ResultsFileError`
  package init(_ path: String) throws {
    let version = BuildInformation.version
    let records = try ResultsFile(path: path).records()
    let known = records.filter { $0.origin?.signet == version }
    let several = Set(
      Dictionary(grouping: known, by: \.experiment).filter { _, records in
        Set(records.map { $0.origin?.data.map(\.sha256) }).count > 1
      }.keys)
    var found: [String] = []
    if known.count < records.count {
      found.append("\(records.count - known.count) of another version or that do not say what they depend on")
    }
    if !several.isEmpty { found.append("several data sets of \(several.sorted().joined(separator: ", "))") }
    remark =
      found.isEmpty
      ? nil
      : "\(path): expected results of signet \(version) on one data set, found "
        + "\(found.joined(separator: ", ")); they are left out"
    self.records = known.filter { !several.contains($0.experiment) }
  }
}

/// Why a file of results could not be used.
package enum ResultsFileError: Error, CustomStringConvertible {
  /// The system refused to read the file.
  case cannotRead(path: String, reason: String)
  /// The system refused to add to the file.
  case cannotUse(path: String, reason: String)
  case notARecord(path: String, line: Int)
  /// A line of a form that a newer program wrote.
  case unknownVersion(path: String, line: Int, version: Int)
  /// Two lines, or two files, with other results of the same network.
  case contradiction(places: String, results: (NetworkResult, NetworkResult))
  /// A result that was to be added to a file, which has another one of the same network.
  case otherResult(places: String, results: (NetworkResult, NetworkResult))

  /// True if the system refused, and not the file's contents.
  package var isInputOutput: Bool {
    switch self {
    case .cannotRead, .cannotUse: true
    default: false
    }
  }

  /// True if the file is good, and only this result cannot be added to it.
  package var isOfOneResult: Bool {
    if case .otherResult = self { true } else { false }
  }

  package var description: String {
    switch self {
    case .cannotRead(let path, let reason): "\(path): expected to read, found: \(reason)"
    case .cannotUse(let path, let reason): "\(path): expected to read and write, found: \(reason)"
    case .notARecord(let path, let line):
      "\(path), line \(line): expected a complete record of a sweep, found something else"
    case .unknownVersion(let path, let line, let version):
      "\(path), line \(line): expected a record of version 1 or \(Sweep.Record.version), found version \(version)"
    case .contradiction(let places, let results), .otherResult(let places, let results):
      "\(places): expected the same result for the same network, found "
        + (results.0.parametersSHA256 == results.1.parametersSHA256
          ? "\(results.0.errorsInWords) and \(results.1.errorsInWords)"
          : "\(results.0.parametersSHA256.prefix(12))… and \(results.1.parametersSHA256.prefix(12))…")
    }
  }
}
