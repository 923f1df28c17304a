import RandomStreams
import Tensors

/// A dense layer with real weights: `y = x W + b`; `x` is `(N, I)`, `W` `(I, O)`, `b` `(O)` or none.
public struct Dense<Scalar: Real>: Layer {
  /// `W`, shape `(I, O)`.
  public private(set) var weights: Tensor<Scalar>
  /// `b`, shape `(O)`.
  public private(set) var bias: Tensor<Scalar>?

  /// - Precondition: `weights` has shape `(I, O)`, `bias` `(O)`.
  public init(weights: Tensor<Scalar>, bias: Tensor<Scalar>?) {
    precondition(
      weights.shape.count == 2 && (bias.map { $0.shape == [weights.columns] } ?? true),
      "Dense: weights of shape \(weights.shape), bias of shape \(bias?.shape ?? [])")
    self.weights = weights
    self.bias = bias
  }

  /// He's uniform initialization: weights uniform in `±√3 · √(2 / I)`, bias 0.
  @specialized(where Scalar == Float)
  public init(inputs: Int, outputs: Int, bias: Bool, drawnFrom stream: RandomStream, on workers: Workers) {
    let limit = (6 / Scalar(inputs)).squareRoot()
    let uniforms: Tensor<Scalar> = stream.uniform([inputs, outputs], on: workers)
    self.init(
      weights: uniforms.map(on: workers) { (2 * $0 - 1) * limit },
      bias: bias ? Tensor([outputs], repeating: 0) : nil)
  }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let x = input.value(for: "Dense")
    let weights = weights
    let hasBias = bias != nil
    return Forward(.value(affine(x, weights, bias, on: pass.workers))) { gradient in
      let dy = gradient.value(for: "Dense")
      let dWeights = Tensor.product(x, dy, transposing: .first, on: pass.workers)
      return Backward(
        input: pass.needsInputGradient
          ? .value(.product(dy, weights, transposing: .second, on: pass.workers)) : nil,
        parameters: [dWeights] + (hasBias ? [dy.columnSums(on: pass.workers)] : []))
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? {
    .product(weights: weights, bias: bias, divisor: 1)
  }

  public var parameters: [Parameter<Scalar>] {
    [Parameter("weights", .weights, weights)] + (bias.map { [Parameter("bias", .bias, $0)] } ?? [])
  }

  public mutating func update(
    _ gradients: [Tensor<Scalar>], on workers: Workers, _ rule: (Int) -> ParameterUpdate<Scalar>
  ) {
    weights.update(gradient: gradients[0], on: workers, rule(0))
    bias?.update(gradient: gradients[1], on: workers, rule(1))
  }

  public mutating func setParameters(_ tensors: [Tensor<Scalar>], on workers: Workers) {
    checkShapes(tensors)
    weights = tensors[0]
    if bias != nil { bias = tensors[1] }
  }
}
