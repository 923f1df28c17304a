import Tensors

/// A distribution over a grid for every weight of a layer, given by trainable numbers; by default these are logits:
/// `p = softmax(ρ)` over the grid's `K` values.
///
/// Each weight's moments, `μ_w = Σ p_k d_k` and `σ²_w = Σ p_k (d_k − μ_w)²`, are kept with the parameters, as `mean` and
/// `variance`, and recomputed whenever the parameters change (Roth et al. 2019; `Method.md` §2).
public struct WeightDistribution<Scalar: TensorScalar>: Sendable {
  /// The values that a weight may take.
  public let grid: WeightGrid
  /// How the parameters determine the probabilities.
  public let parameterization: WeightParameterization
  /// The trainable parameters, shape `(P, I, O)`: logits `ρ`, with one plane per grid value, or those of another
  /// parameterization.
  public private(set) var logits: Tensor<Scalar>
  /// `μ_W`, shape `(I, O)`.
  public private(set) var mean: Tensor<Scalar>
  /// `σ²_W`, shape `(I, O)`.
  public private(set) var variance: Tensor<Scalar>

  /// Parameters are clipped to ± this limit after every update (**ours** for all but the logits).
  public static var logitLimit: Scalar { 5 }

  /// - Precondition: the parameterization supports the grid; `logits` has shape `(P, I, O)`.
  public init(
    grid: WeightGrid, parameterization: WeightParameterization = .logits, logits: Tensor<Scalar>, on device: Device
  ) {
    let count = parameterization.count(of: grid)
    precondition(
      logits.shape.count == 3 && logits.shape[0] == count,
      "WeightDistribution: \(parameterization.rawValue) parameters of shape \(logits.shape), "
        + "but \(grid.name) weights have \(count)")
    self.grid = grid
    self.parameterization = parameterization
    self.logits = logits
    (mean, variance) = weightPass(grid, parameterization).moments(of: logits, on: device)
  }

  /// The number of weights in the layer, `I · O`.
  public var weightCount: Int { mean.count }

  /// `p`, shape `(K, I, O)`.
  public func probabilities(on device: Device) -> Tensor<Scalar> { pass().probabilities(of: logits, on: device) }

  /// `Σ_w KL(q_w ‖ π)`.
  ///
  /// - Parameter prior: `π`, as `KLDivergence.prior`.
  public func divergence(from prior: [Double], on device: Device) -> Scalar {
    pass(KLDivergence(weight: 1, prior: prior)).divergence(of: logits, on: device).sum
  }

  /// The gradient with respect to the parameters, shape `(P, I, O)`, of a loss whose gradients with respect to `mean` and
  /// `variance` are given, and of the regularizer. With logits and
  ///
  ///     t_k = ∂L/∂μ · (d_k − μ) + ∂L/∂σ² · ((d_k − μ)² − σ²) + λ (log p_k − log π_k − KL)
  ///
  /// it is `p_k t_k`; for the others, see the parameterization.
  public func logitGradient(
    mean meanGradient: Tensor<Scalar>, variance varianceGradient: Tensor<Scalar>, divergence: KLDivergence? = nil,
    on device: Device
  ) -> Tensor<Scalar> {
    requireShapes(meanGradient, varianceGradient)
    return pass(divergence).gradient(
      of: logits, mean: mean, variance: variance, dMean: meanGradient, dVariance: varianceGradient, on: device)
  }

  /// Changes the parameters by their gradients, clips them, and recomputes the moments; with Adam all in one pass over the memory.
  ///
  /// - Parameters:
  ///   - meanGradient: `∂L/∂μ_W`, shape `(I, O)`.
  ///   - varianceGradient: `∂L/∂σ²_W`, shape `(I, O)`.
  ///   - divergence: the regularizer, if there is one.
  ///   - update: changes a run of parameters by their gradients, which are those of `logitGradient`.
  public mutating func update(
    meanGradient: Tensor<Scalar>, varianceGradient: Tensor<Scalar>, divergence: KLDivergence? = nil,
    on device: Device, _ update: ParameterUpdate<Scalar>
  ) {
    requireShapes(meanGradient, varianceGradient)
    if let adam = update.adam {
      pass(divergence).step(
        &logits, mean: &mean, variance: &variance, dMean: meanGradient, dVariance: varianceGradient, adam,
        limit: Self.logitLimit, on: device)
    } else {
      logits.update(
        gradient: logitGradient(
          mean: meanGradient, variance: varianceGradient, divergence: divergence, on: device), on: device,
        update.clipped(to: Self.logitLimit))
      (mean, variance) = pass().moments(of: logits, on: device)
    }
  }

  private func requireShapes(_ meanGradient: Tensor<Scalar>, _ varianceGradient: Tensor<Scalar>) {
    precondition(
      meanGradient.shape == mean.shape && varianceGradient.shape == mean.shape,
      "WeightDistribution: gradients of shapes \(meanGradient.shape), \(varianceGradient.shape) for \(mean.shape)")
  }

  /// The passes over these distributions, with a regularizer if there is one.
  private func pass(_ divergence: KLDivergence? = nil) -> WeightPass<Scalar> {
    weightPass(grid, parameterization, divergence)
  }
}

private func weightPass<Scalar: TensorScalar>(
  _ grid: WeightGrid, _ parameterization: WeightParameterization, _ divergence: KLDivergence? = nil
) -> WeightPass<Scalar> {
  WeightPass(
    parameterization: parameterization.kernel, values: grid.values.map { Scalar($0) },
    logPrior: divergence?.logPrior(over: grid) ?? [],
    divergenceWeight: Scalar(divergence?.weight ?? 0))
}

extension WeightParameterization {
  fileprivate var kernel: ParameterizationKernel {
    switch self {
    case .logits: .logits
    case .hierarchical: .hierarchical
    case .zeroAnchored: .zeroAnchored
    }
  }
}
