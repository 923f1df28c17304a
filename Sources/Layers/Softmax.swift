import Tensors

/// The softmax of outputs `x`, shape `(N, C)`: `s = exp(x − max x) / Σ exp(x − max x)`, with what the losses need from it.
struct Softmax<Scalar: TensorScalar> {
  /// `s`, shape `(N, C)`.
  let probabilities: Tensor<Scalar>
  /// `x − max x`, shape `(N, C)`.
  private let shifted: Tensor<Scalar>
  /// `Σ exp(x − max x)`, shape `(N)`.
  private let sums: Tensor<Scalar>

  @specialized(where Scalar == Float)
  init(_ x: Tensor<Scalar>, on device: Device) {
    let x = x.moved(to: .single)
    let largest = (0..<x.rows).map { i in (1..<x.columns).reduce(x[i, 0]) { max($0, x[i, $1]) } }
    shifted = Tensor(x.shape, on: .single) { i, c in x[i, c] - largest[i] }
    let exponentials = shifted.applying(.exp, on: device.processor)
    let sums = exponentials.rowSums
    probabilities = Tensor(x.shape, on: .single) { i, c in exponentials[i, c] / sums[i, 0] }
    self.sums = sums
  }

  /// `−log s_label` of each sample, shape `(N)`.
  ///
  /// - Precondition: there is one label in `0..<C` per sample. `loss` names the caller in the error message.
  func crossEntropies(_ labels: [Int], for loss: String) -> Tensor<Scalar> {
    requireLabels(labels, of: shifted, for: loss)
    let logSums = sums.applying(.log, on: .single)
    return Tensor([shifted.rows], on: .single) { i, _ in logSums[i, 0] - shifted[i, labels[i]] }
  }
}

extension Tensor {
  /// The softmax of each row of outputs, shape `(N, C)`.
  public func rowSoftmax(on device: Device) -> Tensor { Softmax(self, on: device).probabilities }
}

/// Traps unless there is one label in `0..<C` for each sample of `x`, shape `(N, C)`.
func requireLabels<Scalar: TensorScalar>(_ labels: [Int], of x: Tensor<Scalar>, for loss: String) {
  precondition(labels.count == x.rows, "\(loss): \(labels.count) labels for \(x.rows) samples")
  precondition(labels.allSatisfy { (0..<x.columns).contains($0) }, "\(loss): a label is not in 0..<\(x.columns)")
}
