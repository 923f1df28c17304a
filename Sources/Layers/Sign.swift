import RandomStreams
import Tensors

/// The sign of a Gaussian: a ±1 Bernoulli with mean `erf z`, `z = m / √(2v + 1e-8)` (Roth et al. 2019; `method.md` §3).
///
/// The deployed network's sign is +1 at 0 (**ours**: the authors' code gives 0 at 0).
public struct Sign<Scalar: Real>: Layer {
  public init() {}

  public static var epsilon: Scalar { 1e-8 }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let (m, v) = input.gaussian(for: "Sign")
    let z = standardize(m, v, on: pass.workers)
    return Forward(.bernoulli(mean: z.applying(.erf, on: pass.workers))) { gradient in
      let (dm, dv) = signGradient(gradient.bernoulliMean(for: "Sign"), z, v, on: pass.workers)
      return Backward(input: .gaussian(mean: dm, variance: dv))
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { .sign }
}

/// `z = m / √(2v + ε)`.
@specialized(where Scalar == Float)
private func standardize<Scalar: Real>(
  _ m: Tensor<Scalar>, _ v: Tensor<Scalar>, on workers: Workers
) -> Tensor<Scalar> {
  m.map(with: v, on: workers) { $0 / (2 * $1 + Sign<Scalar>.epsilon).squareRoot() }
}

/// With `g = ∂L/∂m' · 2/√π · exp(−z²)`: `∂L/∂m = g / √(2v + ε)`, `∂L/∂v = −g z / (2v + ε)`.
@specialized(where Scalar == Float)
private func signGradient<Scalar: Real>(
  _ dMean: Tensor<Scalar>, _ z: Tensor<Scalar>, _ v: Tensor<Scalar>, on workers: Workers
) -> (Tensor<Scalar>, Tensor<Scalar>) {
  let twoOverRootPi = Scalar(1.1283791670955125739)
  let density = z.map(on: workers) { -($0 * $0) }.applying(.exp, on: workers)
  let g = dMean.map(with: density, on: workers) { $0 * (twoOverRootPi * $1) }
  return (
    g.map(with: v, on: workers) { $0 / (2 * $1 + Sign<Scalar>.epsilon).squareRoot() },
    g.map(with: z, v, on: workers) { -($0 * $1) / (2 * $2 + Sign<Scalar>.epsilon) }
  )
}
