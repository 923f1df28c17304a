import Tensors

/// `y = max(x, 0)` on values; `∂y/∂x = 1` for `x > 0`, else 0. NaN stays NaN.
public struct ReLU<Scalar: TensorScalar>: Layer {
  /// ReLU has no parameters.
  public init() {}

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let x = input.value(for: "ReLU")
    return Forward(.value(elementwise(.relu, x, on: pass.device))) { gradient in
      Backward(input: .value(elementwise(.reluGradient, gradient.value(for: "ReLU"), x, on: pass.device)))
    }
  }

  public func prediction(on device: Device) -> PredictionStep<Scalar>? { .relu }
}
