import Tensors

/// The data of one thread that passes over the weights, block by block.
struct WeightPass<Scalar: TensorScalar> {
  let parameterization: WeightParameterization
  /// `d_1 < … < d_K`.
  let values: [Scalar]
  /// The number of weights in a plane of the whole tensors.
  let stride: Int
  /// The whole tensors.
  let parameters, mean, variance: UnsafeMutablePointer<Scalar>
  /// Memory for one block: `K` planes of `p`; unless the pass is direct, followed by `K` of `t` and by `K + 1` of scratch.
  let p: Planes<Scalar>

  var t: Planes<Scalar> { Planes(first: p[values.count], stride: p.stride) }
  var scratch: Planes<Scalar> { Planes(first: p[2 * values.count], stride: p.stride) }

  /// The number of planes that a pass needs. A direct pass computes with logits, in `p` alone.
  static func planes(kinds: Int, direct: Bool) -> Int { direct ? kinds : 3 * kinds + 1 }

  /// Writes the probabilities of a block's weights to `p`.
  func computeProbabilities(at block: Range<Int>) {
    parameterization.probabilities(
      ParameterPlanes(first: parameters + block.lowerBound, stride: stride), p, kinds: values.count,
      count: block.count, scratch: scratch)
  }

  /// Recomputes the moments of a block's weights.
  func renewMoments(at block: Range<Int>) {
    computeProbabilities(at: block)
    Scalar.moments(
      p.first, stride: p.stride, values: values, mean: mean + block.lowerBound, variance: variance + block.lowerBound,
      count: block.count)
  }

  /// `q_k ← q_k (∂L/∂μ (d_k − μ) + ∂L/∂σ² ((d_k − μ)² − σ²))` for a block.
  private func multiply(_ q: Planes<Scalar>, by moments: MomentGradients<Scalar>, at block: Range<Int>) {
    let at = block.lowerBound
    Scalar.softmaxGradient(
      q.first, stride: q.stride, values: values, mean: mean + at, variance: variance + at,
      dMean: moments.mean + at, dVariance: moments.variance + at, count: block.count)
  }

  /// The gradient with respect to a block's logits, in `p`; for a direct pass.
  func logitGradient(_ moments: MomentGradients<Scalar>, at block: Range<Int>) -> Planes<Scalar> {
    computeProbabilities(at: block)
    multiply(p, by: moments, at: block)
    return p
  }

  /// The gradient with respect to a block's parameters, in `scratch`.
  func gradient(
    _ moments: MomentGradients<Scalar>, _ regularizer: (weight: Scalar, prior: LogPrior<Scalar>)?, at block: Range<Int>
  ) -> Planes<Scalar> {
    computeProbabilities(at: block)
    for k in values.indices { t[k].update(repeating: 1, count: block.count) }
    multiply(t, by: moments, at: block)
    if let (weight, prior) = regularizer {
      prior.addGradient(p, to: t, weight: weight, count: block.count, scratch: scratch)
    }
    parameterization.gradient(p, t, scratch, kinds: values.count, count: block.count)
    return scratch
  }
}

/// `∂L/∂μ_W` and `∂L/∂σ²_W` of the whole layer.
struct MomentGradients<Scalar: TensorScalar> {
  let mean, variance: UnsafePointer<Scalar>
}
