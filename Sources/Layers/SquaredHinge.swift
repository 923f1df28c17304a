import Tensors

/// The squared hinge loss of outputs `x`, shape `(N, C)`, one class against the others. **Ours**, since the method names the
/// loss but gives no formula: `t_ic` is +1 for the label's class and −1 for the others, and the classes' terms are summed, not
/// averaged.
///
///     L = (1/N) Σ_i Σ_c h_ic²,    h_ic = max(0, 1 − t_ic x_ic),    ∂L/∂x_ic = −2 t_ic h_ic / N
public struct SquaredHinge<Scalar: TensorScalar>: Sendable {
  /// `L`.
  public let loss: Scalar
  /// `∂L/∂x`, shape `(N, C)`.
  public let gradient: Tensor<Scalar>

  /// - Precondition: there is one label in `0..<C` per sample.
  public init(outputs x: Tensor<Scalar>, labels: [Int], on device: Device) {
    requireLabels(labels, of: x, for: "SquaredHinge")
    let n = Scalar(x.rows)
    let targets = Tensor(x.shape, repeating: -1 as Scalar).markingLabels(labels)
    let hinges = x.map(with: targets, on: device) {
      let h = 1 - $1 * $0
      return h < 0 ? 0 : h
    }
    loss = hinges.map(on: device) { $0 * $0 }.sum / n
    gradient = hinges.map(with: targets, on: device) { -2 * $1 * $0 / n }
  }
}

extension Tensor {
  /// This tensor with 1 in the label's column of each row.
  fileprivate func markingLabels(_ labels: [Int]) -> Tensor {
    var marked = self
    for (i, label) in labels.enumerated() { marked[i, label] = 1 }
    return marked
  }
}
