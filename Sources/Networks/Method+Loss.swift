import Layers
import Tensors

extension Method.Loss {
  /// The mean loss of a batch's outputs, and its gradient in the same form as the outputs.
  func evaluate<Scalar: TensorScalar>(
    _ outputs: Signal<Scalar>, labels: [Int], on device: Device
  ) -> (loss: Scalar, gradient: Signal<Scalar>) {
    switch (self, outputs) {
    case (.crossEntropy, .value(let x)):
      let loss = SoftmaxCrossEntropy(outputs: x, labels: labels, on: device)
      return (loss.loss, .value(loss.gradient))
    case (.crossEntropy, .gaussian(let mean, let variance)):
      let loss = SecondOrderCrossEntropy(mean: mean, variance: variance, labels: labels, on: device)
      return (loss.loss, .gaussian(mean: loss.meanGradient, variance: loss.varianceGradient))
    case (.squaredHinge, .value(let x)):
      let loss = SquaredHinge(outputs: x, labels: labels, on: device)
      return (loss.loss, .value(loss.gradient))
    default:
      preconditionFailure("Loss \(rawValue): not defined on these outputs")
    }
  }
}
