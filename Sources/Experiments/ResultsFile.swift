import BuildInformation
import Files
import Foundation
import Training

/// The records of a sweep: a JSON object a line, each flushed to disk before the next network is trained.
///
/// Several sweeps may use one file at the same time: each reads and adds under a lock that it holds for no longer than that,
/// and no network is added twice.
package struct ResultsFile {
  package let path: String

  package init(path: String) { self.path = path }

  /// What the lines of ours begin with.
  private static let beginning = #"{"experiment":"#

  /// Makes the file if it is missing, and sees that it can be read and written.
  ///
  /// - Throws: `ResultsFileError`
  package func prepare() throws { try withFile(O_RDWR | O_CREAT | O_APPEND, LOCK_SH) { _ in } }

  /// The records, each network once; a last line that a killed process left unfinished is left out.
  ///
  /// - Throws: `ResultsFileError` naming the line that is no record, or two that contradict each other.
  package func records() throws -> [Sweep.Record] {
    try withFile(O_RDONLY, LOCK_SH) { try Contents(try read($0), path).records }
  }

  /// Adds a line, and flushes it to disk; if another sweep has added the same network meanwhile, nothing is added.
  ///
  /// - Throws: `ResultsFileError`, also if what the other sweep found contradicts the record.
  package func append(_ record: Sweep.Record) throws {
    try withFile(O_RDWR | O_CREAT | O_APPEND, LOCK_EX) { file in
      var contents = try Contents(try read(file), path)
      guard try contents.add(record, line: contents.lines + 1) else { return }
      do {
        if contents.end < contents.size { try file.truncate(atOffset: UInt64(contents.end)) }
        let line = (contents.lacksLineEnd ? "\n" : "") + (try encodeLine(record)) + "\n"
        try file.write(contentsOf: Data(line.utf8))
        try file.synchronize()
      } catch {
        throw ResultsFileError.cannotUse(path: path, reason: reason(of: error))
      }
    }
  }

  private func withFile<Result>(_ flags: Int32, _ lock: Int32, _ body: (FileHandle) throws -> Result) throws -> Result {
    let descriptor = open(path, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw ResultsFileError.cannotUse(path: path, reason: reason(ofErrno: errno))
    }
    // Closing lets go of the lock. File systems that have no locks are used without.
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    while flock(descriptor, lock) != 0 && errno == EINTR {}
    return try withExtendedLifetime(file) { try body(file) }
  }

  private func read(_ file: FileHandle) throws -> Data {
    do {
      return try file.readToEnd() ?? Data()
    } catch {
      throw ResultsFileError.cannotUse(path: path, reason: reason(of: error))
    }
  }

  /// What a file holds.
  private struct Contents {
    private(set) var records: [Sweep.Record] = []
    /// Whole lines.
    private(set) var lines = 0
    /// Bytes, and those of them before an unfinished last line.
    let size: Int
    private(set) var end = 0
    /// True if the last record has no line end, as an editor may leave it.
    private(set) var lacksLineEnd = false
    private let path: String
    /// By the network's identity, the record and its line.
    private var known: [String: (record: Sweep.Record, line: Int)] = [:]

    init(_ data: Data, _ path: String) throws {
      self.path = path
      size = data.count
      var parts = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let last = parts.removeLast()
      for part in parts {
        lines += 1
        end += part.count + 1
        guard !part.isEmpty else { continue }
        guard let record = Self.record(part) else { throw ResultsFileError.notARecord(path: path, line: lines) }
        _ = try add(record, line: lines)
      }
      guard !last.isEmpty else { return }
      if let record = Self.record(last) {
        (lines, end, lacksLineEnd) = (lines + 1, size, true)
        _ = try add(record, line: lines)
      } else if !zip(last, ResultsFile.beginning.utf8).allSatisfy(==) {
        throw ResultsFileError.notARecord(path: path, line: lines + 1)
      }
    }

    private static func record(_ line: Data) -> Sweep.Record? {
      guard let record = try? JSONDecoder().decode(Sweep.Record.self, from: line), record.isConsistent else {
        return nil
      }
      return record
    }

    /// Takes a record; false if the network is there already.
    mutating func add(_ record: Sweep.Record, line: Int) throws -> Bool {
      guard let identity = record.origin?.identity else {
        records.append(record)
        return true
      }
      if let (other, otherLine) = known[identity] {
        guard record.hasSameOutcome(as: other) else {
          throw ResultsFileError.contradiction(
            path: path, lines: (otherLine, line),
            digests: (other.result.parametersSHA256, record.result.parametersSHA256))
        }
        return false
      }
      known[identity] = (record, line)
      records.append(record)
      return true
    }
  }
}

/// The records of a file that are for a report, which shows networks side by side: those of this version that say what they are of, and none
/// of an experiment of which the file holds results of several data sets.
package struct ReportedResults {
  package let records: [Sweep.Record]
  /// One line that says what is left out; nil if nothing is.
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
      found.append("\(records.count - known.count) of another version or that do not say what they are of")
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
  case cannotUse(path: String, reason: String)
  case notARecord(path: String, line: Int)
  case contradiction(path: String, lines: (Int, Int), digests: (String, String))

  /// True if the system refused, and not the file's contents.
  package var isInputOutput: Bool {
    if case .cannotUse = self { true } else { false }
  }

  package var description: String {
    switch self {
    case .cannotUse(let path, let reason): "\(path): expected to read and write, found: \(reason)"
    case .notARecord(let path, let line):
      "\(path), line \(line): expected a whole record of a sweep, found something else"
    case .contradiction(let path, let lines, let digests):
      "\(path), lines \(lines.0) and \(lines.1): expected the same result of the same network, found "
        + "\(digests.0.prefix(12))… and \(digests.1.prefix(12))…"
    }
  }
}
