import Tensors

/// Pooling of images `(N, C, H, W)` over 2×2 windows, two pixels apart: shape `(N, C, ⌊H/2⌋, ⌊W/2⌋)` (`Method.md` §3).
///
/// **Ours**: an odd last row or column is dropped.
///
/// | kind | values | Gaussians | ±1 Bernoullis |
/// |---|---|---|---|
/// | max | the largest | Clark 1961, pairwise | `m' = 1 − 2 Π (1 − m_i)/2` |
/// | average | `Σ x / 4` | `m' = Σ m / 4`, `v' = Σ v / 16` | a Gaussian: `v_i = 1 − m_i² + 1e-6` |
/// | sum | `Σ x` | `m' = Σ m`, `v' = Σ v` | a Gaussian, likewise |
///
/// The gradient of a window's maximum goes to its largest value, at a tie to the first in the order top left, top right, bottom
/// left, bottom right; a NaN counts as the largest. For Gaussians, the maximum of the upper two and that of the lower two are
/// taken, then the maximum of these results as if they were Gaussians (doi:10.1287/opre.9.2.145): the moments are exact for two
/// and approximate for four.
public struct Pooling<Scalar: TensorScalar>: Layer {
  /// What a window becomes.
  public let kind: PoolingKind

  /// Pooling of one kind; there are no parameters.
  public init(_ kind: PoolingKind) { self.kind = kind }

  /// - Precondition: four axes, and `H ≥ 2`, `W ≥ 2`.
  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    switch (kind, input) {
    case (.max, .value(let x)): maximum(x, pass)
    case (.max, .gaussian(let mean, let variance)): maximum(mean: mean, variance: variance, pass)
    case (.max, .bernoulli(let mean)): maximum(bernoulli: mean, pass)
    case (.average, _): scaledSum(input, factor: 0.25, pass)
    case (.sum, _): scaledSum(input, factor: 1, pass)
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { .pool(kind) }

  private func maximum(_ x: Tensor<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let windows = PoolingWindows(x.shape)
    return Forward(.value(windows.largest(x, on: pass.workers))) { gradient in
      let dy = gradient.value(for: "Pooling")
      return Backward(
        input: pass.needsInputGradient ? .value(windows.largestGradient(dy, x, on: pass.workers)) : nil)
    }
  }

  private func maximum(mean: Tensor<Scalar>, variance: Tensor<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let windows = PoolingWindows(mean.shape)
    let output = windows.gaussianMaximum(mean: mean, variance: variance, on: pass.workers)
    return Forward(.gaussian(mean: output.mean, variance: output.variance)) { gradient in
      let g = gradient.gaussian(for: "Pooling")
      guard pass.needsInputGradient else { return Backward(input: nil) }
      let d = windows.gaussianMaximumGradient(g, mean: mean, variance: variance, on: pass.workers)
      return Backward(input: .gaussian(mean: d.mean, variance: d.variance))
    }
  }

  private func maximum(bernoulli mean: Tensor<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let windows = PoolingWindows(mean.shape)
    return Forward(.bernoulli(mean: windows.bernoulliMaximum(mean, on: pass.workers))) { gradient in
      let g = gradient.bernoulliMean(for: "Pooling")
      return Backward(
        input: pass.needsInputGradient
          ? .bernoulli(mean: windows.bernoulliMaximumGradient(g, mean, on: pass.workers)) : nil)
    }
  }

  /// Sums times `factor`: of values, or of distributions' means; their variances' sums are multiplied by `factor²`.
  private func scaledSum(_ input: Signal<Scalar>, factor: Scalar, _ pass: LayerPass) -> Forward<Scalar> {
    let workers = pass.workers
    if case .value(let x) = input {
      let windows = PoolingWindows(x.shape)
      return Forward(.value(windows.scaledSum(x, factor: factor, on: workers))) { gradient in
        let dy = gradient.value(for: "Pooling")
        return Backward(
          input: pass.needsInputGradient ? .value(windows.scaledSumGradient(dy, factor: factor, on: workers)) : nil)
      }
    }
    let (mean, variance) = input.moments(for: "Pooling", on: workers)
    let windows = PoolingWindows(mean.shape)
    let output = Signal.gaussian(
      mean: windows.scaledSum(mean, factor: factor, on: workers),
      variance: windows.scaledSum(variance, factor: factor * factor, on: workers))
    return Forward(output) { gradient in
      let (g, h) = gradient.gaussian(for: "Pooling")
      guard pass.needsInputGradient else { return Backward(input: nil) }
      return Backward(
        input: input.gradient(
          mean: windows.scaledSumGradient(g, factor: factor, on: workers),
          variance: windows.scaledSumGradient(h, factor: factor * factor, on: workers), on: workers))
    }
  }
}
