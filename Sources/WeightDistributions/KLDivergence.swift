import Tensors

/// The regularizer `λ Σ_w KL(q_w ‖ π)` with a prior `π` over the grid's values (`Method.md` §2).
public struct KLDivergence: Sendable, Equatable {
  /// `λ`.
  public let weight: Double
  /// `π`, a probability for each grid value, in ascending order of the values.
  public let prior: [Double]

  /// - Precondition: `λ ≥ 0` is finite; the prior is positive and sums to 1 within 1e-9.
  public init(weight: Double, prior: [Double]) {
    precondition(weight >= 0 && weight.isFinite, "KLDivergence: a weight of \(weight)")
    precondition(
      prior.allSatisfy { $0 > 0 } && abs(prior.reduce(0, +) - 1) <= 1e-9,
      "KLDivergence: the prior \(prior) is not positive with sum 1")
    self.weight = weight
    self.prior = prior
  }

  /// The divergence from the uniform prior, `π = 1/K` for every value.
  public static func uniform(over grid: WeightGrid, weight: Double) -> KLDivergence {
    KLDivergence(weight: weight, prior: Array(repeating: 1 / Double(grid.count), count: grid.count))
  }

  /// `log π`.
  ///
  /// - Precondition: the prior is over the grid's values.
  func logPrior<Scalar: TensorScalar>(over grid: WeightGrid) -> [Scalar] {
    precondition(
      prior.count == grid.count,
      "KLDivergence: a prior over \(prior.count) values, the grid \(grid.name) has \(grid.count)")
    return Tensor([prior.count], prior.map { Scalar($0) }).applying(.log, on: .single).scalars
  }
}
