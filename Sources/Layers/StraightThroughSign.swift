import Tensors

/// The sign of a value with the straight-through gradient (Hubara et al. 2016, arXiv 1602.02830): `x ≥ 0 ↦ +1`, else −1, and
/// `∂L/∂x = ∂L/∂y · 1[|x| ≤ 1]`, as if the output were the hard tanh `max(−1, min(x, 1))`.
public struct StraightThroughSign<Scalar: TensorScalar>: Layer {
  /// The sign has no parameters.
  public init() {}

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let x = input.value(for: "StraightThroughSign")
    return Forward(.value(elementwise(.hardSign, x, on: pass.device))) { gradient in
      let dy = gradient.value(for: "StraightThroughSign")
      return Backward(
        input: pass.needsInputGradient ? .value(elementwise(.straightThroughGradient, dy, x, on: pass.device)) : nil)
    }
  }

  public func prediction(on device: Device) -> PredictionStep<Scalar>? { .sign }
}
