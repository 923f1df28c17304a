import Golden
import Tensors
import Verification

/// The suites of `signet verify`.
package enum VerificationSuite: String, CaseIterable, Sendable {
  case ops, sign, gradients, traces, contract, results, fixtures

  /// The settings that the suites need.
  package struct Setting: Sendable {
    package let golden: GoldenFolder
    package let device: Device
    /// The path of `signet`, which the contract suite runs with other kernels.
    package let program: String

    package init(golden: GoldenFolder, device: Device, program: String) {
      (self.golden, self.device, self.program) = (golden, device, program)
    }
  }

  /// A one-line description.
  package var about: String {
    switch self {
    case .ops: "every operation and its gradients beside mpmath's and JAX's values"
    case .sign: "the sign of a Gaussian from deep saturation through zero to underflow"
    case .gradients: "every gradient, of whole sampled networks, too, beside difference quotients"
    case .traces: "short trainings of every kind of network, each step to the bit"
    case .contract: "the same on 1, 2 and 3 threads and with every variant of the kernels, or on --device"
    case .results: "test errors over seeds beside those of this version"
    case .fixtures: "the built-in data sets' digests, read, and drawn again"
    }
  }

  /// The suite's cases, in a fixed order.
  ///
  /// - Throws: `GoldenError` if a golden is missing or damaged.
  package func cases(_ setting: Setting) throws -> [VerificationCase] {
    switch self {
    case .ops: try OperationSuite.cases(setting.golden)
    case .sign: try SignSuite.cases(setting.golden)
    case .gradients: GradientSuite.cases()
    case .traces: TraceSuite.cases(setting.golden, on: setting.device)
    case .contract: try ContractSuite.cases(setting.golden, on: setting.device, program: setting.program)
    case .results: ResultSuite.cases(setting.golden, on: setting.device)
    case .fixtures: FixtureSuite.cases()
    }
  }

  /// Runs all cases.
  ///
  /// - Parameter progress: called before each case runs, with its number from 1, the number of cases, and the case.
  package func run(
    _ setting: Setting, progress: (Int, Int, VerificationCase) -> Void = { _, _, _ in }
  ) -> SuiteResult {
    let clock = ContinuousClock()
    let start = clock.now
    var results: [CaseResult] = []
    do {
      let cases = try cases(setting)
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
