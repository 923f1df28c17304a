import Tensors

/// The mean cross-entropy of the softmax of Gaussian outputs, shape `(N, C)`, expanded to second order about their means,
/// without sampling (Roth et al. 2019; `Method.md` §3). With `s = softmax(m)`:
///
///     L = (1/N) Σ_i (log Σ_c exp m_ic − m_i,label + ½ Σ_c s_ic (1 − s_ic) v_ic)
///     ∂L/∂m_ik = (s_ik − [k = label] + ½ s_ik ((1 − 2 s_ik) v_ik − Σ_c s_ic (1 − 2 s_ic) v_ic)) / N
///     ∂L/∂v_ik = ½ s_ik (1 − s_ik) / N
public struct SecondOrderCrossEntropy<Scalar: TensorScalar>: Sendable {
  /// `L`.
  public let loss: Scalar
  /// `∂L/∂m`, shape `(N, C)`.
  public let meanGradient: Tensor<Scalar>
  /// `∂L/∂v`, shape `(N, C)`.
  public let varianceGradient: Tensor<Scalar>

  /// - Precondition: mean and variance have the same shape; there is one label in `0..<C` per sample.
  public init(mean m: Tensor<Scalar>, variance v: Tensor<Scalar>, labels: [Int], on device: Device) {
    precondition(
      m.shape == v.shape, "SecondOrderCrossEntropy: mean of shape \(m.shape), variance of shape \(v.shape)")
    let softmax = Softmax(m, on: device)
    let (s, n) = (softmax.probabilities, Scalar(m.rows))
    let curvature = s.map(on: device) { $0 * (1 - $0) }
    let terms = curvature.map(with: v, on: device) { $0 * $1 }
    let slopes = s.map(with: v, on: device) { $0 * ((1 - 2 * $0) * $1) }
    let losses = softmax.crossEntropies(labels, for: "SecondOrderCrossEntropy").map(with: terms.rowSums, on: .single) {
      $0 + $1 / 2
    }
    loss = losses.sum / n
    let slopeSums = slopes.rowSums
    meanGradient = Tensor(m.shape, on: .single) { i, k in
      let second = slopes[i, k] - s[i, k] * slopeSums[i, 0]
      return (s[i, k] - (k == labels[i] ? 1 : 0) + second / 2) / n
    }
    varianceGradient = curvature.map(on: device) { $0 / (2 * n) }
  }
}
