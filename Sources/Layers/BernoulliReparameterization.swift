import RandomStreams
import Tensors

/// How a ±1 Bernoulli is sampled.
public enum BernoulliEstimator: String, CaseIterable, Codable, Sendable {
  /// The relaxed sample: a number in [−1, 1] through which gradients propagate.
  case relaxed
  /// The relaxed sample's sign, +1 at 0, with the gradient of the relaxed sample for the same noise: a sample of the
  /// Bernoulli itself (straight-through Gumbel-softmax, Jang et al. 2017).
  case straightThrough = "straight-through"
}

/// The relaxed sample of a ±1 Bernoulli with mean `m` (binary concrete; Maddison et al. 2017, Jang et al. 2017;
/// `Method.md` §3), with `δ = 1e-6` and standard logistic noise `L`:
///
///     x = tanh a,  a = (log(1 + m + δ) − log(1 − m + δ) + L) / (2τ)
///
/// or its sign, depending on the estimator. The deployed network has no such step. The gradient of both, with `e = exp(−2|a|)`:
///
///     ∂x/∂m = 4e / (1 + e)² / (2τ) · (1 / (1 + m + δ) + 1 / (1 − m + δ))
///
/// The slope `4e / (1 + e)²` (**ours**) equals `1 − x²` but avoids its cancellation, which near `|x| = 1` leaves no correct digit; since
/// the other factors are as large as `1 / δ`, small slopes matter.
public struct BernoulliReparameterization<Scalar: TensorScalar>: Layer {
  /// `τ`.
  public let temperature: Scalar
  /// The relaxed sample, or its sign.
  public let estimator: BernoulliEstimator

  /// - Precondition: `temperature > 0`.
  public init(temperature: Scalar = 1, estimator: BernoulliEstimator = .relaxed) {
    precondition(temperature > 0, "BernoulliReparameterization: temperature \(temperature) is not positive")
    self.temperature = temperature
    self.estimator = estimator
  }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let m = input.bernoulliMean(for: "BernoulliReparameterization")
    let noise: Tensor<Scalar> = pass.stream(.reparameterization).logistic(m.shape, on: pass.device)
    let (x, argument) = elementwise(
      estimator == .relaxed ? .relaxedSample : .hardSample, m, noise, constants: [temperature], on: pass.device)
    return Forward(.value(x)) { gradient in
      let dx = gradient.value(for: "BernoulliReparameterization")
      return Backward(
        input: .bernoulli(
          mean: elementwise(
            .relaxedSampleGradient, dx, argument, m, constants: [temperature], on: pass.device)))
    }
  }

  public func prediction(on device: Device) -> PredictionStep<Scalar>? { nil }
}
