import RandomStreams
import Tensors

/// The local reparameterization of a Gaussian: `x = m + √(v + 1e-8) · ε`, `ε ~ N(0, 1)` (`Method.md` §3).
///
/// The deployed network has no such step.
public struct GaussianReparameterization<Scalar: TensorScalar>: Layer {
  /// The reparameterization has no parameters.
  public init() {}

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let (m, v) = input.gaussian(for: "GaussianReparameterization")
    let noise: Tensor<Scalar> = pass.stream(.reparameterization).normal(m.shape, on: pass.device)
    let (x, deviation) = elementwise(.gaussianSample, m, v, noise, on: pass.device)
    return Forward(.value(x)) { gradient in
      let dx = gradient.value(for: "GaussianReparameterization")
      return Backward(
        input: .gaussian(
          mean: dx, variance: elementwise(.gaussianSampleGradient, dx, deviation, noise, on: pass.device)))
    }
  }

  public func prediction(on device: Device) -> PredictionStep<Scalar>? { nil }
}
