import RandomStreams
import Tensors

/// The local reparameterization of a Gaussian: `x = m + √(v + 1e-8) · ε`, `ε ~ N(0, 1)` (`Method.md` §3).
///
/// The deployed network has no such step.
public struct GaussianReparameterization<Scalar: TensorScalar>: Layer {
  /// The reparameterization has no parameters.
  public init() {}

  /// The constant that is added to `v`.
  public static var epsilon: Scalar { 1e-8 }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let (m, v) = input.gaussian(for: "GaussianReparameterization")
    let noise: Tensor<Scalar> = pass.stream(.reparameterization).normal(m.shape, on: pass.workers)
    let deviation = deviation(v, on: pass.workers)
    return Forward(.value(sample(m, deviation, noise, on: pass.workers))) { gradient in
      let dx = gradient.value(for: "GaussianReparameterization")
      return Backward(
        input: .gaussian(mean: dx, variance: varianceGradient(dx, deviation, noise, on: pass.workers)))
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { nil }
}

/// `√(v + 1e-8)`.
@specialized(where Scalar == Float)
private func deviation<Scalar: TensorScalar>(_ v: Tensor<Scalar>, on workers: Workers) -> Tensor<Scalar> {
  let epsilon = GaussianReparameterization<Scalar>.epsilon
  return v.filling(on: workers) { for i in $0 { $1[i] = $2[i] + epsilon } }.applying(.squareRoot, on: workers)
}

@specialized(where Scalar == Float)
private func sample<Scalar: TensorScalar>(
  _ m: Tensor<Scalar>, _ deviation: Tensor<Scalar>, _ noise: Tensor<Scalar>, on workers: Workers
) -> Tensor<Scalar> {
  m.filling(with: deviation, noise, on: workers) { range, x, m, deviation, noise in
    for i in range { x[i] = m[i] + deviation[i] * noise[i] }
  }
}

/// `∂x/∂v = ε / (2 √(v + 1e-8))`.
@specialized(where Scalar == Float)
private func varianceGradient<Scalar: TensorScalar>(
  _ dx: Tensor<Scalar>, _ deviation: Tensor<Scalar>, _ noise: Tensor<Scalar>, on workers: Workers
) -> Tensor<Scalar> {
  dx.filling(with: deviation, noise, on: workers) { range, dv, dx, deviation, noise in
    for i in range { dv[i] = dx[i] * noise[i] / (2 * deviation[i]) }
  }
}
