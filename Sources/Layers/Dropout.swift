import RandomStreams
import Tensors

/// Dropout: each element is kept with probability `1 − p`, **not** rescaled in training; the deployed network multiplies
/// by `1 − p` (`method.md` §3).
public struct Dropout<Scalar: Real>: Layer {
  /// `p`, the probability to drop an element.
  public let rate: Scalar

  /// - Precondition: `0 ≤ rate < 1`.
  public init(rate: Scalar) {
    precondition(rate >= 0 && rate < 1, "Dropout: rate \(rate) is not in 0..<1")
    self.rate = rate
  }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let x = input.value(for: "Dropout")
    let uniforms: Tensor<Scalar> = pass.stream(.dropout).uniform(x.shape, on: pass.workers)
    let keep = 1 - rate
    return Forward(.value(masked(x, uniforms, keep: keep, on: pass.workers))) { gradient in
      let dy = gradient.value(for: "Dropout")
      return Backward(
        input: pass.needsInputGradient ? .value(masked(dy, uniforms, keep: keep, on: pass.workers)) : nil)
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { .multiply(1 - rate) }
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
