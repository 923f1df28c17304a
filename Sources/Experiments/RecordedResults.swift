import Files
import Foundation

/// The records of several results files, each network once, however many of the files have it.
package struct RecordedResults {
  package let records: [Sweep.Record]
  /// The files that were read, and how many of each one's records do not say what they depend on; those are left out.
  package let files: [(path: String, withoutOrigin: Int)]

  /// - Parameter paths: results files, or directories whose `.jsonl` files are results files.
  /// - Throws: `ResultsFileError`, also if two files contradict each other or a directory has no results file.
  package init(_ paths: [String]) throws {
    var known: [String: (record: Sweep.Record, path: String)] = [:]
    var (records, files): ([Sweep.Record], [(path: String, withoutOrigin: Int)]) = ([], [])
    for path in try paths.flatMap(Self.files) {
      let found = try ResultsFile(path: path).records()
      files.append((path, found.count { $0.origin == nil }))
      for record in found {
        guard let identity = record.origin?.identity else { continue }
        if let (other, otherPath) = known[identity] {
          guard record.hasSameOutcome(as: other) else {
            throw ResultsFileError.contradiction(
              places: "\(otherPath) and \(path)", results: (other.result, record.result))
          }
          continue
        }
        known[identity] = (record, path)
        records.append(record)
      }
    }
    (self.records, self.files) = (records, files)
  }

  private static func files(at path: String) throws -> [String] {
    guard isDirectory(path) else { return [path] }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw ResultsFileError.cannotRead(path: path, reason: reason(of: error))
    }
    let files = names.filter { $0.hasSuffix(".jsonl") }.sorted().map { "\(path)/\($0)" }
    guard !files.isEmpty else {
      throw ResultsFileError.cannotRead(path: path, reason: "no file whose name ends in .jsonl")
    }
    return files
  }
}
