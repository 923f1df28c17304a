import Files
import Foundation

/// The records of a sweep: one JSON object per line, each flushed to disk before the next network is trained.
///
/// Several sweeps may use one file at the same time: each holds a lock only while it reads or adds records, and no
/// network is added twice. Whoever adds a record waits for the lock as long as another process holds it; whoever reads
/// waits for a while.
package struct ResultsFile {
  package let path: String
  /// How long another process may hold the lock before that is told, or is an error.
  private let patience: Duration
  private let told: (String) -> Void

  /// - Parameter told: called with a line that says what is waited for, once in each wait that goes on after a while.
  package init(path: String, patience: Duration = .seconds(60), told: @escaping (String) -> Void = { _ in }) {
    (self.path, self.patience, self.told) = (path, patience, told)
  }

  /// The beginning of every line that this program writes.
  private static let beginning = #"{"experiment":"#

  /// Whether the file is there. If it is, records can be added to it only if it is a regular file.
  ///
  /// - Throws: `FileWriteError.notRegular`
  package func isThere() throws(FileWriteError) -> Bool {
    try AtomicFile.requireRegular(path)
    return FileManager.default.fileExists(atPath: path)
  }

  /// Creates the file if it is missing, and checks that it can be read and written.
  ///
  /// - Throws: `ResultsFileError`, `FileWriteError.notRegular`
  package func prepare() throws { try withFile(O_RDWR | O_CREAT | O_APPEND, LOCK_SH) { _ in } }

  /// The records, each network once; a last line that a killed process left unfinished is left out.
  ///
  /// - Parameter waiting: whether to wait for the lock as long as another process holds it.
  /// - Throws: `ResultsFileError` that names the line that is not a record, or the two lines that contradict each other.
  package func records(waiting: Bool = false) throws -> [Sweep.Record] {
    try withFile(O_RDONLY, LOCK_SH, waiting: waiting) { try Contents(try read($0), path).records }
  }

  /// Adds a line, and flushes it to disk; if the file has the same network already, nothing is added.
  ///
  /// - Parameters:
  ///   - source: where the record comes from, in words.
  ///   - interruption: what ends the waiting for the lock; nil if only the end of the process does.
  /// - Returns: true if the line was added.
  /// - Throws: `ResultsFileError`, also if the file's result contradicts the record; `FileWriteError.notRegular`; `InterruptionError` if
  ///   the process is asked to stop while it waits.
  @discardableResult
  package func append(
    _ record: Sweep.Record, from source: String = "this training", until interruption: Interruption? = nil
  ) throws -> Bool {
    try withFile(O_RDWR | O_CREAT | O_APPEND, LOCK_EX, waiting: true, until: interruption) { file in
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

  private func withFile<Result>(
    _ flags: Int32, _ lock: Int32, waiting: Bool = false, until interruption: Interruption? = nil,
    _ body: (FileHandle) throws -> Result
  ) throws -> Result {
    // A pipe can be read, but opening one to read and write would wait for ever; what a device is given, it does not keep.
    if flags != O_RDONLY { try AtomicFile.requireRegular(path) }
    func refusal(_ reason: String) -> ResultsFileError {
      flags == O_RDONLY ? .cannotRead(path: path, reason: reason) : .cannotUse(path: path, reason: reason)
    }
    let descriptor = open(path, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw refusal(reason(ofErrno: errno)) }
    // Closing releases the lock.
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let end = ContinuousClock.now + patience
    var isTold = false
    while !takeLock(on: descriptor, lock) {
      if let error = interruption?.error { throw error }
      if !isTold && ContinuousClock.now >= end {
        guard waiting else { throw refusal("another process keeps it locked") }
        told("\(path): another process keeps it locked; this one waits until it is free")
        isTold = true
      }
      Thread.sleep(forTimeInterval: 0.005)
    }
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
      let known = [nil, Sweep.Record.version]
      guard let record = try? JSONDecoder().decode(Sweep.Record.self, from: line), known.contains(record.version),
        record.isConsistent
      else { return nil }
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
