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
  /// `n`.
  private let samples: Int
  private let dMean: Tensor<Scalar>
  private let input: Tensor<Scalar>
  private let statistics: BatchStatistics<Scalar>
  /// `r γ`.
  private let factor: Tensor<Scalar>
  /// `∂L/∂s² / f`.
  private let spread: Tensor<Scalar>

  init(
    dMean: Tensor<Scalar>, dVariance: Tensor<Scalar>?, mean m: Tensor<Scalar>, variance v: Tensor<Scalar>?,
    statistics: BatchStatistics<Scalar>, scale gamma: Tensor<Scalar>, on workers: Workers
  ) {
    let r = statistics.inverseDeviation
    samples = m.count / r.count
    let degreesOfFreedom = v == nil ? samples : samples - 1
    shift = dMean.channelSums(r.count, on: workers)
    let first = centredProductSums(dMean, m, statistics.mean, on: workers).map(with: r, on: .single) { $0 * $1 }
    if let dVariance, let v {
      let second = productSums(dVariance, v, channels: r.count, on: workers)
      scale = first.map(with: second.map(with: r, on: .single) { $0 * ($1 * $1) }, gamma, on: .single) {
        $0 + 2 * $2 * $1
      }
    } else {
      scale = first
    }
    factor = r.map(with: gamma, on: .single) { $0 * $1 }
    spread = r.map(with: gamma, scale, on: .single) { -($0 * $0) * $1 * $2 / (2 * Scalar(degreesOfFreedom)) }
    self.dMean = dMean
    self.input = m
    self.statistics = statistics
  }

  /// `∂L/∂m`.
  @specialized(where Scalar == Float)
  func mean(on workers: Workers) -> Tensor<Scalar> {
    let (rows, columns) = (input.rows, input.columns)
    let pixels = columns / factor.count
    let average = factor.map(with: shift, on: .single) { $0 * $1 / Scalar(samples) }.repeated(pixels)
    return withUnsafePointers(
      statistics.mean.repeated(pixels), factor.repeated(pixels), spread.repeated(pixels), average
    ) { mean, factor, spread, average in
      withUnsafePointers(dMean, input) { g, m in
        Tensor(input.shape) { y in
          workers.forEachRange(of: rows, grain: max(1, 16384 / columns)) {
            for i in $0 {
              for j in 0..<columns {
                let at = i * columns + j
                y[at] = g[at] * factor[j] + 2 * spread[j] * (m[at] - mean[j]) - average[j]
              }
            }
          }
        }
      }
    }
  }

  /// `∂L/∂v`.
  @specialized(where Scalar == Float)
  func variance(_ dVariance: Tensor<Scalar>, on workers: Workers) -> Tensor<Scalar> {
    let columns = dVariance.columns
    let pixels = columns / factor.count
    return withUnsafePointers(factor.repeated(pixels), spread.repeated(pixels)) { factor, spread in
      dVariance.fillingRows(on: workers) { y, h in
        for j in 0..<columns { y[j] = h[j] * (factor[j] * factor[j]) + spread[j] }
      }
    }
  }
}

/// `Σ a (x − mean)` of each channel.
@specialized(where Scalar == Float)
private func centredProductSums<Scalar: TensorScalar>(
  _ a: Tensor<Scalar>, _ x: Tensor<Scalar>, _ mean: Tensor<Scalar>, on workers: Workers
) -> Tensor<Scalar> {
  let columns = x.columns
  return mean.repeated(columns / mean.count).withUnsafePointer { mean in
    a.fillingRows(with: x, on: workers) { y, a, x in for j in 0..<columns { y[j] = a[j] * (x[j] - mean[j]) } }
  }.channelSums(mean.count, on: workers)
}

/// `Σ a b` of each channel.
@specialized(where Scalar == Float)
private func productSums<Scalar: TensorScalar>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, channels: Int, on workers: Workers
) -> Tensor<Scalar> {
  a.filling(with: b, on: workers) { for i in $0 { $1[i] = $2[i] * $3[i] } }.channelSums(channels, on: workers)
}
