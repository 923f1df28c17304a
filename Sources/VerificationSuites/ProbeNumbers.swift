import Layers
import Tensors
import Verification

/// Random numbers in a shape.
package func probeNumbers<Scalar: TensorScalar>(
  _ shape: Shape, in range: ClosedRange<Double> = -2...2, seed: UInt64 = 3
) -> Tensor<Scalar> {
  var numbers = TestNumbers(seed: seed)
  let flat: Tensor<Scalar> = numbers.tensor(shape.reduce(1, *), in: range)
  return flat.reshaped(shape)
}

/// Numbers of which no two are closer than 0.05 and none is within 0.02 of 0, 1 or −1, so that no order and no sign
/// changes where difference quotients are taken.
package func distinctNumbers(_ shape: Shape) -> Tensor<Double> {
  var numbers = TestNumbers(seed: 8)
  let order = (0..<shape.reduce(1, *)).map { ($0, numbers.bits()) }.sorted { $0.1 < $1.1 }.map(\.0)
  return Tensor(shape, order.map { (Double($0) - Double(order.count / 2)) * 0.05 + 0.02 })
}

/// Independent Gaussians in a shape.
package func probeGaussian<Scalar: TensorScalar>(_ shape: Shape) -> Signal<Scalar> {
  .gaussian(mean: probeNumbers(shape), variance: probeNumbers(shape, in: 0.2...2, seed: 4))
}

/// A value, Gaussians and ±1 Bernoullis: the inputs for checking a layer that accepts all signals.
package func probeSignals<Scalar: TensorScalar>(_ shape: Shape) -> [Signal<Scalar>] {
  [
    .value(probeNumbers(shape)), probeGaussian(shape), .bernoulli(mean: probeNumbers(shape, in: -0.9...0.9, seed: 5)),
  ]
}
