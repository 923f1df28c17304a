import Tensors
import WeightDistributions

/// One step of a deployed network: deterministic, on values.
public enum PredictionStep<Scalar: TensorScalar>: Sendable {
  /// `(f(x, W) + b) / divisor`.
  case linear(LinearMap, weights: Tensor<Scalar>, bias: Tensor<Scalar>?, divisor: Scalar)
  /// `f(x, W)` of integers, with the weights in their grid's integer form; exact, in any order of summation.
  case integerLinear(LinearMap, DiscreteWeights, integers: Tensor<Scalar>)
  /// `(x − mean) · inverseDeviation · scale + shift`, with one number of each per channel.
  case normalize(BatchStatistics<Scalar>, scale: Tensor<Scalar>, shift: Tensor<Scalar>)
  case tanh
  /// `max(x, 0)`.
  case relu
  /// `x ≥ 0 ↦ +1`, else −1 (**ours**: the authors' code gives 0 at 0).
  case sign
  /// 2×2 windows, two pixels apart, of images `(N, C, H, W)`; an odd last row or column is dropped (**ours**).
  case pool(PoolingKind)
  /// `x · factor`.
  case multiply(Scalar)
  /// `x[n, j] · factor + shift[j]`, rounded twice.
  case multiplyAdd(Scalar, Tensor<Scalar>)

  /// True for batch normalization.
  public var isNormalization: Bool {
    if case .normalize = self { true } else { false }
  }

  /// The step's output for inputs of shape `(N, …)`; a sample's output does not depend on the other samples.
  public func callAsFunction(_ x: Tensor<Scalar>, on device: Device) -> Tensor<Scalar> {
    switch self {
    case .linear(let map, let weights, let bias, let divisor):
      return map.affine(x, weights, bias, divisor: divisor, on: device)
    case .normalize(let statistics, let scale, let shift):
      return statistics.normalize(x, scale: scale, shift: shift, on: device)
    case .tanh:
      return elementwise(.tanh, x, on: device)
    case .relu:
      return elementwise(.relu, x, on: device)
    case .sign:
      return elementwise(.hardSign, x, on: device)
    case .pool(let kind):
      return PoolingWindows(x.shape, on: device).pool(x, kind)
    case .integerLinear(let map, _, let integers):
      return map(x, integers, on: device)
    case .multiply(let factor):
      return elementwise(.multiply, x, constants: [factor], on: device)
    case .multiplyAdd(let factor, let shift):
      return elementwise(.multiplyAdd, x, channels: [shift], constants: [factor], on: device)
    }
  }
}
