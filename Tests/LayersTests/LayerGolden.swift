import Layers
import RandomStreams
import Tensors
import Testing
import Verification
import VerificationSuites

extension GoldenCase {
  /// Throws unless everything that the oracle has of `layer` is the case's.
  func check<Scalar: Real>(_ layer: any Layer<Scalar>) throws {
    for field in try OperationSuite.check(self, fields(of: layer)) {
      if case .outside(let deviation) = field.verdict { throw deviation }
    }
  }
}

/// Numbers for images and for what else has more than two axes.
func imageNumbers<Scalar: Real>(
  _ shape: Shape, in range: ClosedRange<Double> = -2...2, seed: UInt64 = 3
) -> Tensor<Scalar> {
  var numbers = TestNumbers(seed: seed)
  let flat: Tensor<Scalar> = numbers.tensor(shape.reduce(1, *), in: range)
  return flat.reshaped(shape)
}

/// Numbers of which no two are closer than 0.05, and none is 0: a difference quotient changes no order and no sign.
func distinctNumbers(_ shape: Shape) -> Tensor<Double> {
  var numbers = TestNumbers(seed: 8)
  let order = (0..<shape.reduce(1, *)).map { ($0, numbers.bits()) }.sorted { $0.1 < $1.1 }.map(\.0)
  return Tensor(shape, order.map { (Double($0) - Double(order.count) / 2) * 0.05 + 0.02 })
}

/// The inputs that a layer for all signals is checked with.
func imageSignals<Scalar: Real>(_ shape: Shape) -> [Signal<Scalar>] {
  [
    .value(imageNumbers(shape)),
    .gaussian(mean: imageNumbers(shape), variance: imageNumbers(shape, in: 0.2...2, seed: 4)),
    .bernoulli(mean: imageNumbers(shape, in: -0.9...0.9, seed: 5)),
  ]
}
