import Foundation

/// The results of the chosen mutants.
struct Report {
  let results: [Result]
  let accepted: [String: String]

  var killed: [Result] { results.filter(\.verdict.isKill) }
  /// The survivors that are not accepted, those that no suite reaches included.
  var survivors: [Result] { results.filter { $0.verdict.isSurvival && accepted[$0.id] == nil } }
  var acceptedSurvivors: [Result] { results.filter { $0.verdict.isSurvival && accepted[$0.id] != nil } }
  /// The percentage of killed mutants among those that were killed or survived without being accepted; nil if there are none.
  var score: Double? {
    let counted = killed.count + survivors.count
    return counted == 0 ? nil : 100 * Double(killed.count) / Double(counted)
  }

  var modules: [String: Report] {
    Dictionary(grouping: results, by: \.module).mapValues { Report(results: $0, accepted: accepted) }
  }

  /// The modules that score less than `target` percent.
  func modules(below target: Double) -> [String] {
    modules.filter { $0.value.score.map { $0 < target } ?? false }.keys.sorted()
  }

  private static let columns: [(head: String, value: @Sendable (Report) -> String)] = [
    ("mutants", { "\($0.killed.count + $0.survivors.count + $0.acceptedSurvivors.count)" }),
    ("killed", { "\($0.killed.count)" }),
    ("by time", { report in "\(report.results.count { $0.verdict == .killedByTimeout })" }),
    ("survived", { report in "\(report.survivors.count { $0.verdict == .survived })" }),
    ("not reached", { report in "\(report.survivors.count { $0.verdict == .notReached })" }),
    ("explained", { "\($0.acceptedSurvivors.count)" }),
    ("score", { report in report.score.map { String(format: "%.1f %%", $0) } ?? "–" }),
  ]

  private func rows(by key: (Result) -> String) -> [(name: String, cells: [String])] {
    let parts = Dictionary(grouping: results, by: key).sorted { $0.key < $1.key }
    return (parts.map { ($0.key, Report(results: $0.value, accepted: accepted)) } + [("all", self)]).map {
      name, report in
      (name, Self.columns.map { $0.value(report) })
    }
  }

  func table(_ title: String, by key: (Result) -> String) -> String {
    let heads = Self.columns.map(\.head)
    return ([(title, heads)] + rows(by: key)).map { name, cells in
      name.padding(toLength: 20, withPad: " ", startingAt: 0)
        + cells.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
    }.joined(separator: "\n")
  }

  /// The table by module in Markdown.
  var markdown: String {
    let heads = ["module"] + Self.columns.map(\.head)
    let lines = rows { $0.module }.map { [$0.name] + $0.cells }
    return ([heads, heads.indices.map { $0 == 0 ? "---" : "---:" }] + lines).map {
      "| " + $0.joined(separator: " | ") + " |"
    }
    .joined(separator: "\n")
  }

  var text: String {
    var parts = [table("module") { $0.module }, table("rule") { $0.rule }]
    if !acceptedSurvivors.isEmpty {
      parts.append(
        "explained survivors:\n\n"
          + acceptedSurvivors.map { "\($0.difference)\n  \(accepted[$0.id] ?? "")" }.joined(separator: "\n\n"))
    }
    for (title, verdict) in [("survivors", Verdict.survived), ("reached by no suite", .notReached)] {
      let part = survivors.filter { $0.verdict == verdict }
      if !part.isEmpty { parts.append("\(title):\n\n" + part.map(\.difference).joined(separator: "\n\n")) }
    }
    let tested = results.filter { $0.verdict.isKill || $0.verdict == .survived }
    let mean = tested.isEmpty ? 0 : tested.map(\.seconds).reduce(0, +) / Double(tested.count)
    parts.append(
      String(
        format: "score %.1f %%: %d killed of %d that count; %.1f s a mutant", score ?? 0, killed.count,
        killed.count + survivors.count, mean))
    return parts.joined(separator: "\n\n")
  }

  var json: String {
    struct Summary: Encodable {
      let score: Double?
      let modules: [String: Double]
      let killed, survived, notReached, accepted: Int
      let results: [Result]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let summary = Summary(
      score: score, modules: modules.compactMapValues(\.score), killed: killed.count,
      survived: survivors.count { $0.verdict == .survived }, notReached: survivors.count { $0.verdict == .notReached },
      accepted: acceptedSurvivors.count, results: results)
    return (try? encoder.encode(summary)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
