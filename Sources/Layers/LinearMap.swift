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
    _ x: Tensor<Scalar>, _ weights: Tensor<Scalar>, on workers: Workers
  ) -> Tensor<Scalar> {
    switch self {
    case .dense: .product(x, weights, on: workers)
    case .convolution(let convolution): convolution(x, weights, on: workers)
    }
  }

  /// The gradient with respect to the input, whose shape is given: the map's transpose applied to `dy`.
  package func inputGradient<Scalar: TensorScalar>(
    _ dy: Tensor<Scalar>, _ weights: Tensor<Scalar>, shape: Shape, on workers: Workers
  ) -> Tensor<Scalar> {
    switch self {
    case .dense: .product(dy, weights, transposing: .second, on: workers).reshaped(shape)
    case .convolution(let convolution): convolution.inputGradient(dy, weights, on: workers)
    }
  }

  /// The gradient with respect to the weights, shape `(I, O)`.
  package func weightGradient<Scalar: TensorScalar>(
    _ x: Tensor<Scalar>, _ dy: Tensor<Scalar>, on workers: Workers
  ) -> Tensor<Scalar> {
    switch self {
    case .dense: .product(x, dy, transposing: .first, on: workers)
    case .convolution(let convolution): convolution.weightGradient(x, dy, on: workers)
    }
  }

  /// `(f(x, W) + b) / divisor`, with `b`, shape `(O)`, the same for every pixel.
  func affine<Scalar: TensorScalar>(
    _ x: Tensor<Scalar>, _ weights: Tensor<Scalar>, _ bias: Tensor<Scalar>?, divisor: Scalar = 1, on workers: Workers
  ) -> Tensor<Scalar> {
    let y = self(x, weights, on: workers)
    guard let bias else { return divided(y, by: divisor, on: workers) }
    return elementwise(.biased, y, channels: [bias], constants: [divisor], on: workers)
  }
}

/// `y / divisor`, or `y` itself if the divisor is 1.
func divided<Scalar: TensorScalar>(_ y: Tensor<Scalar>, by divisor: Scalar, on workers: Workers) -> Tensor<Scalar> {
  divisor == 1 ? y : elementwise(.divided, y, constants: [divisor], on: workers)
}
