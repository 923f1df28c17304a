import RandomStreams
import Tensors

/// `y = tanh x` on values; `∂y/∂x = 1 − y²`.
public struct Tanh<Scalar: TensorScalar>: Layer {
  /// Tanh has no parameters.
  public init() {}

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let y = input.value(for: "Tanh").applying(.tanh, on: pass.workers)
    return Forward(.value(y)) { gradient in
      Backward(input: .value(tanhGradient(gradient.value(for: "Tanh"), y, on: pass.workers)))
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { .tanh }
}

@specialized(where Scalar == Float)
private func tanhGradient<Scalar: TensorScalar>(
  _ dy: Tensor<Scalar>, _ y: Tensor<Scalar>, on workers: Workers
) -> Tensor<Scalar> {
  dy.filling(with: y, on: workers) { range, dx, dy, y in
    for i in range { dx[i] = dy[i] * (1 - y[i] * y[i]) }
  }
}
