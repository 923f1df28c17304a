import Foundation

enum Verdict: String, Codable {
  case killedByTest = "killed-by-test"
  case killedByTimeout = "killed-by-timeout"
  case survived
  /// No suite comes by; counts as survived.
  case notReached = "not-reached"
  /// The mutant does not compile, and does not count.
  case invalid

  var isKill: Bool { self == .killedByTest || self == .killedByTimeout }
  var isSurvival: Bool { self == .survived || self == .notReached }
}

/// A line of the results file.
struct Result: Codable {
  let id, file: String
  let line: Int
  let rule, before, after: String
  let verdict: Verdict
  /// The suites of which one failed or timed out.
  let suite: String?
  /// The first test that failed, or the compiler's error.
  let detail: String?
  let seconds: Double
  /// The hash of the source file; if the text changes, the result is void.
  let source: String
  /// The hash of all tests; if they change, a survivor's result is void.
  let tests: String

  init(
    _ mutant: Mutant, verdict: Verdict, suite: String?, detail: String?, seconds: Double, source: String, tests: String
  ) {
    (id, file, line, rule) = (mutant.id, mutant.file, mutant.line, mutant.rule)
    (before, after) = (mutant.before, mutant.after)
    (self.verdict, self.suite, self.detail, self.seconds) = (verdict, suite, detail, seconds)
    (self.source, self.tests) = (source, tests)
  }

  var module: String { String(file.split(separator: "/")[1]) }
  var difference: String { diff(id, "\(file):\(line)", rule, before, after) }
}

/// The results file: one JSON object per line, added when a mutant ends; the last one with an id counts.
struct Results {
  let path: String

  func read() -> [Result] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    // Lines that an interruption cut short are left out.
    return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Result.self, from: Data($0.utf8)) }
  }

  func append(_ result: Result) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    guard let file = FileHandle(forUpdatingAtPath: path) else { throw Failure("cannot write \(path)") }
    let end = try file.seekToEnd()
    if end > 0 {
      try file.seek(toOffset: end - 1)
      if try file.read(upToCount: 1) != Data("\n".utf8) { try file.write(contentsOf: Data("\n".utf8)) }
    }
    try file.write(contentsOf: try encoder.encode(result) + Data("\n".utf8))
    try file.close()
  }

  /// The results that are still valid, by id.
  func valid(for sources: [Source], tests: String?) -> [String: Result] {
    let hashes = Dictionary(uniqueKeysWithValues: sources.map { ($0.path, $0.hash) })
    return Dictionary(
      read().filter {
        hashes[$0.file] == $0.source && (!$0.verdict.isSurvival || tests == nil || $0.tests == tests)
      }.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
  }
}

/// Accepted survivors, which change nothing that a test could notice: lines of the form `- ID: why` in a Markdown file.
func accepted(in path: String) -> [String: String] {
  let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
    guard let match = line.wholeMatch(of: /- `?([0-9a-f]+)`?(?: [^:]*)?: (.+)/) else { return nil }
    return (String(match.1), String(match.2))
  }
  return Dictionary(pairs, uniquingKeysWith: { $1 })
}
