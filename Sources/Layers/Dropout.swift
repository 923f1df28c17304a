import RandomStreams
import Tensors

/// Dropout: each element is kept with probability `1 − p`, and is **not** rescaled in training; the deployed network
/// multiplies by `1 − p` instead (`Method.md` §3).
///
/// The mask multiplies a distribution's mean and variance; a masked ±1 Bernoulli, which may be 0, becomes a Gaussian.
public struct Dropout<Scalar: TensorScalar>: Layer {
  /// `p`, the probability of dropping an element.
  public let rate: Double

  /// `1 − p`, rounded once.
  private var keep: Scalar { Scalar(1 - rate) }

  /// - Precondition: `0 ≤ rate < 1`.
  public init(rate: Double) {
    precondition(rate >= 0 && rate < 1, "Dropout: rate \(rate) is not in 0..<1")
    self.rate = rate
  }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    // The backward pass draws the mask again, which costs less than keeping it.
    let mask = Mask<Scalar>(keep: keep, pass)
    if case .value(let x) = input {
      return Forward(.value(mask.of(x)[0])) { gradient in
        Backward(input: pass.needsInputGradient ? .value(mask.of(gradient.value(for: "Dropout"))[0]) : nil)
      }
    }
    let (mean, variance) = input.moments(for: "Dropout", on: pass.workers)
    let kept = mask.of(mean, variance)
    return Forward(.gaussian(mean: kept[0], variance: kept[1])) { gradient in
      let (dMean, dVariance) = gradient.gaussian(for: "Dropout")
      guard pass.needsInputGradient else { return Backward(input: nil) }
      let kept = mask.of(dMean, dVariance)
      return Backward(input: input.gradient(mean: kept[0], variance: kept[1], on: pass.workers))
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { .multiply(keep) }
}

/// The elements that a pass keeps: those whose uniform number is below `keep`.
private struct Mask<Scalar: TensorScalar> {
  private let keep: Scalar
  private let pass: LayerPass

  init(keep: Scalar, _ pass: LayerPass) {
    self.keep = keep
    self.pass = pass
  }

  /// Tensors of one shape, all with the same mask.
  func of(_ tensors: Tensor<Scalar>...) -> [Tensor<Scalar>] {
    let uniforms: Tensor<Scalar> = pass.stream(.dropout).uniform(tensors[0].shape, on: pass.workers)
    return tensors.map { masked($0, uniforms, keep: keep, on: pass.workers) }
  }
}

/// `x` where `u < keep`, else 0.
@specialized(where Scalar == Float)
private func masked<Scalar: TensorScalar>(
  _ x: Tensor<Scalar>, _ uniforms: Tensor<Scalar>, keep: Scalar, on workers: Workers
) -> Tensor<Scalar> {
  x.filling(with: uniforms, on: workers) { range, y, x, u in
    for i in range {
      // Read before the comparison, so that it compiles to a selection rather than a branch.
      let value = x[i]
      y[i] = u[i] < keep ? value : 0
    }
  }
}
