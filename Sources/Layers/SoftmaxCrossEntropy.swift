import Tensors

/// The mean cross-entropy of the softmax of outputs `x`, shape `(N, C)`, with labels:
///
///     L = (1/N) Σ_i (log Σ_c exp x_ic − x_i,label),    ∂L/∂x_ic = (softmax(x_i)_c − [c = label]) / N
public struct SoftmaxCrossEntropy<Scalar: TensorScalar>: Sendable {
  /// `L`.
  public let loss: Scalar
  /// `∂L/∂x`, shape `(N, C)`.
  public let gradient: Tensor<Scalar>

  /// - Precondition: there is one label in `0..<C` per sample.
  @specialized(where Scalar == Float)
  public init(outputs x: Tensor<Scalar>, labels: [Int], on device: Device) {
    let softmax = Softmax(x, on: device)
    let n = Scalar(x.rows)
    loss = softmax.crossEntropies(labels, for: "SoftmaxCrossEntropy").sum / n
    gradient = Tensor(x.shape, on: .single) { i, c in (softmax.probabilities[i, c] - (c == labels[i] ? 1 : 0)) / n }
  }
}

extension Tensor {
  /// The column of the largest scalar in each row, the lowest one at a tie.
  public var rowArgmax: [Int] {
    (0..<rows).map { i in
      var best = 0
      for j in 1..<columns where self[i, j] > self[i, best] { best = j }
      return best
    }
  }
}
