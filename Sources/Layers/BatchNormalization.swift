import Tensors

/// Batch normalization of values or of Gaussians (Peters & Welling 2018; `Method.md` §3) over the `n` samples and pixels of
/// each channel; `x` is `(N, C)` or `(N, C, H, W)`.
///
/// Values: `x' = (x − m̄) r γ + β` with the biased variance. Gaussians: `m' = (m − m̄) r γ + β`, `v' = v (r γ)²`.
/// The deployed network normalizes with the running averages.
public struct BatchNormalization<Scalar: TensorScalar>: Layer {
  /// `γ`, shape `(C)`.
  public private(set) var scale: Tensor<Scalar>
  /// `β`, shape `(C)`.
  public private(set) var shift: Tensor<Scalar>
  /// The running averages, with which the deployed network normalizes.
  public var running: BatchStatistics<Scalar>

  /// `γ` 1, `β` 0, running mean 0 and inverse deviation 1.
  public init(channels: Int) {
    let one = Tensor<Scalar>([channels], repeating: 1)
    let zero = Tensor<Scalar>([channels], repeating: 0)
    self.init(scale: one, shift: zero, running: BatchStatistics(mean: zero, inverseDeviation: one))
  }

  /// Batch normalization with given parameters and running averages, each of shape `(C)`.
  public init(scale: Tensor<Scalar>, shift: Tensor<Scalar>, running: BatchStatistics<Scalar>) {
    self.scale = scale
    self.shift = shift
    self.running = running
  }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    switch input {
    case .value(let x): forward(value: x, on: pass.device)
    case .gaussian(let mean, let variance): forward(mean: mean, variance: variance, on: pass.device)
    case .bernoulli: preconditionFailure("BatchNormalization: a ±1 Bernoulli is not normalized")
    }
  }

  private func forward(value x: Tensor<Scalar>, on device: Device) -> Forward<Scalar> {
    let statistics = BatchStatistics(of: x, correction: 0, on: device)
    let (scale, shift) = (scale, shift)
    let output = statistics.normalize(x, scale: scale, shift: shift, on: device)
    return Forward(.value(output), statistics: statistics) { gradient in
      let g = NormalizationGradient(
        dMean: gradient.value(for: "BatchNormalization"), dVariance: nil, mean: x, variance: nil,
        statistics: statistics, scale: scale, on: device)
      return Backward(input: g.input(on: device), parameters: [g.scale, g.shift])
    }
  }

  private func forward(mean m: Tensor<Scalar>, variance v: Tensor<Scalar>, on device: Device) -> Forward<Scalar> {
    let statistics = BatchStatistics(ofMean: m, variance: v, on: device)
    let (scale, shift) = (scale, shift)
    let (factor, square) = elementwise(.normalizationFactors, statistics.inverseDeviation, scale, on: device)
    let (mean, variance) = elementwise(
      .normalizeGaussian, m, v, channels: [statistics.mean, factor, shift, square], on: device)
    return Forward(.gaussian(mean: mean, variance: variance), statistics: statistics) { gradient in
      let (dMean, dVariance) = gradient.gaussian(for: "BatchNormalization")
      let g = NormalizationGradient(
        dMean: dMean, dVariance: dVariance, mean: m, variance: v, statistics: statistics, scale: scale, on: device)
      return Backward(input: g.input(on: device), parameters: [g.scale, g.shift])
    }
  }

  public func prediction(on device: Device) -> PredictionStep<Scalar>? {
    .normalize(running, scale: scale, shift: shift)
  }

  public var parameters: [Parameter<Scalar>] {
    [
      Parameter("scale", .batchNormScale, scale), Parameter("shift", .batchNormShift, shift),
      Parameter("runningMean", .statistic, running.mean),
      Parameter("runningInverseDeviation", .statistic, running.inverseDeviation),
    ]
  }

  public mutating func update(
    _ gradients: [Tensor<Scalar>], on device: Device, _ rule: (Int) -> ParameterUpdate<Scalar>
  ) {
    scale.update(gradient: gradients[0], on: device, rule(0))
    shift.update(gradient: gradients[1], on: device, rule(1))
  }

  public mutating func setParameters(_ tensors: [Tensor<Scalar>], on device: Device) {
    checkShapes(tensors)
    (scale, shift) = (tensors[0], tensors[1])
    running = BatchStatistics(mean: tensors[2], inverseDeviation: tensors[3])
  }
}
