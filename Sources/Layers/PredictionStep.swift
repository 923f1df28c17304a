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
  public func callAsFunction(_ x: Tensor<Scalar>, on workers: Workers) -> Tensor<Scalar> {
    switch self {
    case .linear(let map, let weights, let bias, let divisor):
      return map.affine(x, weights, bias, divisor: divisor, on: workers)
    case .normalize(let statistics, let scale, let shift):
      return statistics.normalize(x, scale: scale, shift: shift, on: workers)
    case .tanh:
      return x.applying(.tanh, on: workers)
    case .relu:
      return rectified(x, on: workers)
    case .sign:
      return hardSign(x, on: workers)
    case .pool(let kind):
      return PoolingWindows(x.shape).pool(x, kind, on: workers)
    case .integerLinear(let map, _, let integers):
      return map(x, integers, on: workers)
    case .multiply(let factor):
      return scaled(x, by: factor, on: workers)
    case .multiplyAdd(let factor, let shift):
      return scaled(x, by: factor, plus: shift, on: workers)
    }
  }
}

/// `x ≥ 0 ↦ +1`, else −1.
@specialized(where Scalar == Float)
func hardSign<Scalar: TensorScalar>(_ x: Tensor<Scalar>, on workers: Workers) -> Tensor<Scalar> {
  x.filling(on: workers) { for i in $0 { $1[i] = $2[i] >= 0 ? 1 : -1 } }
}

@specialized(where Scalar == Float)
private func scaled<Scalar: TensorScalar>(_ x: Tensor<Scalar>, by factor: Scalar, on workers: Workers) -> Tensor<Scalar>
{
  x.filling(on: workers) { for i in $0 { $1[i] = $2[i] * factor } }
}

@specialized(where Scalar == Float)
private func scaled<Scalar: TensorScalar>(
  _ x: Tensor<Scalar>, by factor: Scalar, plus shift: Tensor<Scalar>, on workers: Workers
) -> Tensor<Scalar> {
  let columns = x.columns
  return shift.withUnsafePointer { shift in
    x.fillingRows(on: workers) { y, x in for j in 0..<columns { y[j] = x[j] * factor + shift[j] } }
  }
}
