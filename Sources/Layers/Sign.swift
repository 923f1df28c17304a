import Tensors

/// The sign of a Gaussian: a ±1 Bernoulli with mean `erf z`, `z = m / √(2v + 1e-8)` (Roth et al. 2019; `Method.md` §3).
///
/// The deployed network's sign is +1 at 0 (**ours**: the authors' code gives 0 at 0).
public struct Sign<Scalar: TensorScalar>: Layer {
  /// The sign has no parameters.
  public init() {}

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let (m, v) = input.gaussian(for: "Sign")
    let (mean, z, root) = elementwise(.sign, m, v, on: pass.device)
    return Forward(.bernoulli(mean: mean)) { gradient in
      let (dm, dv) = elementwise(.signGradient, gradient.bernoulliMean(for: "Sign"), z, root, on: pass.device)
      return Backward(input: .gaussian(mean: dm, variance: dv))
    }
  }

  public func prediction(on device: Device) -> PredictionStep<Scalar>? { .sign }
}
