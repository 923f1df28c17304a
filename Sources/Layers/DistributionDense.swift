import RandomStreams
import Tensors
import WeightDistributions

/// A dense layer whose weights are distributions over a grid; its output is a Gaussian (Roth et al. 2019; `method.md` §3).
///
/// Of a value `x`, shape `(N, I)`: `m = (x μ_W + b) / d`, `v = x² σ²_W / d²`, shape `(N, O)`. In the last layer there is
/// a real bias `b`, and `d = √(I + 1)`; elsewhere no bias, and `d = 1`.
public struct DistributionDense<Scalar: Real>: Layer {
  /// The distributions of `W`, whose moments have shape `(I, O)`.
  public private(set) var weights: WeightDistribution<Scalar>
  /// `b`, shape `(O)`.
  public private(set) var bias: Tensor<Scalar>?

  /// - Parameter bias: shape `(O)`; its presence makes this the last layer.
  public init(weights: WeightDistribution<Scalar>, bias: Tensor<Scalar>?) {
    precondition(
      bias.map { $0.shape == [weights.mean.columns] } ?? true,
      "DistributionDense: weights of shape \(weights.mean.shape), bias of shape \(bias?.shape ?? [])")
    self.weights = weights
    self.bias = bias
  }

  /// `d`: what mean and bias are divided by.
  var divisor: Scalar { bias == nil ? 1 : Scalar(weights.mean.rows + 1).squareRoot() }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let x = input.value(for: "DistributionDense")
    let (workers, d, hasBias) = (pass.workers, divisor, bias != nil)
    let (mu, sigma2) = (weights.mean, weights.variance)
    let squares = square(x, on: workers)
    let m = affine(x, mu, bias, divisor: d, on: workers)
    let v = affine(squares, sigma2, nil, divisor: d * d, on: workers)
    return Forward(.gaussian(mean: m, variance: v)) { gradient in
      let (dm, dv) = scaleGradients(gradient.gaussian(for: "DistributionDense"), divisor: d, on: workers)
      let dMu = Tensor.product(x, dm, transposing: .first, on: workers)
      let dSigma2 = Tensor.product(squares, dv, transposing: .first, on: workers)
      return Backward(
        input: pass.needsInputGradient
          ? .value(
            inputGradient(
              x, throughMean: .product(dm, mu, transposing: .second, on: workers),
              throughVariance: .product(dv, sigma2, transposing: .second, on: workers), on: workers)) : nil,
        parameters: [dMu, dSigma2] + (hasBias ? [dm.columnSums(on: workers)] : []))
    }
  }

  /// The most probable weights.
  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? {
    .product(weights: weights.mostProbable(on: workers), bias: bias, divisor: divisor)
  }

  public var parameters: [Parameter<Scalar>] {
    [Parameter("logits", .logits, weights.logits)] + (bias.map { [Parameter("bias", .bias, $0)] } ?? [])
  }

  /// - Parameter gradients: with respect to `μ_W`, `σ²_W` and, if there is one, the bias. `rule(0)` is for the logits.
  public mutating func update(
    _ gradients: [Tensor<Scalar>], on workers: Workers, _ rule: (Int) -> ParameterUpdate<Scalar>
  ) {
    weights.update(meanGradient: gradients[0], varianceGradient: gradients[1], on: workers, rule(0))
    bias?.update(gradient: gradients[2], on: workers, rule(1))
  }

  public mutating func setParameters(_ tensors: [Tensor<Scalar>], on workers: Workers) {
    checkShapes(tensors)
    weights = WeightLogits(grid: weights.grid, logits: tensors[0], on: workers)
    if bias != nil { bias = tensors[1] }
  }
}

@specialized(where Scalar == Float)
private func square<Scalar: Real>(_ x: Tensor<Scalar>, on workers: Workers) -> Tensor<Scalar> {
  x.filling(on: workers) { for i in $0 { $1[i] = $2[i] * $2[i] } }
}

/// Gradients before the division by `d` and `d²`.
@specialized(where Scalar == Float)
private func scaleGradients<Scalar: Real>(
  _ gradient: (mean: Tensor<Scalar>, variance: Tensor<Scalar>), divisor d: Scalar, on workers: Workers
) -> (Tensor<Scalar>, Tensor<Scalar>) {
  guard d != 1 else { return gradient }
  return (gradient.mean.map(on: workers) { $0 / d }, gradient.variance.map(on: workers) { $0 / (d * d) })
}

/// `∂L/∂x = ∂L/∂m μᵀ + 2x ⊙ (∂L/∂v σ²ᵀ)`, both products given.
@specialized(where Scalar == Float)
private func inputGradient<Scalar: Real>(
  _ x: Tensor<Scalar>, throughMean: Tensor<Scalar>, throughVariance: Tensor<Scalar>, on workers: Workers
) -> Tensor<Scalar> {
  x.filling(with: throughMean, throughVariance, on: workers) { range, dx, x, first, second in
    for i in range { dx[i] = first[i] + 2 * x[i] * second[i] }
  }
}
