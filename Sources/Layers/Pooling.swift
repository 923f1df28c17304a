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

  public func prediction(on device: Device) -> PredictionStep<Scalar>? { .pool(kind) }

  private func maximum(_ x: Tensor<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let windows = PoolingWindows(x.shape, on: pass.device)
    return Forward(.value(windows(.largest, [x])[0])) { gradient in
      guard pass.needsInputGradient else { return Backward(input: nil) }
      return Backward(
        input: .value(windows.gradient(.largestGradient, [x], [gradient.value(for: "Pooling")])[0]))
    }
  }

  private func maximum(mean: Tensor<Scalar>, variance: Tensor<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let windows = PoolingWindows(mean.shape, on: pass.device)
    let output = windows(.gaussianMaximum, [mean, variance])
    return Forward(.gaussian(mean: output[0], variance: output[1])) { gradient in
      let (g, h) = gradient.gaussian(for: "Pooling")
      guard pass.needsInputGradient else { return Backward(input: nil) }
      let d = windows.gradient(.gaussianMaximumGradient, [mean, variance], [g, h])
      return Backward(input: .gaussian(mean: d[0], variance: d[1]))
    }
  }

  private func maximum(bernoulli mean: Tensor<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let windows = PoolingWindows(mean.shape, on: pass.device)
    return Forward(.bernoulli(mean: windows(.bernoulliMaximum, [mean])[0])) { gradient in
      let g = gradient.bernoulliMean(for: "Pooling")
      guard pass.needsInputGradient else { return Backward(input: nil) }
      return Backward(input: .bernoulli(mean: windows.gradient(.bernoulliMaximumGradient, [mean], [g])[0]))
    }
  }

  /// Sums times `factor`: of values, or of distributions' means; their variances' sums are multiplied by `factor²`.
  private func scaledSum(_ input: Signal<Scalar>, factor: Scalar, _ pass: LayerPass) -> Forward<Scalar> {
    let device = pass.device
    if case .value(let x) = input {
      let windows = PoolingWindows(x.shape, on: device)
      return Forward(.value(windows.scaledSum(x, factor: factor))) { gradient in
        let dy = gradient.value(for: "Pooling")
        guard pass.needsInputGradient else { return Backward(input: nil) }
        return Backward(input: .value(windows.scaledSumGradient(dy, factor: factor)))
      }
    }
    let (mean, variance) = input.moments(for: "Pooling", on: device)
    let windows = PoolingWindows(mean.shape, on: device)
    let output = Signal.gaussian(
      mean: windows.scaledSum(mean, factor: factor),
      variance: windows.scaledSum(variance, factor: factor * factor))
    return Forward(output) { gradient in
      let (g, h) = gradient.gaussian(for: "Pooling")
      guard pass.needsInputGradient else { return Backward(input: nil) }
      return Backward(
        input: input.gradient(
          mean: windows.scaledSumGradient(g, factor: factor),
          variance: windows.scaledSumGradient(h, factor: factor * factor), on: device))
    }
  }
}

/// The 2×2 windows of images `(N, C, H, W)`, two pixels apart.
///
/// **Ours**: an odd last row or column belongs to no window, and its gradient is 0.
struct PoolingWindows {
  private let shape: Shape
  private let device: Device

  /// - Precondition: four axes, and `H ≥ 2`, `W ≥ 2`.
  init(_ shape: Shape, on device: Device) {
    precondition(
      shape.count == 4 && shape[2] >= 2 && shape[3] >= 2,
      "Pooling: images of shape \(shape); expected (N, C, H, W) with H and W at least 2")
    (self.shape, self.device) = (shape, device)
  }

  /// A number for each window, for each output of the pass.
  func callAsFunction<Scalar>(_ pass: WindowPass, _ x: [Tensor<Scalar>], constants: [Scalar] = []) -> [Tensor<Scalar>] {
    overWindows(pass, images: shape, windows: x, constants: constants, on: device).numbers
  }

  /// A number for each pixel, for each output of the pass, given gradients with a number for each window.
  func gradient<Scalar>(
    _ pass: WindowPass, _ x: [Tensor<Scalar>], _ g: [Tensor<Scalar>], constants: [Scalar] = []
  ) -> [Tensor<Scalar>] {
    overWindows(pass, images: shape, windows: x, numbers: g, constants: constants, on: device).windows
  }

  /// `factor · Σ x`, summed as `(x₁ + x₂) + (x₃ + x₄)`.
  func scaledSum<Scalar>(_ x: Tensor<Scalar>, factor: Scalar) -> Tensor<Scalar> {
    self(.scaledSum, [x], constants: [factor])[0]
  }

  func scaledSumGradient<Scalar>(_ g: Tensor<Scalar>, factor: Scalar) -> Tensor<Scalar> {
    gradient(.scaledSumGradient, [], [g], constants: [factor])[0]
  }

  /// The pooled values, as in the deployed network.
  func pool<Scalar>(_ x: Tensor<Scalar>, _ kind: PoolingKind) -> Tensor<Scalar> {
    switch kind {
    case .max: self(.largest, [x])[0]
    case .average: scaledSum(x, factor: 0.25)
    case .sum: scaledSum(x, factor: 1)
    }
  }
}
