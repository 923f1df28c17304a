import Tensors

/// `y = max(x, 0)` on values; `∂y/∂x = 1` for `x > 0`, else 0. NaN stays NaN.
public struct ReLU<Scalar: TensorScalar>: Layer {
  /// ReLU has no parameters.
  public init() {}

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let x = input.value(for: "ReLU")
    return Forward(.value(rectified(x, on: pass.workers))) { gradient in
      Backward(input: .value(rectifiedGradient(gradient.value(for: "ReLU"), x, on: pass.workers)))
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { .relu }
}

/// `max(x, 0)`.
@specialized(where Scalar == Float)
func rectified<Scalar: TensorScalar>(_ x: Tensor<Scalar>, on workers: Workers) -> Tensor<Scalar> {
  x.filling(on: workers) { range, y, x in
    for i in range {
      let value = x[i]
      y[i] = value <= 0 ? 0 : value
    }
  }
}

@specialized(where Scalar == Float)
private func rectifiedGradient<Scalar: TensorScalar>(
  _ dy: Tensor<Scalar>, _ x: Tensor<Scalar>, on workers: Workers
) -> Tensor<Scalar> {
  dy.filling(with: x, on: workers) { range, dx, dy, x in
    for i in range {
      let value = dy[i]
      dx[i] = x[i] > 0 ? value : 0
    }
  }
}
