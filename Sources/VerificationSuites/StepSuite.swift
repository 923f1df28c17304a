import Golden
import Verification

/// Whole training steps of small networks, three each, against JAX and its own autodiff; in Double.
package enum StepSuite {
  /// - Throws: `GoldenError`
  package static func load(_ folder: GoldenFolder) throws -> [StepCase] {
    try GoldenFile<StepCase>.load("ops/steps.json", from: folder).cases
  }

  /// - Throws: `GoldenError`
  package static func cases(_ folder: GoldenFolder) throws -> [VerificationCase] {
    try load(folder).map { golden in
      VerificationCase("three steps, \(golden.name)") { try check(golden) }
    }
  }

  /// Loss, every parameter and every running average after each step, each number within the tolerance of its size or, below
  /// that, of its tensor's largest.
  ///
  /// - Throws: `GoldenError`
  package static func check(_ golden: StepCase) throws -> [FieldResult] {
    guard let row = ToleranceTable.row("training steps", Double.self) else {
      throw GoldenError("ToleranceTable", "a row for training steps", "none")
    }
    return try golden.pairs().map { name, actual, expected in
      let largest = expected.scalars.map(\.magnitude).max() ?? 0
      return compare(
        "\(name) (Golden/ops/steps.json; refresh: ci/refresh-oracle --accept steps.py)", actual, expected: expected,
        within: row.scaled(by: largest))
    }
  }
}
