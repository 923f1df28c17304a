import RandomStreams
import Tensors

/// Dropout: each element is kept with probability `1 − p`, **not** rescaled in training; the deployed network multiplies
/// by `1 − p` (`method.md` §3).
///
/// Of a distribution the mask multiplies mean and variance; a masked ±1 Bernoulli, which may be 0, becomes a Gaussian.
public struct Dropout<Scalar: Real>: Layer {
  /// `p`, the probability to drop an element.
  public let rate: Scalar

  /// - Precondition: `0 ≤ rate < 1`.
  public init(rate: Scalar) {
    precondition(rate >= 0 && rate < 1, "Dropout: rate \(rate) is not in 0..<1")
    self.rate = rate
  }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    if case .value(let x) = input {
      let mask = Mask<Scalar>(x.shape, keep: 1 - rate, pass)
      return Forward(.value(mask.of(x))) { gradient in
        Backward(input: pass.needsInputGradient ? .value(mask.of(gradient.value(for: "Dropout"))) : nil)
      }
    }
    let (mean, variance) = input.moments(for: "Dropout", on: pass.workers)
    let mask = Mask<Scalar>(mean.shape, keep: 1 - rate, pass)
    return Forward(.gaussian(mean: mask.of(mean), variance: mask.of(variance))) { gradient in
      let (dMean, dVariance) = gradient.gaussian(for: "Dropout")
      guard pass.needsInputGradient else { return Backward(input: nil) }
      return Backward(
        input: input.gradient(mean: mask.of(dMean), variance: mask.of(dVariance), on: pass.workers))
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { .multiply(1 - rate) }
}

/// What a pass keeps: the elements whose uniform number is below `keep`.
private struct Mask<Scalar: Real> {
  private let uniforms: Tensor<Scalar>
  private let keep: Scalar
  private let workers: Workers

  init(_ shape: Shape, keep: Scalar, _ pass: LayerPass) {
    uniforms = pass.stream(.dropout).uniform(shape, on: pass.workers)
    self.keep = keep
    workers = pass.workers
  }

  func of(_ x: Tensor<Scalar>) -> Tensor<Scalar> { masked(x, uniforms, keep: keep, on: workers) }
}

/// `x` where `u < keep`, else 0.
@specialized(where Scalar == Float)
private func masked<Scalar: Real>(
  _ x: Tensor<Scalar>, _ uniforms: Tensor<Scalar>, keep: Scalar, on workers: Workers
) -> Tensor<Scalar> {
  x.filling(with: uniforms, on: workers) { range, y, x, u in
    for i in range {
      // Read before the comparison, so that it becomes a selection and no branch.
      let value = x[i]
      y[i] = u[i] < keep ? value : 0
    }
  }
}
