import RandomStreams
import Tensors

/// The local reparameterization of a Gaussian: `x = m + √(v + 1e-8) · ε`, `ε ~ N(0, 1)` (`method.md` §3).
///
/// It is no step of the deployed network.
public struct GaussianReparameterization<Scalar: Real>: Layer {
  public init() {}

  public static var epsilon: Scalar { 1e-8 }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let (m, v) = input.gaussian(for: "GaussianReparameterization")
    let noise: Tensor<Scalar> = pass.stream(.reparameterization).normal(m.shape, on: pass.workers)
    return Forward(.value(sample(m, v, noise, on: pass.workers))) { gradient in
      let dx = gradient.value(for: "GaussianReparameterization")
      return Backward(input: .gaussian(mean: dx, variance: varianceGradient(dx, v, noise, on: pass.workers)))
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { nil }
}

@specialized(where Scalar == Float)
private func sample<Scalar: Real>(
  _ m: Tensor<Scalar>, _ v: Tensor<Scalar>, _ noise: Tensor<Scalar>, on workers: Workers
) -> Tensor<Scalar> {
  m.map(with: v, noise, on: workers) { $0 + ($1 + GaussianReparameterization<Scalar>.epsilon).squareRoot() * $2 }
}

/// `∂x/∂v = ε / (2 √(v + 1e-8))`.
@specialized(where Scalar == Float)
private func varianceGradient<Scalar: Real>(
  _ dx: Tensor<Scalar>, _ v: Tensor<Scalar>, _ noise: Tensor<Scalar>, on workers: Workers
) -> Tensor<Scalar> {
  dx.map(with: v, noise, on: workers) {
    $0 * $2 / (2 * ($1 + GaussianReparameterization<Scalar>.epsilon).squareRoot())
  }
}
