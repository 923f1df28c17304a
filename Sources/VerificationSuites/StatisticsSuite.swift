import Golden
import Statistics
import Tensors
import Verification

/// Compares the statistics used for nights and between methods with enumeration, SciPy and mpmath, in Double.
package enum StatisticsSuite {
  /// - Throws: `GoldenError`
  package static func cases(_ folder: GoldenFolder) throws -> [VerificationCase] {
    try GoldenCase.all(in: "statistics", of: folder).map { golden in
      VerificationCase(golden.name) { try OperationSuite.check(golden, computed(golden)) }
    }
  }

  /// The fields of a case, as we compute them.
  ///
  /// - Throws: `GoldenError`
  package static func computed(_ golden: GoldenCase) throws -> [(name: String, tensor: Tensor<Double>)] {
    func given(_ name: String) throws -> [Double] { try golden.input(name).scalars }
    func field(_ name: String, _ scalars: [Double]) -> (name: String, tensor: Tensor<Double>) {
      (name, Tensor([scalars.count], scalars))
    }
    if golden.operation == "holm" { return [field("corrected", holm(try given("p")))] }
    if golden.operation == "welch" {
      guard let test = Welch(try given("before"), try given("after")) else { return [] }
      let interval = test.interval
      return [
        field("difference", [test.difference]), field("error", [test.error]), field("freedom", [test.freedom]),
        field("p", [test.p]), field("interval", [interval.lowerBound, interval.upperBound]),
      ]
    }
    let test = RankSum(before: try given("before"), after: try given("after"))
    func shift(_ name: String, _ change: (Double, Double) -> Double) -> (name: String, tensor: Tensor<Double>) {
      let (estimate, interval) = test.shift(by: change)
      return field(name, [estimate] + (interval.map { [$0.lowerBound, $0.upperBound] } ?? []))
    }
    return [field("p", [test.p]), shift("shift") { $1 - $0 }, shift("ratio") { $1 / $0 }]
  }
}
