import Golden
import Verification

/// Compares whole training steps of small networks, three each, with JAX and its autodiff, in Double.
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

  /// Compares the loss, every parameter and every running average after each step. The tolerance is relative to the
  /// largest number of the tensor.
  ///
  /// - Throws: `GoldenError`
  package static func check(_ golden: StepCase) throws -> [FieldResult] {
    let row = try ToleranceTable.row("training steps", Double.self)
    return try golden.pairs().map { name, actual, expected in
      let largest = expected.scalars.map(\.magnitude).max() ?? 0
      return compare(
        "\(name) (Golden/ops/steps.json; refresh: ci/refresh-oracle --accept steps.py)", actual, expected: expected,
        within: row.scaled(by: largest))
    }
  }
}
