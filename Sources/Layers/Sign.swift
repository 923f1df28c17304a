import RandomStreams
import Tensors

/// The sign of a Gaussian: a ±1 Bernoulli with mean `erf z`, `z = m / √(2v + 1e-8)` (Roth et al. 2019; `Method.md` §3).
///
/// The deployed network's sign is +1 at 0 (**ours**: the authors' code gives 0 at 0).
public struct Sign<Scalar: TensorScalar>: Layer {
  /// The sign has no parameters.
  public init() {}

  /// The constant that is added to `2v`.
  public static var epsilon: Scalar { 1e-8 }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let (m, v) = input.gaussian(for: "Sign")
    let (z, root) = standardize(m, v, on: pass.workers)
    return Forward(.bernoulli(mean: z.applying(.erf, on: pass.workers))) { gradient in
      let (dm, dv) = signGradient(gradient.bernoulliMean(for: "Sign"), z, root, on: pass.workers)
      return Backward(input: .gaussian(mean: dm, variance: dv))
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { .sign }
}

/// `z = m / s` and `s = √(2v + ε)`.
@specialized(where Scalar == Float)
private func standardize<Scalar: TensorScalar>(
  _ m: Tensor<Scalar>, _ v: Tensor<Scalar>, on workers: Workers
) -> (z: Tensor<Scalar>, root: Tensor<Scalar>) {
  let epsilon = Sign<Scalar>.epsilon
  let root = v.filling(on: workers) { for i in $0 { $1[i] = 2 * $2[i] + epsilon } }.applying(.squareRoot, on: workers)
  return (m.filling(with: root, on: workers) { for i in $0 { $1[i] = $2[i] / $3[i] } }, root)
}

/// `∂L/∂m = g / s`, `∂L/∂v = −z/s · ∂L/∂m`, with `g = ∂L/∂m' · 2/√π · exp(−z²)`.
@specialized(where Scalar == Float)
private func signGradient<Scalar: TensorScalar>(
  _ dMean: Tensor<Scalar>, _ z: Tensor<Scalar>, _ root: Tensor<Scalar>, on workers: Workers
) -> (Tensor<Scalar>, Tensor<Scalar>) {
  let twoOverRootPi = Scalar(1.1283791670955125739)
  let density = z.filling(on: workers) { for i in $0 { $1[i] = -($2[i] * $2[i]) } }.applying(.exp, on: workers)
  let dm = dMean.filling(with: density, root, on: workers) { range, dm, g, density, root in
    for i in range { dm[i] = g[i] * (twoOverRootPi * density[i]) / root[i] }
  }
  let dv = dm.filling(with: z, root, on: workers) { range, dv, dm, z, root in
    for i in range { dv[i] = -(dm[i] * (z[i] / root[i])) }
  }
  return (dm, dv)
}
