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
      return Forward(.value(mask.of(x))) { gradient in
        Backward(input: pass.needsInputGradient ? .value(mask.of(gradient.value(for: "Dropout"))) : nil)
      }
    }
    let (mean, variance) = input.moments(for: "Dropout", on: pass.device)
    let (keptMean, keptVariance) = mask.of(mean, variance)
    return Forward(.gaussian(mean: keptMean, variance: keptVariance)) { gradient in
      let (dMean, dVariance) = gradient.gaussian(for: "Dropout")
      guard pass.needsInputGradient else { return Backward(input: nil) }
      let (keptMean, keptVariance) = mask.of(dMean, dVariance)
      return Backward(input: input.gradient(mean: keptMean, variance: keptVariance, on: pass.device))
    }
  }

  public func prediction(on device: Device) -> PredictionStep<Scalar>? { .multiply(keep) }
}

/// The elements that a pass keeps: those whose uniform number is below `keep`.
private struct Mask<Scalar: TensorScalar> {
  private let keep: Scalar
  private let pass: LayerPass

  init(keep: Scalar, _ pass: LayerPass) {
    self.keep = keep
    self.pass = pass
  }

  func of(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    elementwise(.dropout, x, uniforms(x.shape), constants: [keep], on: pass.device)
  }

  /// Mean and variance with the same mask.
  func of(_ mean: Tensor<Scalar>, _ variance: Tensor<Scalar>) -> (Tensor<Scalar>, Tensor<Scalar>) {
    elementwise(.dropoutMoments, mean, variance, uniforms(mean.shape), constants: [keep], on: pass.device)
  }

  private func uniforms(_ shape: Shape) -> Tensor<Scalar> { pass.stream(.dropout).uniform(shape, on: pass.device) }
}
