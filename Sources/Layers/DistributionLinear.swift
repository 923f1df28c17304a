import RandomStreams
import Tensors
import WeightDistributions

/// A dense layer or a convolution whose weights are distributions over a grid; its output is a Gaussian (Roth et al. 2019;
/// `Method.md` §3). With `f` the layer's linear map:
///
///     for a value x:                          m = (f(x, μ_W) + b) / d,    v = f(x², σ²_W) / d²
///     for a distribution with moments (m, v): m' = (f(m, μ_W) + b) / d,   v' = (f(m² + v, σ²_W) + f(v, μ_W²)) / d²
///
/// where `v'` is `m² σ² + v μ² + v σ²` with its terms regrouped. The last layer has a real bias `b` and `d = √(I + 1)`; the
/// others have no bias and `d = 1`.
public struct DistributionLinear<Scalar: TensorScalar>: LinearLayer {
  /// A matrix product or a convolution.
  public let map: LinearMap
  /// The distributions of `W`, whose moments have shape `(I, O)`.
  public private(set) var weights: WeightDistribution<Scalar>
  /// `b`, shape `(O)`.
  public private(set) var bias: Tensor<Scalar>?
  /// The regularizer that is added to the loss, besides the optimizer's `λ Σ ρ²`.
  public let divergence: KLDivergence?

  /// - Parameter bias: shape `(O)`; its presence makes this the last layer.
  public init(
    _ map: LinearMap = .dense, weights: WeightDistribution<Scalar>, bias: Tensor<Scalar>?,
    divergence: KLDivergence? = nil
  ) {
    precondition(
      bias.map { $0.shape == [weights.mean.columns] } ?? true,
      "DistributionLinear: weights of shape \(weights.mean.shape), bias of shape \(bias?.shape ?? [])")
    self.map = map
    self.weights = weights
    self.bias = bias
    self.divergence = divergence
  }

  /// `d`, by which mean and bias are divided.
  var divisor: Scalar { bias == nil ? 1 : outputDivisor(fanIn: weights.mean.rows) }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    if case .value(let x) = input { return forward(value: x, pass) }
    return forward(distribution: input, pass)
  }

  private func forward(value x: Tensor<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let (map, device, d) = (map, pass.device, divisor)
    let (mu, sigma2) = (weights.mean, weights.variance)
    let squares: Tensor = elementwise(.square, x, on: device)
    let m = map.affine(x, mu, bias, divisor: d, on: device)
    let v = map.affine(squares, sigma2, nil, divisor: d * d, on: device)
    return Forward(.gaussian(mean: m, variance: v)) { gradient in
      let (dm, dv) = gradient.divided(by: d, for: "DistributionLinear", on: device)
      return Backward(
        input: pass.needsInputGradient
          ? .value(
            elementwise(
              .throughSquare, map.inputGradient(dm, mu, shape: x.shape, on: device), x,
              map.inputGradient(dv, sigma2, shape: x.shape, on: device), on: device)) : nil,
        parameters: [
          map.weightGradient(x, dm, on: device),
          map.weightGradient(elementwise(.square, x, on: device), dv, on: device),
        ] + biasGradient(dm, on: device))
    }
  }

  private func forward(distribution input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let (map, device, d) = (map, pass.device, divisor)
    let (mu, sigma2) = (weights.mean, weights.variance)
    let (inputMean, inputVariance) = input.moments(for: "DistributionLinear", on: device)
    let secondMoment: Tensor = elementwise(.secondMoment, inputMean, inputVariance, on: device)
    let muSquared: Tensor = elementwise(.square, mu, on: device)
    let m = map.affine(inputMean, mu, bias, divisor: d, on: device)
    let v: Tensor = elementwise(
      .sumDivided, map(secondMoment, sigma2, on: device), map(inputVariance, muSquared, on: device),
      constants: [d * d], on: device)
    return Forward(.gaussian(mean: m, variance: v)) { gradient in
      let (dm, dv) = gradient.divided(by: d, for: "DistributionLinear", on: device)
      func back(_ gradient: Tensor<Scalar>, _ weights: Tensor<Scalar>) -> Tensor<Scalar> {
        map.inputGradient(gradient, weights, shape: inputMean.shape, on: device)
      }
      let throughSigma2 = back(dv, sigma2)
      let dMean: Tensor = elementwise(.throughSquare, back(dm, mu), inputMean, throughSigma2, on: device)
      let dVariance: Tensor = elementwise(.sum, throughSigma2, back(dv, muSquared), on: device)
      let dMu: Tensor = elementwise(
        .throughSquare, map.weightGradient(inputMean, dm, on: device), mu,
        map.weightGradient(inputVariance, dv, on: device), on: device)
      return Backward(
        input: pass.needsInputGradient ? input.gradient(mean: dMean, variance: dVariance, on: device) : nil,
        parameters: [dMu, map.weightGradient(secondMoment, dv, on: device)] + biasGradient(dm, on: device))
    }
  }

  private func biasGradient(_ dMean: Tensor<Scalar>, on device: Device) -> [Tensor<Scalar>] {
    bias.map { [dMean.channelSums($0.count, on: device)] } ?? []
  }

  /// The linear step with the most probable weights.
  public func prediction(on device: Device) -> PredictionStep<Scalar>? {
    .linear(map, weights: weights.mostProbable(on: device).values(on: device), bias: bias, divisor: divisor)
  }

  public func discreteWeights(sampledFrom stream: RandomStream?, on device: Device) -> DiscreteWeights? {
    stream.map { weights.sample(drawnFrom: $0, on: device) } ?? weights.mostProbable(on: device)
  }

  public var parameters: [Parameter<Scalar>] {
    [Parameter("logits", .logits, weights.logits)] + (bias.map { [Parameter("bias", .bias, $0)] } ?? [])
  }

  /// - Parameter gradients: with respect to `μ_W`, `σ²_W` and, if there is one, the bias. `rule(0)` is for the logits.
  public mutating func update(
    _ gradients: [Tensor<Scalar>], on device: Device, _ rule: (Int) -> ParameterUpdate<Scalar>
  ) {
    weights.update(
      meanGradient: gradients[0], varianceGradient: gradients[1], divergence: divergence, on: device, rule(0))
    bias?.update(gradient: gradients[2], on: device, rule(1))
  }

  public mutating func setParameters(_ tensors: [Tensor<Scalar>], on device: Device) {
    checkShapes(tensors)
    weights = WeightDistribution(
      grid: weights.grid, parameterization: weights.parameterization, logits: tensors[0], on: device)
    if bias != nil { bias = tensors[1] }
  }
}

/// The divisor of the outputs of a network's last layer: `√(I + 1)`, which counts the bias.
package func outputDivisor<Scalar: TensorScalar>(fanIn: Int) -> Scalar { Scalar(fanIn + 1).squareRoot() }

extension Signal {
  /// The gradients before the division of a Gaussian's mean by `d` and of its variance by `d²`.
  fileprivate func divided(
    by d: Scalar, for layer: String, on device: Device
  ) -> (mean: Tensor<Scalar>, variance: Tensor<Scalar>) {
    let (mean, variance) = gaussian(for: layer)
    return (Layers.divided(mean, by: d, on: device), Layers.divided(variance, by: d * d, on: device))
  }
}
