import Golden
import Verification

/// The suites of `signet verify`.
package enum VerificationSuite: String, CaseIterable, Sendable {
  case ops, gradients

  /// One line for people.
  package var about: String {
    switch self {
    case .ops: "every operation and its gradients beside mpmath's and JAX's values"
    case .gradients: "every gradient, of whole sampled networks, too, beside difference quotients"
    }
  }

  /// The suite's cases, in a fixed order.
  ///
  /// - Throws: `GoldenError` if a golden is missing or damaged.
  package func cases(_ golden: GoldenFolder) throws -> [VerificationCase] {
    switch self {
    case .ops: try OperationSuite.cases(golden)
    case .gradients: GradientSuite.cases()
    }
  }

  /// Runs all cases.
  ///
  /// - Parameter progress: told of each case before it runs: its number from 1, and how many there are.
  package func run(
    _ golden: GoldenFolder, progress: (Int, Int, VerificationCase) -> Void = { _, _, _ in }
  ) -> SuiteResult {
    let clock = ContinuousClock()
    let start = clock.now
    var results: [CaseResult] = []
    do {
      let cases = try cases(golden)
      for (index, each) in cases.enumerated() {
        progress(index + 1, cases.count, each)
        results.append(each.run())
      }
    } catch {
      results.append(CaseResult(name: rawValue, fields: [], failure: "\(error)"))
    }
    return SuiteResult(suite: rawValue, results, seconds: (clock.now - start) / .seconds(1))
  }
}
