import Tensors

/// A map that is linear in its input and in its weights: the matrix product of a dense layer, or a convolution.
///
/// Weights are a matrix `(I, O)`; a convolution's rows are `(c, ky, kx)`, so its `I`, the number of terms of one output, is `C k²`.
public enum LinearMap: Sendable, Equatable {
  /// `y = x W`: `(N, I) ↦ (N, O)`. Images are treated as vectors.
  case dense
  /// `(N, C, H, W) ↦ (N, O, H', W')`.
  case convolution(Convolution)

  /// The map's output for `x` and `weights`.
  package func callAsFunction<Scalar: TensorScalar>(
    _ x: Tensor<Scalar>, _ weights: Tensor<Scalar>, on device: Device
  ) -> Tensor<Scalar> {
    switch self {
    case .dense: .product(x, weights, on: device)
    case .convolution(let convolution): convolution(x, weights, on: device)
    }
  }

  /// The gradient with respect to the input, whose shape is given: the map's transpose applied to `dy`.
  package func inputGradient<Scalar: TensorScalar>(
    _ dy: Tensor<Scalar>, _ weights: Tensor<Scalar>, shape: Shape, on device: Device
  ) -> Tensor<Scalar> {
    switch self {
    case .dense: .product(dy, weights, transposing: .second, on: device).reshaped(shape)
    case .convolution(let convolution): convolution.inputGradient(dy, weights, on: device)
    }
  }

  /// The gradient with respect to the weights, shape `(I, O)`.
  package func weightGradient<Scalar: TensorScalar>(
    _ x: Tensor<Scalar>, _ dy: Tensor<Scalar>, on device: Device
  ) -> Tensor<Scalar> {
    switch self {
    case .dense: .product(x, dy, transposing: .first, on: device)
    case .convolution(let convolution): convolution.weightGradient(x, dy, on: device)
    }
  }

  /// `(f(x, W) + b) / divisor`, with `b`, shape `(O)`, the same for every pixel.
  func affine<Scalar: TensorScalar>(
    _ x: Tensor<Scalar>, _ weights: Tensor<Scalar>, _ bias: Tensor<Scalar>?, divisor: Scalar = 1, on device: Device
  ) -> Tensor<Scalar> {
    let y = self(x, weights, on: device)
    guard let bias else { return divided(y, by: divisor, on: device) }
    return elementwise(.biased, y, channels: [bias], constants: [divisor], on: device)
  }
}

/// `y / divisor`, or `y` itself if the divisor is 1.
func divided<Scalar: TensorScalar>(_ y: Tensor<Scalar>, by divisor: Scalar, on device: Device) -> Tensor<Scalar> {
  divisor == 1 ? y : elementwise(.divided, y, constants: [divisor], on: device)
}
