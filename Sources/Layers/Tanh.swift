import Tensors

/// `y = tanh x` on values; `∂y/∂x = 1 − y²`.
public struct Tanh<Scalar: TensorScalar>: Layer {
  /// Tanh has no parameters.
  public init() {}

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let y: Tensor = elementwise(.tanh, input.value(for: "Tanh"), on: pass.device)
    return Forward(.value(y)) { gradient in
      Backward(input: .value(elementwise(.tanhGradient, gradient.value(for: "Tanh"), y, on: pass.device)))
    }
  }

  public func prediction(on device: Device) -> PredictionStep<Scalar>? { .tanh }
}
