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
    grid: WeightGrid, parameterization: WeightParameterization = .logits, logits: Tensor<Scalar>, on workers: Workers
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
    passOverBlocks(direct: parameterization == .logits, on: workers) { _, _ in }
  }

  /// The number of weights in the layer, `I · O`.
  public var weightCount: Int { mean.count }

  /// `d_1 < … < d_K`.
  var values: [Scalar] { grid.values.map { Scalar($0) } }

  /// `p`, shape `(K, I, O)`.
  public func probabilities(on workers: Workers) -> Tensor<Scalar> {
    let (count, kinds) = (weightCount, grid.count)
    return logits.withUnsafePointer { logits in
      Tensor([kinds] + mean.shape) { p in
        workers.forEachRange(of: count, grain: blockLength) { range in
          withPlanes(kinds + 1) { scratch in
            forEachBlock(of: range) {
              parameterization.probabilities(
                ParameterPlanes(first: logits + $0.lowerBound, stride: count),
                Planes(first: p + $0.lowerBound, stride: count), kinds: kinds, count: $0.count, scratch: scratch)
            }
          }
        }
      }
    }
  }

  /// `Σ_w KL(q_w ‖ π)`.
  ///
  /// - Parameter prior: `π`, as `KLDivergence.prior`.
  public func divergence(from prior: [Double], on workers: Workers) -> Scalar {
    let (count, kinds, logPrior) = (weightCount, grid.count, LogPrior<Scalar>(prior, over: grid))
    var p = probabilities(on: workers)
    return p.withUnsafeMutablePointer { p in
      Tensor(mean.shape) { divergence in
        workers.forEachRange(of: count, grain: blockLength) { range in
          withPlanes(kinds + 1) { scratch in
            forEachBlock(of: range) {
              logPrior.divergence(Planes(first: p + $0.lowerBound, stride: count), into: scratch, count: $0.count)
              (divergence + $0.lowerBound).update(from: scratch[kinds], count: $0.count)
            }
          }
        }
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
    on workers: Workers
  ) -> Tensor<Scalar> {
    var gradient = Tensor<Scalar>(logits.shape, repeating: 0)
    gradient.withUnsafeMutablePointer { gradient in
      var copy = self
      copy.update(
        meanGradient: meanGradient, varianceGradient: varianceGradient, divergence: divergence, on: workers
      ) { _, block, elements in
        for i in 0..<elements.count { gradient[elements.lowerBound + i] = block[i] }
      }
    }
    return gradient
  }

  /// Changes the parameters by their gradients, clips them, and recomputes the moments, all in one pass over the memory.
  ///
  /// - Parameters:
  ///   - meanGradient: `∂L/∂μ_W`, shape `(I, O)`.
  ///   - varianceGradient: `∂L/∂σ²_W`, shape `(I, O)`.
  ///   - divergence: the regularizer, if there is one.
  ///   - update: changes a run of parameters by their gradients, which are those of `logitGradient`.
  public mutating func update(
    meanGradient: Tensor<Scalar>, varianceGradient: Tensor<Scalar>, divergence: KLDivergence? = nil,
    on workers: Workers, _ update: ParameterUpdate<Scalar>
  ) {
    precondition(
      meanGradient.shape == mean.shape && varianceGradient.shape == mean.shape,
      "WeightDistribution: gradients of shapes \(meanGradient.shape), \(varianceGradient.shape) for \(mean.shape)")
    let (direct, parameters) = (parameterization == .logits && divergence == nil, logits.rows)
    let regularizer = divergence.map { (weight: Scalar($0.weight), prior: LogPrior<Scalar>($0.prior, over: grid)) }
    withUnsafePointers(meanGradient, varianceGradient) { dMean, dVariance in
      let moments = MomentGradients(mean: dMean, variance: dVariance)
      passOverBlocks(direct: direct, on: workers) { memory, block in
        let gradient =
          direct ? memory.logitGradient(moments, at: block) : memory.gradient(moments, regularizer, at: block)
        for k in 0..<parameters {
          let first = k * memory.stride + block.lowerBound
          update(memory.parameters + first, gradient[k], first..<first + block.count)
          Scalar.clip(memory.parameters + first, to: Self.logitLimit, count: block.count)
        }
      }
    }
  }

  /// For each block of weights, lets `change` change the block's parameters, then recomputes its moments.
  private mutating func passOverBlocks(
    direct: Bool, on workers: Workers, _ change: (WeightPass<Scalar>, Range<Int>) -> Void
  ) {
    let (parameterization, values, count) = (parameterization, values, weightCount)
    withUnsafeMutablePointers(&logits, &mean, &variance) { parameters, mean, variance in
      workers.forEachRange(of: count, grain: blockLength) { range in
        withPlanes(WeightPass<Scalar>.planes(kinds: values.count, direct: direct)) {
          let memory = WeightPass(
            parameterization: parameterization, values: values, stride: count, parameters: parameters, mean: mean,
            variance: variance, p: $0)
          forEachBlock(of: range) {
            change(memory, $0)
            memory.renewMoments(at: $0)
          }
        }
      }
    }
  }
}
