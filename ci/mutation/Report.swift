import Foundation

/// The results of the chosen mutants.
struct Report {
  let results: [Result]
  let accepted: [String: String]

  var killed: [Result] { results.filter(\.isKilled) }
  /// The survivors that are not accepted.
  var survivors: [Result] { results.filter { $0.verdict == .survived && accepted[$0.id] == nil } }
  var acceptedSurvivors: [Result] { results.filter { $0.verdict == .survived && accepted[$0.id] != nil } }
  /// The percentage of killed mutants among those that were killed or survived without being accepted.
  var score: Double {
    let counted = killed.count + survivors.count
    return counted == 0 ? 0 : 100 * Double(killed.count) / Double(counted)
  }

  func table(_ title: String, by key: (Result) -> String) -> String {
    func row(_ name: String, _ part: [Result]) -> String {
      let report = Report(results: part, accepted: accepted)
      let counts = [
        report.killed.count, report.survivors.count, report.acceptedSurvivors.count,
        part.count { $0.verdict == .invalid },
      ]
      return name.padding(toLength: 22, withPad: " ", startingAt: 0)
        + counts.map { String(repeating: " ", count: 10 - "\($0)".count) + "\($0)" }.joined()
    }
    let heads = ["killed", "survived", "accepted", "invalid"].map { String(repeating: " ", count: 10 - $0.count) + $0 }
    let parts = Dictionary(grouping: results, by: key).sorted { $0.key < $1.key }
    return
      ([title.padding(toLength: 22, withPad: " ", startingAt: 0) + heads.joined()] + parts.map(row) + [
        row("all", results)
      ]).joined(separator: "\n")
  }

  var text: String {
    var parts = [table("module") { $0.module }, table("rule") { $0.rule }]
    if !acceptedSurvivors.isEmpty {
      parts.append(
        "accepted survivors:\n\n"
          + acceptedSurvivors.map { "\($0.difference)\n  \(accepted[$0.id] ?? "")" }.joined(separator: "\n\n"))
    }
    if !survivors.isEmpty { parts.append("survivors:\n\n" + survivors.map(\.difference).joined(separator: "\n\n")) }
    let times = results.map(\.seconds)
    let mean = times.isEmpty ? 0 : times.reduce(0, +) / Double(times.count)
    parts.append(
      String(
        format: "score %.1f %%: %d killed of %d that count; %.1f s a mutant", score, killed.count,
        killed.count + survivors.count, mean))
    return parts.joined(separator: "\n\n")
  }

  var json: String {
    struct Summary: Encodable {
      let score: Double
      let killed, survived, accepted: Int
      let results: [Result]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let summary = Summary(
      score: score, killed: killed.count, survived: survivors.count, accepted: acceptedSurvivors.count,
      results: results)
    return (try? encoder.encode(summary)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
