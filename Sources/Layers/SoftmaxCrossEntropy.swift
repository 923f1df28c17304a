import RandomStreams
import Tensors

/// The mean cross-entropy of the softmax of outputs `x`, shape `(N, C)`, with labels:
///
///     L = (1/N) Σ_i (log Σ_c exp x_ic − x_i,label),    ∂L/∂x_ic = (softmax(x_i)_c − [c = label]) / N
public struct SoftmaxCrossEntropy<Scalar: Real>: Sendable {
  /// `L`.
  public let loss: Scalar
  /// `∂L/∂x`, shape `(N, C)`.
  public let gradient: Tensor<Scalar>

  /// - Precondition: one label in `0..<C` a sample.
  public init(outputs x: Tensor<Scalar>, labels: [Int], on workers: Workers) {
    let (n, c) = (x.rows, x.columns)
    precondition(labels.count == n, "SoftmaxCrossEntropy: \(labels.count) labels for \(n) samples")
    precondition(labels.allSatisfy { (0..<c).contains($0) }, "SoftmaxCrossEntropy: a label is not in 0..<\(c)")
    let largest = (0..<n).map { i in (1..<c).reduce(x[i, 0]) { max($0, x[i, $1]) } }
    let shifted = Tensor(x.shape) { y in
      for i in 0..<n { for j in 0..<c { y[i * c + j] = x[i, j] - largest[i] } }
    }
    let exponentials = shifted.applying(.exp, on: workers)
    let sums = exponentials.withUnsafePointer { e in
      Tensor([n]) { y in for i in 0..<n { y[i] = Tensor.sum(e + i * c, count: c) } }
    }
    let logSums = sums.applying(.log, on: .single)
    let losses = Tensor([n]) { y in for i in 0..<n { y[i] = logSums.scalars[i] - shifted[i, labels[i]] } }
    loss = losses.sum / Scalar(n)
    gradient = Tensor(x.shape) { y in
      for i in 0..<n {
        for j in 0..<c {
          y[i * c + j] = (exponentials[i, j] / sums.scalars[i] - (j == labels[i] ? 1 : 0)) / Scalar(n)
        }
      }
    }
  }
}

extension Tensor {
  /// The column of the largest scalar in each row, the lowest at a tie.
  public var rowArgmax: [Int] {
    (0..<rows).map { i in
      var best = 0
      for j in 1..<columns where self[i, j] > self[i, best] { best = j }
      return best
    }
  }
}
