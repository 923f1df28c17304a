import Tensors

/// The mean `m̄` and the inverse standard deviation `r = 1 / √(s² + 1e-8)` of each channel, shape `(C)`, for one batch or as
/// running averages. `r` itself is averaged, not the variance (`Method.md` §3).
public struct BatchStatistics<Scalar: TensorScalar>: Sendable, Equatable {
  /// `m̄`, shape `(C)`.
  public var mean: Tensor<Scalar>
  /// `r`, shape `(C)`.
  public var inverseDeviation: Tensor<Scalar>

  /// Statistics with given values.
  public init(mean: Tensor<Scalar>, inverseDeviation: Tensor<Scalar>) {
    self.mean = mean
    self.inverseDeviation = inverseDeviation
  }

  /// The constant that is added to the variance.
  public static var epsilon: Scalar { 1e-8 }
  /// The default weight of a new batch in the running averages.
  public static var runningFactor: Double { 0.1 }

  /// The statistics of values, shape `(N, C)` or `(N, C, H, W)`, over the `n` samples and pixels of each channel:
  /// `m̄ = mean x`, `s² = Σ (x − m̄)² / (n − correction)`.
  ///
  /// - Parameter correction: 0 for the biased variance, 1 for the unbiased.
  /// - Precondition: `n > correction`.
  public init(of x: Tensor<Scalar>, correction: Int, on device: Device) {
    self = channelStatistics(mean: x, variance: nil, correction: correction, on: device)
  }

  /// The statistics of Gaussians of the same shapes: `m̄ = mean m`, `s² = Σ (v + (m − m̄)²) / (n − 1)` (Peters & Welling
  /// 2018).
  ///
  /// - Precondition: `n ≥ 2`.
  public init(ofMean m: Tensor<Scalar>, variance v: Tensor<Scalar>, on device: Device) {
    precondition(m.shape == v.shape, "BatchStatistics: mean of shape \(m.shape), variance of shape \(v.shape)")
    self = channelStatistics(mean: m, variance: v, correction: 1, on: device)
  }

  /// Moves the running averages towards a batch: `average ← (1 − factor) average + factor · batch`.
  public mutating func moveTowards(_ batch: BatchStatistics, factor: Double = runningFactor, on device: Device) {
    let factor = Scalar(factor)
    func moved(_ average: Tensor<Scalar>, _ batch: Tensor<Scalar>) -> Tensor<Scalar> {
      elementwise(.runningAverage, average, batch, constants: [1 - factor, factor], on: device)
    }
    mean = moved(mean, batch.mean)
    inverseDeviation = moved(inverseDeviation, batch.inverseDeviation)
  }

  /// `(x − m̄) r γ + β`.
  func normalize(
    _ x: Tensor<Scalar>, scale: Tensor<Scalar>, shift: Tensor<Scalar>, on device: Device
  ) -> Tensor<Scalar> {
    let (factor, _) = elementwise(.normalizationFactors, inverseDeviation, scale, on: device)
    return elementwise(.normalize, x, channels: [mean, factor, shift], on: device)
  }
}

private func channelStatistics<Scalar: TensorScalar>(
  mean m: Tensor<Scalar>, variance v: Tensor<Scalar>?, correction: Int, on device: Device
) -> BatchStatistics<Scalar> {
  let channels = m.shape[1]
  let n = m.count / channels
  precondition(n > correction, "BatchStatistics: \(n) samples are too few")
  let mean = divided(m.channelSums(channels, on: device), by: Scalar(n), on: device)
  let squares =
    if let v {
      columnSums(of: .gaussianSpread, m, v, channels: [mean], on: device)
    } else {
      columnSums(of: .squaredDeviation, m, channels: [mean], on: device)
    }
  let inverse: Tensor = elementwise(
    .inverseDeviation, squares[0].pixelSums(channels, on: device),
    constants: [Scalar(n - correction), BatchStatistics<Scalar>.epsilon], on: device)
  return BatchStatistics(mean: mean, inverseDeviation: inverse)
}
