import Files
import Foundation
import Training

/// The directory in which the nights keep their history:
///
///     nights/<name>/night.json          what a night found (`Night`), from its beginning on
///     nights/<name>/runs/<run>/         its trainings, as `signet reproduce --out` keeps them; of the newest nights
///     nights/<name>/report.html, .md    the report as of that night
///     report.html, report.md            the newest report
package struct ResultsFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// The directory of a night.
  package func directory(of night: String) -> String { "\(path)/nights/\(night)" }

  /// A name for a night that begins at `date`, or in the first second after it that no other has.
  package func newName(at date: Date) -> String {
    var moment = date
    while true {
      let name = moment.formatted(.iso8601).replacing(":", with: "-")
      if !FileManager.default.fileExists(atPath: directory(of: name)) { return name }
      moment += 1
    }
  }

  /// The names of all nights, oldest first.
  package var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/nights")) ?? []).sorted()
      .filter { FileManager.default.fileExists(atPath: file($0)) }
  }

  /// All nights, oldest first; those that were cut short, too.
  ///
  /// - Throws: `BenchmarkFileError` if a night's file is damaged or of a newer form.
  package func nights() throws(BenchmarkFileError) -> [Night] {
    var nights: [Night] = []
    for name in names { nights.append(try night(name)) }
    return nights
  }

  /// The night of that name.
  ///
  /// - Throws: `BenchmarkFileError`
  package func night(_ name: String) throws(BenchmarkFileError) -> Night {
    struct Head: Decodable { let version: Int }
    guard let data = FileManager.default.contents(atPath: file(name)) else {
      throw BenchmarkFileError(path: file(name), expected: "a night's record", found: "none")
    }
    if let head = try? JSONDecoder().decode(Head.self, from: data), head.version != Night.version {
      throw BenchmarkFileError(path: file(name), expected: "version \(Night.version)", found: "version \(head.version)")
    }
    do {
      return try JSONDecoder().decode(Night.self, from: data)
    } catch {
      throw BenchmarkFileError(path: file(name), expected: "a night's record", found: "\(error)")
    }
  }

  /// Writes a night's record, whole or not at all.
  ///
  /// - Throws: `FileWriteError`, and `EncodingError` of a number that is not finite.
  package func write(_ night: Night) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let bytes = try Array(encoder.encode(night)) + [UInt8(ascii: "\n")]
    try AtomicFile.write(bytes, to: file(night.name), makingDirectories: true)
  }

  /// Removes the runs' directories (networks, logs: some 100 MB a night) of all but the newest nights. Records and reports stay.
  package func removeRuns(keeping count: Int) {
    for name in names.dropLast(count) {
      try? FileManager.default.removeItem(atPath: "\(directory(of: name))/runs")
    }
  }

  /// Writes a report beside its night and as the newest.
  ///
  /// - Returns: the path of the newest.
  /// - Throws: `FileWriteError`
  package func write(_ report: Report, of night: String) throws(FileWriteError) -> String {
    for (name, text) in [("report.html", report.html()), ("report.md", report.markdown())] {
      for folder in [directory(of: night), path] {
        try AtomicFile.write(Array(text.utf8), to: "\(folder)/\(name)", makingDirectories: true)
      }
    }
    return "\(path)/report.html"
  }

  private func file(_ name: String) -> String { "\(directory(of: name))/night.json" }
}

extension [Night] {
  /// The newest night that is finished and good, before the one of that name.
  package func lastGood(before name: String) -> Night? { last { $0.name < name && $0.isFinished && $0.isGood } }
}
