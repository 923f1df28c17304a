import Tensors

/// The softmax of outputs `x`, shape `(N, C)`, and what the losses need of it.
struct Softmax<Scalar: Real> {
  /// `s = exp(x − max x) / Σ exp(x − max x)`, shape `(N, C)`.
  let probabilities: Tensor<Scalar>
  /// `−log s_label` of each sample, shape `(N)`.
  let crossEntropies: Tensor<Scalar>

  /// - Precondition: one label in `0..<C` a sample. `loss` is who asks.
  init(_ x: Tensor<Scalar>, labels: [Int], for loss: String, on workers: Workers) {
    let (n, c) = (x.rows, x.columns)
    requireLabels(labels, of: x, for: loss)
    let largest = (0..<n).map { i in (1..<c).reduce(x[i, 0]) { max($0, x[i, $1]) } }
    let shifted = Tensor(x.shape) { y in
      for i in 0..<n { for j in 0..<c { y[i * c + j] = x[i, j] - largest[i] } }
    }
    let exponentials = shifted.applying(.exp, on: workers)
    let sums = exponentials.withUnsafePointer { e in
      Tensor([n]) { y in for i in 0..<n { y[i] = Tensor.sum(e + i * c, count: c) } }
    }
    let logSums = sums.applying(.log, on: .single)
    crossEntropies = Tensor([n]) { y in for i in 0..<n { y[i] = logSums.scalars[i] - shifted[i, labels[i]] } }
    probabilities = Tensor(x.shape) { y in
      for i in 0..<n { for j in 0..<c { y[i * c + j] = exponentials[i, j] / sums.scalars[i] } }
    }
  }
}

/// Traps unless there is one label in `0..<C` for each sample of `x`, shape `(N, C)`.
func requireLabels<Scalar: Real>(_ labels: [Int], of x: Tensor<Scalar>, for loss: String) {
  precondition(labels.count == x.rows, "\(loss): \(labels.count) labels for \(x.rows) samples")
  precondition(labels.allSatisfy { (0..<x.columns).contains($0) }, "\(loss): a label is not in 0..<\(x.columns)")
}
