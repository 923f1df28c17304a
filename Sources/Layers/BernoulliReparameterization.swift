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
/// The slope `4e / (1 + e)²` equals `1 − x²` but avoids its cancellation, which near `|x| = 1` leaves no correct digit; since
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

  /// `δ`, which keeps the logarithms finite for means of ±1.
  public static var delta: Scalar { 1e-6 }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let m = input.bernoulliMean(for: "BernoulliReparameterization")
    let noise: Tensor<Scalar> = pass.stream(.reparameterization).logistic(m.shape, on: pass.workers)
    let argument = tanhArgument(m, noise, temperature: temperature, on: pass.workers)
    // tanh keeps the argument's sign.
    let output =
      estimator == .relaxed ? argument.applying(.tanh, on: pass.workers) : hardSign(argument, on: pass.workers)
    return Forward(.value(output)) { gradient in
      let dx = gradient.value(for: "BernoulliReparameterization")
      return Backward(
        input: .bernoulli(mean: relaxedSampleGradient(dx, argument, m, temperature: temperature, on: pass.workers)))
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { nil }
}

/// `a = (log(1 + m + δ) − log(1 − m + δ) + L) / (2τ)`.
@specialized(where Scalar == Float)
private func tanhArgument<Scalar: TensorScalar>(
  _ m: Tensor<Scalar>, _ noise: Tensor<Scalar>, temperature: Scalar, on workers: Workers
) -> Tensor<Scalar> {
  let delta = BernoulliReparameterization<Scalar>.delta
  let positive = m.filling(on: workers) { for i in $0 { $1[i] = 1 + $2[i] + delta } }
  let negative = m.filling(on: workers) { for i in $0 { $1[i] = 1 - $2[i] + delta } }
  return positive.applying(.log, on: workers).filling(
    with: negative.applying(.log, on: workers), noise, on: workers
  ) { range, y, positive, negative, noise in
    for i in range { y[i] = (positive[i] - negative[i] + noise[i]) / (2 * temperature) }
  }
}

/// `dm = dx · 4e / (1 + e)² / (2τ) · (1 / (1 + m + δ) + 1 / (1 − m + δ))`, `e = exp(−2|a|)`, in blocks that stay in the
/// first-level cache between the passes over them.
@specialized(where Scalar == Float)
private func relaxedSampleGradient<Scalar: TensorScalar>(
  _ dx: Tensor<Scalar>, _ argument: Tensor<Scalar>, _ m: Tensor<Scalar>, temperature: Scalar, on workers: Workers
) -> Tensor<Scalar> {
  let delta = BernoulliReparameterization<Scalar>.delta
  return dx.filling(with: argument, m, on: workers) { range, dm, dx, a, m in
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 2048) {
      let block = start..<min(start + 2048, range.upperBound)
      for i in block { dm[i] = -2 * abs(a[i]) }
      Scalar.apply(.exp, dm + start, dm + start, block.count)
      for i in block {
        let e = dm[i]
        let slope = 4 * e / ((1 + e) * (1 + e))
        dm[i] = dx[i] * slope / (2 * temperature) * (1 / (1 + m[i] + delta) + 1 / (1 - m[i] + delta))
      }
    }
  }
}
