import Golden
import Tensors
import Verification

/// Compares every operation with `Golden/ops`, in Double and in Float.
package enum OperationSuite {
  /// The files of cases, each written by the generator of the same name.
  package static let files = ["layers", "linear", "convolution", "pooling", "losses", "weights"]

  /// Every golden that the suite reads.
  package static let goldens =
    (files + ["functions-double", "functions-float-hard", "random", "statistics", "steps"]).map { "ops/\($0).json" }

  /// Operations whose golden is not a single value within a tolerance; the tests of Gaussian maxima check them.
  package static let statistical: Set = ["extremePairs", "sampledTwo", "sampledFour", "sampledBernoullis"]

  /// - Throws: `GoldenError`
  package static func cases(_ folder: GoldenFolder) throws -> [VerificationCase] {
    let goldens = try files.flatMap { try GoldenCase.all(in: $0, of: folder) }
      .filter { !statistical.contains($0.operation) }
    return goldens.flatMap { cases($0, as: Double.self) + cases($0, as: Float.self) }
      + (try FunctionSuite.cases(folder)) + (try StreamSuite.cases(folder)) + (try StepSuite.cases(folder))
      + (try StatisticsSuite.cases(folder))
  }

  /// The case in one precision; empty if its noise is from the other precision's stream.
  private static func cases<Scalar: TensorScalar>(_ golden: GoldenCase, as _: Scalar.Type) -> [VerificationCase] {
    guard golden.scalar ?? "\(Scalar.self)" == "\(Scalar.self)" else { return [] }
    return [VerificationCase("\(golden.name), \(Scalar.self)") { try check(golden, golden.computed(as: Scalar.self)) }]
  }

  /// Compares all computed tensors with all those of the golden.
  package static func check<Scalar: TensorScalar>(
    _ golden: GoldenCase, _ computed: [(name: String, tensor: Tensor<Scalar>)]
  ) throws -> [FieldResult] {
    let tolerance = try ToleranceTable.row(golden.operation, Scalar.self)
    let expected = Set(golden.outputs.keys).union((golden.gradients ?? [:]).keys.map { "∂" + $0 })
    let names = Set(computed.map(\.name))
    if let absent = expected.subtracting(names).sorted().first {
      throw GoldenError(golden.what(absent), "a field that Signet computes", "none of that name")
    }
    return try computed.filter { expected.contains($0.name) }.map { field in
      let value =
        try field.name.hasPrefix("∂") ? golden.gradient(String(field.name.dropFirst())) : golden.output(field.name)
      return compare(golden.what(field.name), field.tensor, expected: value, within: tolerance)
    }
  }
}
