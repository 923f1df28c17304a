import Foundation

/// A module that the tree gets beside ours, with mutants of which it is known what must become of them: each build proves by
/// them that a change is noticed, and that one that changes nothing is not.
enum Plants {
  static let file = "Sources/MutationPlants/Plants.swift"
  static let files = [
    file: "ci/mutation/plants/Plants.swift",
    "Tests/MutationPlantsTests/PlantsTests.swift": "ci/mutation/plants/PlantsTests.swift",
  ]

  static func source() throws -> Source {
    Source(path: file, text: try String(contentsOfFile: "ci/mutation/plants/Plants.swift", encoding: .utf8))
  }

  /// The planted mutants, each with its expected verdict.
  static func mutants() throws -> [(mutant: Mutant, verdict: Verdict)] {
    let source = try source()
    let all = source.placedMutants()
    return try source.lines.enumerated().compactMap { i, line in
      guard let match = line.firstMatch(of: /\/\/ ([\w-]+): ([\w-]+)$/) else { return nil }
      guard let verdict = Verdict(rawValue: String(match.2)),
        let mutant = all.last(where: { $0.line == i + 1 && $0.rule == match.1 })
      else { throw Failure("ci/mutation/plants/Plants.swift:\(i + 1): no mutant by the rule \(match.1)") }
      return (mutant, verdict)
    }
  }

  /// Throws if one of the planted mutants came to something else than expected.
  static func check(_ results: [String: Result]) throws {
    for (mutant, verdict) in try mutants() where results[mutant.id]?.verdict != verdict {
      throw Failure(
        "a planted mutant came to \(results[mutant.id]?.verdict.rawValue ?? "nothing"), and not to \(verdict.rawValue):\n\(mutant.difference)\n\(results[mutant.id]?.detail ?? "")"
      )
    }
  }
}
