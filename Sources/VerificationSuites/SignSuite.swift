import Golden
import Layers
import Tensors
import Verification

/// Compares the sign of a Gaussian with mpmath: values and derivatives, from deep saturation through zero to underflow.
package enum SignSuite {
  /// Every golden that the suite reads.
  package static let goldens = ["sign/sign-double.json", "sign/sign-float.json"]

  /// - Throws: `GoldenError`
  package static func cases(_ folder: GoldenFolder) throws -> [VerificationCase] {
    try cases("sign/sign-double", as: Double.self, folder) + cases("sign/sign-float", as: Float.self, folder)
  }

  private static func cases<Scalar: TensorScalar>(
    _ file: String, as _: Scalar.Type, _ folder: GoldenFolder
  ) throws -> [VerificationCase] {
    try GoldenFile<GoldenCase>.load("\(file).json", from: folder).cases.flatMap { golden -> [VerificationCase] in
      guard golden.operation == "sign" else {
        return [VerificationCase("\(golden.name), \(Scalar.self)") { try bernoulli(golden, as: Scalar.self) }]
      }
      // One case per variance, so that a failure names the variance.
      let variances: Tensor<Double> = try golden.input("variance")
      return variances.scalars.indices.map { column in
        VerificationCase("sign at variance \(variances.scalars[column]), \(Scalar.self)") {
          try sign(golden, column, as: Scalar.self)
        }
      }
    }
  }

  /// How many ulps a derivative of `erf(z)`, `z = m / √(2v + ε)`, may be off for each that `z` is, and one more: `1 + 2z²`, since an error of `z`
  /// by an ulp changes `exp(−z²)` by `2z²`.
  package static func condition(mean: Double, variance: Double) -> Double {
    let z = mean / (2 * variance + 1e-8).squareRoot()
    return 1 + 2 * z * z
  }

  /// Compares `erf(z)`, which an error of `z` by an ulp changes by at most one, and its derivatives, at every mean and one variance.
  package static func sign<Scalar: TensorScalar>(_ golden: GoldenCase, _ column: Int, as _: Scalar.Type) throws
    -> [FieldResult]
  {
    let (means, variance): (Tensor<Scalar>, Scalar) = (try golden.input("mean"), try scalar(golden, column))
    let shape = [means.count, 1]
    let forward = Sign<Scalar>().forward(
      .gaussian(mean: means.reshaped(shape), variance: Tensor(shape, repeating: variance)), GoldenCase.pass)
    let backward = forward.backward(.bernoulli(mean: Tensor(shape, repeating: 1)))
    guard let gradient = backward.input?.gaussian(for: "SignSuite") else { return [] }
    let conditions = means.scalars.map { condition(mean: Double($0), variance: Double(variance)) }
    let fields = [
      ("mean", forward.output.center, nil), ("byMean", gradient.mean, conditions),
      ("byVariance", gradient.variance, conditions),
    ]
    return try fields.map { name, actual, conditions in
      let table = try golden.output(name)
      let expected = Tensor(shape, (0..<means.count).map { table[$0, column] })
      return compare(
        what(golden, "\(name) at variance \(variance)"), actual, expected: expected,
        within: try ToleranceTable.row("sign in depth", Scalar.self), conditions: conditions)
    }
  }

  private static func scalar<Scalar: TensorScalar>(_ golden: GoldenCase, _ index: Int) throws -> Scalar {
    (try golden.input("variance") as Tensor<Scalar>).scalars[index]
  }

  /// Compares `1 − m² + 1e-6` and its derivative.
  private static func bernoulli<Scalar: TensorScalar>(_ golden: GoldenCase, as _: Scalar.Type) throws -> [FieldResult] {
    let mean: Tensor<Scalar> = try golden.input("mean")
    let signal = Signal.bernoulli(mean: mean)
    let variance = signal.moments(for: "SignSuite", on: .single).variance
    let gradient = signal.gradient(
      mean: Tensor(mean.shape, repeating: 0), variance: Tensor(mean.shape, repeating: 1), on: .single)
    return try [("variance", variance), ("byMean", gradient.center)].map { name, actual in
      compare(
        what(golden, name), actual, expected: try golden.output(name),
        within: try ToleranceTable.row("bernoulli variance", Scalar.self))
    }
  }

  private static func what(_ golden: GoldenCase, _ field: String) -> String {
    "\(golden.name), \(field) (Golden/sign; refresh: ci/refresh-oracle --accept sign.py)"
  }
}
