import Tensors

/// The single table of tolerances: the allowed error for each operation and precision, and the reason for it.
///
/// `Golden/tolerances.json` holds the table as it was accepted: a row that allows more without a new reason fails.
package enum ToleranceTable {
  /// The row of an operation in a precision.
  ///
  /// - Throws: `GoldenError` if there is none.
  package static func row<Scalar: TensorScalar>(
    _ operation: String, _: Scalar.Type
  ) throws(GoldenError) -> Tolerance {
    guard let row = rows.first(where: { $0.operation == operation && $0.scalar == "\(Scalar.self)" }) else {
      throw GoldenError("ToleranceTable", "a row for \(operation) in \(Scalar.self)", "none")
    }
    return row
  }

  /// All rows, sorted by operation, Double first.
  package static let rows: [Tolerance] =
    operations.flatMap { row in
      [
        Tolerance(row.operation, Double.self, ulps: row.double, floor: row.floor, row.reason),
        Tolerance(row.operation, Float.self, ulps: row.float, floor: row.floor, row.reason),
      ]
    } + inDepth + [.goldenDouble, .goldenFloat, .gradient, .networkGradient]

  private static let signInDepth =
    "times 1 + 2z² of the density, exp(−z²) for z = m / √(2v + ε) of three roundings; 1 / (2v + ε) ≤ 10⁸ enlarges an underflow"

  /// Relative down to 10⁸ times the smallest normal number, where others are absolute.
  private static let inDepth = [
    Tolerance("sign in depth", Double.self, ulps: 4, floor: 1e8 * Double.leastNormalMagnitude, signInDepth),
    Tolerance("sign in depth", Float.self, ulps: 4, floor: 1e8 * Double(Float.leastNormalMagnitude), signInDepth),
    Tolerance(
      "training steps", Double.self, ulps: 8, floor: 1,
      "three whole steps; sums in another order; the floor is in units of a tensor's largest number"),
    Tolerance("bernoulli variance", Double.self, ulps: 1, floor: 1, "1 − m² + 1e-6 of three roundings"),
    Tolerance("bernoulli variance", Float.self, ulps: 1, floor: 1, "1 − m² + 1e-6 of three roundings"),
    Tolerance("rankSum", Double.self, ulps: 4, floor: 0, "quotients of counts; differences and quotients of samples"),
    Tolerance(
      "rankSumNormal", Double.self, ulps: 100, floor: 0,
      "the tail of the normal distribution enlarges the few roundings of z by z², up to 40"),
    Tolerance("holm", Double.self, ulps: 1, floor: 0, "one product"),
    Tolerance(
      "welch", Double.self, ulps: 200, floor: 0,
      "differences from means up to ten times as large; the logarithms of p and of Γ, up to 30, are rounded before exp"),
  ]

  /// One line for each row that is new, has no reason, or allows more than the accepted row for the same reason.
  package static func loosened(_ rows: [Tolerance] = rows, since accepted: [Tolerance]) -> [String] {
    rows.compactMap { row in
      let place = "\(row.operation) in \(row.scalar)"
      if row.reason.isEmpty { return "\(place): expected a reason, found none" }
      guard let before = accepted.first(where: { ($0.operation, $0.scalar) == (row.operation, row.scalar) }) else {
        return "\(place): a new row, allowing \(row.ulps) ulps of max(|expected|, \(row.floor))"
      }
      let isLooser = row.ulps > before.ulps || row.floor > before.floor
      guard isLooser && row.reason == before.reason else { return nil }
      return "\(place): expected \(before.ulps) ulps of max(|expected|, \(before.floor)) or another reason, found "
        + "\(row.ulps) of \(row.floor)"
    }
  }

  private struct Row {
    let operation: String
    /// Allowed ulps in Double and in Float.
    let double, float: Double
    let floor: Double
    let reason: String

    init(_ operation: String, _ double: Double, _ float: Double, floor: Double, _ reason: String) {
      (self.operation, self.double, self.float, self.floor, self.reason) = (operation, double, float, floor, reason)
    }
  }

  private static let operations = exact + chains + functions + distributions + cancelling

  /// Bit-exact operations: copies, comparisons, or one rounding of a number that the reference has exactly.
  private static let exact = [
    "averageOfGaussians", "averageOfValues", "dense", "functions", "plateau", "relu", "sample-hierarchical",
    "sample-logits", "sample-zero-anchored", "straightThroughSign", "sumOfGaussians", "sumOfValues", "uniform", "words",
  ].map { Row($0, 0, 0, floor: 0, "the same operations in the same order, each rounded once") }

  /// Sums and products; the reference sums in a different order.
  private static let chains = [
    Row("adam", 1, 1, floor: 1, "the correction's root and quotient in another order"),
    Row("adamFromZero", 3, 2, floor: 0, "steps by themselves: ten roundings, of which the root halves those before it"),
    Row("averageOfBernoullis", 1, 0, floor: 1, "the variance 1 − m² + 1e-6 in another order"),
    Row("sumOfBernoullis", 2, 0, floor: 1, "the variance 1 − m² + 1e-6 in another order"),
    Row("batchNormGaussian", 4, 4, floor: 1, "sums over the batch in another order, divided by √(v + ε)"),
    Row(
      "batchNormValue", 10, 18, floor: 1, "sums over the batch in another order, divided by √(v + ε); gradients cancel"),
    Row("convolution", 0, 3, floor: 1, "chains of up to 98 products of order one"),
    Row("linear", 0, 3, floor: 1, "chains of up to 75 products of order one"),
    Row("dropout", 1, 2, floor: 1, "the rate 0.4 rounded to Float in the prediction; a zero's sign"),
    Row("dropoutOfBernoullis", 1, 1, floor: 1, "a zero's sign"),
    Row("dropoutOfGaussians", 1, 1, floor: 1, "a zero's sign"),
    Row("maxOfValues", 1, 1, floor: 1, "a zero's sign"),
    Row("squaredHinge", 2, 3, floor: 1, "the mean over samples in another order"),
  ]

  /// Elementary functions; those of the reference, and ours in Double, are off by up to an ulp.
  private static let functions = [
    Row("crossEntropy", 2, 2, floor: 1, "exp and log within 1 ulp, one sum"),
    Row("secondOrderCrossEntropy", 2, 2, floor: 1, "exp and log within 1 ulp, two sums"),
    Row("gaussian", 3, 2, floor: 1, "noise of three roundings, one product"),
    Row("logistic", 2, 0, floor: 1, "three roundings and a logarithm within 1 ulp; Float is rounded as documented"),
    Row("normal", 2, 0, floor: 1, "three roundings and functions within 1 ulp; Float is rounded as documented"),
    Row("maxOfBernoullis", 1, 1, floor: 1, "products of up to four factors"),
    Row("maxOfGaussians", 15, 4, floor: 1, "erf, exp and a root of each pair of pairs, in another order"),
    Row("sign", 2, 2, floor: 1, "erf and exp within 1 ulp of a quotient of two roundings"),
    Row("tanh", 3, 2, floor: 1, "tanh within 1 ulp; 1 − y² loses what y is off by"),
  ]

  /// Softmax and what is computed from it.
  private static let distributions = [
    Row("moments", 4, 4, floor: 1, "softmax of 2 to 5 values, moments in another order"),
    Row("logits", 6, 3, floor: 1, "softmax of 2 to 5 values, moments and logarithms in another order"),
    Row("hierarchical", 12, 3, floor: 1, "products of up to three sigmoids and their logarithms"),
    Row("zero-anchored", 5, 3, floor: 1, "softmax of 3 or 5 values, moments and logarithms in another order"),
    Row(
      "initialization", 3, 15, floor: 1, "logarithms of probabilities down to 0.05, of a mapped weight of two roundings"
    ),
    Row("rule", 4, 5, floor: 1, "logarithms of interpolated probabilities"),
    Row("expectation", 4, 10, floor: 1, "quotients and clipping before the logarithm of up to 0.0025"),
    Row("expectation-real", 4, 10, floor: 1, "as expectation, after the mapping by ranks"),
    Row("parameters", 3, 4, floor: 1, "quotients of sums before one logarithm"),
    Row("random", 8, 16, floor: 1, "logarithms of probabilities interpolated at noise of three roundings"),
    Row("distributionDense", 6, 10, floor: 1, "chains of 7 products with moments of softmax, divided by √(I + 1)"),
    Row("valueLinear", 20, 22, floor: 1, "chains of up to 75 products with moments of softmax"),
    Row("gaussianLinear", 40, 36, floor: 1, "chains of up to 75 products; the reference subtracts E² from E[w²]E[x²]"),
    Row("bernoulliLinear", 20, 14, floor: 1, "chains of up to 75 products; the reference subtracts E² from E[w²]E[x²]"),
  ]

  /// Operations with a large condition number.
  private static let cancelling = [
    Row("bernoulli", 12, 8, floor: 1e-3, "odds and noise cancel in tanh's argument, whose rounding is in the slope"),
    Row("straightThrough", 12, 10, floor: 1e-3, "the slope has the rounding of tanh's argument, divided by τ = 0.5"),
    Row(
      "bernoulliSaturated", 80, 40, floor: 1e-30,
      "the slope, about exp(−2|a|), multiplies the relative error of tanh's argument a by 2|a|, here up to 70"),
  ]
}

extension Tolerance {
  /// The tolerance for what has no row of its own, such as comparisons between two of our implementations.
  package static let goldenDouble = Tolerance(
    "layers", Double.self, ulps: 1e-12 / .ulpOfOne, floor: 1e-2,
    "functions within 1 ulp and sums in another order, terms of order one")

  /// The tolerance for what has no row of its own, in single precision.
  package static let goldenFloat = Tolerance(
    "layers", Float.self, ulps: 168, floor: 0.1, "the same formulas with 24 bits, terms of order one")

  /// The tolerance for gradients compared with difference quotients.
  package static let gradient = Tolerance(
    "difference quotients", Double.self, ulps: 1e-7 / .ulpOfOne, floor: 1e-3,
    "truncation ~ h⁴ and rounding ~ 1e-16 / h are the condition number; the floor is in units of the largest entry")

  /// The tolerance for gradients of a whole network's loss compared with difference quotients.
  package static let networkGradient = Tolerance(
    "difference quotients of networks", Double.self, ulps: 1e-6 / .ulpOfOne, floor: 1e-3,
    "rounding of a loss of order one, ~ 1e-16 / h, beside gradients of 1e-5 is the condition number")
}
