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
    let shape = Array(logits.shape.dropFirst())
    mean = Tensor(shape, repeating: 0)
    variance = Tensor(shape, repeating: 0)
    passOverWeights(on: device) { Scalar.renewMoments(of: $0, $1) }
  }

  /// The number of weights in the layer, `I · O`.
  public var weightCount: Int { mean.count }

  /// `d_1 < … < d_K`.
  var values: [Scalar] { grid.values.map { Scalar($0) } }

  /// `p`, shape `(K, I, O)`.
  public func probabilities(on device: Device) -> Tensor<Scalar> {
    Tensor([grid.count] + mean.shape) { p in
      readingOverWeights(on: device) { Scalar.probabilities(of: $0, p, $1) }
    }
  }

  /// `Σ_w KL(q_w ‖ π)`.
  ///
  /// - Parameter prior: `π`, as `KLDivergence.prior`.
  public func divergence(from prior: [Double], on device: Device) -> Scalar {
    Tensor(mean.shape) { divergence in
      readingOverWeights(KLDivergence(weight: 1, prior: prior), on: device) {
        Scalar.divergence(of: $0, divergence, $1)
      }
    }.sum
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
    return withUnsafePointers(meanGradient, varianceGradient) { dMean, dVariance in
      Tensor(logits.shape) { gradient in
        readingOverWeights(divergence, on: device) {
          Scalar.gradient(of: $0, mean: dMean, variance: dVariance, gradient, $1)
        }
      }
    }
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
    let limit = Self.logitLimit
    if let adam = update.adam {
      withUnsafePointers(meanGradient, varianceGradient) { dMean, dVariance in
        passOverWeights(divergence, on: device) {
          Scalar.step(
            of: $0, mean: dMean, variance: dVariance, adam.step, adam.first, adam.second, limit: limit, $1)
        }
      }
    } else {
      logits.update(
        gradient: logitGradient(
          mean: meanGradient, variance: varianceGradient, divergence: divergence, on: device), on: device,
        ParameterUpdate { parameters, gradients, elements in
          update(parameters, gradients, elements)
          Scalar.clip(parameters, to: limit, count: elements.count)
        })
      passOverWeights(on: device) { Scalar.renewMoments(of: $0, $1) }
    }
  }

  private func requireShapes(_ meanGradient: Tensor<Scalar>, _ varianceGradient: Tensor<Scalar>) {
    precondition(
      meanGradient.shape == mean.shape && varianceGradient.shape == mean.shape,
      "WeightDistribution: gradients of shapes \(meanGradient.shape), \(varianceGradient.shape) for \(mean.shape)")
  }

  /// Has `change` change ranges of the weights that together are all.
  private mutating func passOverWeights(
    _ divergence: KLDivergence? = nil, on device: Device, _ change: (WeightMemory<Scalar>, Range<Int>) -> Void
  ) {
    let (count, memory) = (weightCount, memory(divergence))
    withUnsafeMutablePointers(&logits, &mean, &variance) { logits, mean, variance in
      let memory = memory(logits, mean, variance)
      device.forEachRange(of: count, grain: 512) { change(memory, $0) }
    }
  }

  /// Calls `read` with ranges of the weights that together are all; it must not change them.
  private func readingOverWeights(
    _ divergence: KLDivergence? = nil, on device: Device, _ read: (WeightMemory<Scalar>, Range<Int>) -> Void
  ) {
    withUnsafePointers(logits, mean, variance) { logits, mean, variance in
      let memory = memory(divergence)(
        UnsafeMutablePointer(mutating: logits), UnsafeMutablePointer(mutating: mean),
        UnsafeMutablePointer(mutating: variance))
      device.forEachRange(of: weightCount, grain: 512) { read(memory, $0) }
    }
  }

  /// These distributions, given where parameters, means and variances are.
  private func memory(_ divergence: KLDivergence?) -> (
    UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>
  ) -> WeightMemory<Scalar> {
    let (parameterization, values, stride) = (parameterization.kernel, values, weightCount)
    let logPrior = divergence.map { LogPrior<Scalar>($0.prior, over: grid).logarithms } ?? []
    let weight = Scalar(divergence?.weight ?? 0)
    return {
      WeightMemory(
        parameterization: parameterization, values: values, parameters: $0, stride: stride, mean: $1, variance: $2,
        logPrior: logPrior, divergenceWeight: weight)
    }
  }
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
