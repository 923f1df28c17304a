import Tensors

/// Gradients through batch normalization. With `G = ∂L/∂m'`, `H = ∂L/∂v'` (0 for values), `f` the degrees of freedom
/// (`n` for values, `n − 1` for Gaussians), all sums over the channel's `n` samples and pixels:
///
///     ∂L/∂β = Σ G
///     ∂L/∂γ = r Σ G (m − m̄) + 2 γ r² Σ H v
///     ∂L/∂s² = −½ r² γ ∂L/∂γ            (since ∂L/∂r = (γ/r) ∂L/∂γ and ∂r/∂s² = −½ r³)
///     ∂L/∂m = G r γ + ∂L/∂s² · 2 (m − m̄) / f − (r γ / n) Σ G
///     ∂L/∂v = H (r γ)² + ∂L/∂s² / f
struct NormalizationGradient<Scalar: TensorScalar> {
  /// `∂L/∂γ`.
  let scale: Tensor<Scalar>
  /// `∂L/∂β`.
  let shift: Tensor<Scalar>
  private let dMean, mean: Tensor<Scalar>
  private let dVariance: Tensor<Scalar>?
  /// `m̄`, `r γ`, `∂L/∂s² / f` and `r γ / n · Σ G` of each channel.
  private let channels: [Tensor<Scalar>]

  init(
    dMean: Tensor<Scalar>, dVariance: Tensor<Scalar>?, mean m: Tensor<Scalar>, variance v: Tensor<Scalar>?,
    statistics: BatchStatistics<Scalar>, scale gamma: Tensor<Scalar>, on device: Device
  ) {
    let (r, mean) = (statistics.inverseDeviation, statistics.mean)
    let n = m.count / r.count
    let sums: [Tensor<Scalar>]
    if let dVariance, let v {
      sums = columnSums(of: .gaussianNormalizationSums, dMean, dVariance, m, v, channels: [mean], on: device)
    } else {
      sums = columnSums(of: .normalizationSums, dMean, m, channels: [mean], on: device)
    }
    let totals = sums.map { $0.pixelSums(r.count, on: device) }
    shift = totals[0]
    scale =
      v == nil
      ? elementwise(.scaleGradient, totals[1], r, on: device)
      : elementwise(.gaussianScaleGradient, totals[1], totals[2], r, gamma, on: device)
    let degreesOfFreedom = v == nil ? n : n - 1
    let (factor, spread, average) = elementwise(
      .gradientFactors, shift, scale, r, gamma, constants: [2 * Scalar(degreesOfFreedom), Scalar(n)], on: device)
    channels = [mean, factor, spread, average]
    (self.dMean, self.dVariance, self.mean) = (dMean, dVariance, m)
  }

  /// `∂L/∂m` and, of a Gaussian, `∂L/∂v`.
  func input(on device: Device) -> Signal<Scalar> {
    guard let dVariance else {
      return .value(elementwise(.normalizationGradient, dMean, mean, channels: channels, on: device))
    }
    let (dm, dv) = elementwise(
      .gaussianNormalizationGradient, dMean, dVariance, mean, channels: channels, on: device)
    return .gaussian(mean: dm, variance: dv)
  }
}
