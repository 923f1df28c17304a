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
    let (map, workers, d) = (map, pass.workers, divisor)
    let (mu, sigma2) = (weights.mean, weights.variance)
    let squares: Tensor = elementwise(.square, x, on: workers)
    let m = map.affine(x, mu, bias, divisor: d, on: workers)
    let v = map.affine(squares, sigma2, nil, divisor: d * d, on: workers)
    return Forward(.gaussian(mean: m, variance: v)) { gradient in
      let (dm, dv) = gradient.divided(by: d, for: "DistributionLinear", on: workers)
      return Backward(
        input: pass.needsInputGradient
          ? .value(
            elementwise(
              .throughSquare, map.inputGradient(dm, mu, shape: x.shape, on: workers), x,
              map.inputGradient(dv, sigma2, shape: x.shape, on: workers), on: workers)) : nil,
        parameters: [
          map.weightGradient(x, dm, on: workers),
          map.weightGradient(elementwise(.square, x, on: workers), dv, on: workers),
        ] + biasGradient(dm, on: workers))
    }
  }

  private func forward(distribution input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let (map, workers, d) = (map, pass.workers, divisor)
    let (mu, sigma2) = (weights.mean, weights.variance)
    let (inputMean, inputVariance) = input.moments(for: "DistributionLinear", on: workers)
    let secondMoment: Tensor = elementwise(.secondMoment, inputMean, inputVariance, on: workers)
    let muSquared: Tensor = elementwise(.square, mu, on: workers)
    let m = map.affine(inputMean, mu, bias, divisor: d, on: workers)
    let v: Tensor = elementwise(
      .sumDivided, map(secondMoment, sigma2, on: workers), map(inputVariance, muSquared, on: workers),
      constants: [d * d], on: workers)
    return Forward(.gaussian(mean: m, variance: v)) { gradient in
      let (dm, dv) = gradient.divided(by: d, for: "DistributionLinear", on: workers)
      func back(_ gradient: Tensor<Scalar>, _ weights: Tensor<Scalar>) -> Tensor<Scalar> {
        map.inputGradient(gradient, weights, shape: inputMean.shape, on: workers)
      }
      let throughSigma2 = back(dv, sigma2)
      let dMean: Tensor = elementwise(.throughSquare, back(dm, mu), inputMean, throughSigma2, on: workers)
      let dVariance: Tensor = elementwise(.sum, throughSigma2, back(dv, muSquared), on: workers)
      let dMu: Tensor = elementwise(
        .throughSquare, map.weightGradient(inputMean, dm, on: workers), mu,
        map.weightGradient(inputVariance, dv, on: workers), on: workers)
      return Backward(
        input: pass.needsInputGradient ? input.gradient(mean: dMean, variance: dVariance, on: workers) : nil,
        parameters: [dMu, map.weightGradient(secondMoment, dv, on: workers)] + biasGradient(dm, on: workers))
    }
  }

  private func biasGradient(_ dMean: Tensor<Scalar>, on workers: Workers) -> [Tensor<Scalar>] {
    bias.map { [dMean.channelSums($0.count, on: workers)] } ?? []
  }

  /// The linear step with the most probable weights.
  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? {
    .linear(map, weights: weights.mostProbable(on: workers).values(on: workers), bias: bias, divisor: divisor)
  }

  public func discreteWeights(sampledFrom stream: RandomStream?, on workers: Workers) -> DiscreteWeights? {
    stream.map { weights.sample(drawnFrom: $0, on: workers) } ?? weights.mostProbable(on: workers)
  }

  public var parameters: [Parameter<Scalar>] {
    [Parameter("logits", .logits, weights.logits)] + (bias.map { [Parameter("bias", .bias, $0)] } ?? [])
  }

  /// - Parameter gradients: with respect to `μ_W`, `σ²_W` and, if there is one, the bias. `rule(0)` is for the logits.
  public mutating func update(
    _ gradients: [Tensor<Scalar>], on workers: Workers, _ rule: (Int) -> ParameterUpdate<Scalar>
  ) {
    weights.update(
      meanGradient: gradients[0], varianceGradient: gradients[1], divergence: divergence, on: workers, rule(0))
    bias?.update(gradient: gradients[2], on: workers, rule(1))
  }

  public mutating func setParameters(_ tensors: [Tensor<Scalar>], on workers: Workers) {
    checkShapes(tensors)
    weights = WeightDistribution(
      grid: weights.grid, parameterization: weights.parameterization, logits: tensors[0], on: workers)
    if bias != nil { bias = tensors[1] }
  }
}

/// The divisor of the outputs of a network's last layer: `√(I + 1)`, which counts the bias.
package func outputDivisor<Scalar: TensorScalar>(fanIn: Int) -> Scalar { Scalar(fanIn + 1).squareRoot() }

extension Signal {
  /// The gradients before the division of a Gaussian's mean by `d` and of its variance by `d²`.
  fileprivate func divided(
    by d: Scalar, for layer: String, on workers: Workers
  ) -> (mean: Tensor<Scalar>, variance: Tensor<Scalar>) {
    let (mean, variance) = gaussian(for: layer)
    return (Layers.divided(mean, by: d, on: workers), Layers.divided(variance, by: d * d, on: workers))
  }
}
