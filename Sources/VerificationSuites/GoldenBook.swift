import Datasets
import Files
import Foundation
import Golden
import Training
import Verification

/// A golden that is our own output, as nothing independent can provide it.
package struct OwnGolden: Sendable {
  /// The path within the folder, such as `traces/digits.json`.
  package let name: String
  /// The files beside it in the folder that it is computed from.
  let inputs: [String]
  /// Computes the golden as it would be today.
  let render: @Sendable () throws -> String
  /// The differences between the golden file and today's that a person should look at, one per line.
  let differences: @Sendable (_ golden: String, _ found: String) throws -> [String]

  /// - Parameter differences: compares the files at two paths, and throws `GoldenError` if one is damaged.
  package init(
    _ name: String, from inputs: [String] = [], render: @escaping @Sendable () throws -> String,
    differences: @escaping @Sendable (_ golden: String, _ found: String) throws -> [String] = fileDifferences
  ) {
    self.name = name
    self.inputs = inputs
    self.render = render
    self.differences = differences
  }
}

/// A checkout's folder of goldens, and the only way to change those that are our own: pending, review, accept.
package struct GoldenBook: Sendable {
  package enum State: String, Sendable, Encodable {
    case unchanged, changed
    /// Never accepted.
    case new
  }

  /// One line of `accepted.jsonl`.
  private struct Acceptance: Codable {
    let golden, reason, sha256, version: String
  }

  package let folder: String
  package let goldens: [OwnGolden]
  private let version: String

  /// - Parameters:
  ///   - folder: a checkout's `Golden`.
  ///   - goldens: all goldens that are our own.
  ///   - version: the program's version, which acceptances name.
  package init(folder: String, goldens: [OwnGolden], version: String) {
    (self.folder, self.goldens, self.version) = (folder, goldens, version)
  }

  private var logPath: String { "\(folder)/accepted.jsonl" }
  private func path(_ name: String) -> String { "\(folder)/\(name)" }
  private func pendingPath(_ name: String) -> String { "\(folder)/.pending/\(name)" }

  /// The golden with this name.
  ///
  /// - Throws: `GoldenError` if there is none, or an oracle writes it.
  package func golden(_ name: String) throws -> OwnGolden {
    if let golden = goldens.first(where: { $0.name == name }) { return golden }
    if oracleGoldens.contains(name) {
      throw GoldenError(name, "a golden that is our own output", "one that ci/refresh-oracle writes")
    }
    throw GoldenError(name, "one of \(goldens.map(\.name).joined(separator: ", "))", "none of that name")
  }

  /// Computes a golden again. If the result differs, it is kept as pending; otherwise nothing remains pending.
  ///
  /// - Throws: errors from computing the golden; `FileWriteError`
  package func renew(_ golden: OwnGolden) throws -> State {
    let found = Data(try golden.render().utf8)
    let (path, pending) = (path(golden.name), pendingPath(golden.name))
    if FileManager.default.contents(atPath: path) == found {
      try? FileManager.default.removeItem(atPath: pending)
      return .unchanged
    }
    try write(Array(found), to: pending)
    return FileManager.default.fileExists(atPath: path) ? .changed : .new
  }

  /// Computes goldens again, or all of them if none are named, and returns the state of each by name.
  ///
  /// - Parameter progress: called before each golden is computed, with its number from 1, the number of goldens, and
  ///   the golden.
  package func renew(_ names: [String], progress: (Int, Int, OwnGolden) -> Void) throws -> [String: State] {
    let goldens = names.isEmpty ? goldens : try names.map(golden)
    var states: [String: State] = [:]
    for (index, golden) in goldens.enumerated() {
      progress(index + 1, goldens.count, golden)
      states[golden.name] = try renew(golden)
    }
    return states
  }

  /// The names of the goldens that are waiting for review.
  package var pending: [String] {
    goldens.map(\.name).filter { FileManager.default.fileExists(atPath: pendingPath($0)) }
  }

  /// The differences in a pending golden.
  ///
  /// - Throws: `GoldenError` if nothing is pending or a file is damaged.
  package func review(_ golden: OwnGolden) throws -> [String] {
    let found = try pendingBytes(golden)
    guard FileManager.default.fileExists(atPath: path(golden.name)) else {
      return ["new, \(found.count { $0 == UInt8(ascii: "\n") }) lines"]
    }
    return try golden.differences(path(golden.name), pendingPath(golden.name))
  }

  /// Puts a pending golden in its place, and records the reason in a line of its own after those that the log has.
  ///
  /// - Throws: `GoldenError` if nothing is pending, or if that or the log cannot be read; `FileWriteError`
  package func accept(_ golden: OwnGolden, reason: String) throws {
    let found = try pendingBytes(golden)
    let entry = Acceptance(
      golden: golden.name, reason: reason, sha256: hexadecimal(sha256: found), version: version)
    let log: [UInt8] =
      try FileManager.default.fileExists(atPath: logPath) ? Array(GoldenError.contents(of: logPath)) : []
    let lineEnd = log.isEmpty || log.last == UInt8(ascii: "\n") ? "" : "\n"
    // The log comes first: `problems` reports a golden whose digest is not that of its last entry.
    try write(log + Array("\(lineEnd)\(encodeLine(entry))\n".utf8), to: logPath)
    try write(found, to: path(golden.name))
    try? FileManager.default.removeItem(atPath: pendingPath(golden.name))
  }

  private func pendingBytes(_ golden: OwnGolden) throws(GoldenError) -> [UInt8] {
    let path = pendingPath(golden.name)
    guard FileManager.default.fileExists(atPath: path) else {
      throw GoldenError(golden.name, "a pending change (signet golden pending)", "none")
    }
    return Array(try GoldenError.contents(of: path))
  }

  private func write(_ bytes: [UInt8], to path: String) throws(FileWriteError) {
    try AtomicFile.write(bytes, to: path, makingDirectories: true)
  }

  /// The files that the oracles write.
  private var oracleGoldens: [String] { OperationSuite.goldens + SignSuite.goldens }

  /// One line for each file that no suite knows, each golden that is missing, and each golden of our own that was not
  /// written by `accept`.
  ///
  /// - Throws: `GoldenError` if the folder or its log cannot be read.
  package func problems() throws -> [String] {
    let known = Set(goldens.map(\.name) + goldens.flatMap(\.inputs) + oracleGoldens)
    var found: Set<String> = []
    for part in ["help", "ops", "reports", "results", "sign", "traces"] {
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)") else {
        throw GoldenError("\(folder)/\(part)", "a folder", "none", isInputOutput: true)
      }
      found.formUnion(names.filter { !$0.hasPrefix(".") }.map { "\(part)/\($0)" })
    }
    if FileManager.default.fileExists(atPath: path("tolerances.json")) { found.insert("tolerances.json") }
    let accepted = try acceptedDigests()
    return found.subtracting(known).sorted().map { "\($0): an orphan, which no suite reads" }
      + known.subtracting(found).sorted().map { "\($0): missing" }
      + goldens.map(\.name).filter(found.contains).compactMap { name in
        let digest = (try? Data(contentsOf: URL(plainPath: path(name)))).map { hexadecimal(sha256: $0) }
        return digest == accepted[name] ? nil : "\(name): differs from what was accepted (accepted.jsonl)"
      }
  }

  private func acceptedDigests() throws -> [String: String] {
    var digests: [String: String] = [:]
    for (number, line) in try GoldenError.contents(of: logPath).split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let entry = try? JSONDecoder().decode(Acceptance.self, from: line) else {
        let text = String(decoding: line, as: UTF8.self)
        throw GoldenError("\(logPath), line \(number + 1)", "an acceptance", String(text.prefix(80)))
      }
      digests[entry.golden] = entry.sha256
    }
    return digests
  }
}

/// The lines that are in only one of two files, in order.
///
/// - Throws: `GoldenError` if one cannot be read.
@Sendable package func fileDifferences(_ golden: String, _ found: String) throws -> [String] {
  func text(_ path: String) throws -> String { String(decoding: try GoldenError.contents(of: path), as: UTF8.self) }
  return lineDifferences(try text(golden), try text(found))
}

/// The lines that are in only one of two texts, in order.
package func lineDifferences(_ golden: String, _ found: String) -> [String] {
  let (old, new) = (golden.components(separatedBy: "\n"), found.components(separatedBy: "\n"))
  return new.difference(from: old).sorted { place($0) < place($1) }.map { change in
    switch change {
    case .remove(_, let line, _): "- \(line)"
    case .insert(_, let line, _): "+ \(line)"
    }
  }
}

/// The sort key of a change: lines removed at a place come before the lines added there.
private func place(_ change: CollectionDifference<String>.Change) -> (Int, Int) {
  switch change {
  case .remove(let offset, _, _): (offset, 0)
  case .insert(let offset, _, _): (offset, 1)
  }
}
