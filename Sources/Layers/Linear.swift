import RandomStreams
import Tensors
import WeightDistributions

/// A dense layer or a convolution with real weights: `y = (f(x, W) + b) / d`, with `f` the layer's linear map, `W` `(I, O)`,
/// `b` `(O)` or none, and `d` 1 except in the last layer of the straight-through network.
public struct Linear<Scalar: TensorScalar>: LinearLayer {
  /// A matrix product or a convolution.
  public let map: LinearMap
  /// `W`, shape `(I, O)`.
  public private(set) var weights: Tensor<Scalar>
  /// `b`, shape `(O)`.
  public private(set) var bias: Tensor<Scalar>?
  /// `d`.
  public let divisor: Scalar

  /// - Precondition: `weights` has shape `(I, O)`, `bias` `(O)`.
  public init(_ map: LinearMap = .dense, weights: Tensor<Scalar>, bias: Tensor<Scalar>?, divisor: Scalar = 1) {
    precondition(
      weights.shape.count == 2 && (bias.map { $0.shape == [weights.columns] } ?? true),
      "Linear: weights of shape \(weights.shape), bias of shape \(bias?.shape ?? [])")
    self.map = map
    self.weights = weights
    self.bias = bias
    self.divisor = divisor
  }

  /// He's uniform initialization: weights uniform in `±√3 · √(2 / I)`, bias 0.
  @specialized(where Scalar == Float)
  public init(
    _ map: LinearMap = .dense, inputs: Int, outputs: Int, bias: Bool, divisor: Scalar = 1,
    drawnFrom stream: RandomStream, on device: Device
  ) {
    let limit = (6 / Scalar(inputs)).squareRoot()
    let uniforms: Tensor<Scalar> = stream.uniform([inputs, outputs], on: device)
    self.init(
      map, weights: uniforms.map(on: device) { (2 * $0 - 1) * limit },
      bias: bias ? Tensor([outputs], repeating: 0) : nil, divisor: divisor)
  }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let x = input.value(for: "Linear")
    let (map, weights, divisor, device) = (map, weights, divisor, pass.device)
    let hasBias = bias != nil
    return Forward(.value(map.affine(x, weights, bias, divisor: divisor, on: device))) { gradient in
      let dy = divided(gradient.value(for: "Linear"), by: divisor, on: device)
      return Backward(
        input: pass.needsInputGradient
          ? .value(map.inputGradient(dy, weights, shape: x.shape, on: device)) : nil,
        parameters: [map.weightGradient(x, dy, on: device)]
          + (hasBias ? [dy.channelSums(weights.columns, on: device)] : []))
    }
  }

  public func prediction(on device: Device) -> PredictionStep<Scalar>? {
    .linear(map, weights: weights, bias: bias, divisor: divisor)
  }

  /// Always nil, since the weights are real.
  public func discreteWeights(sampledFrom stream: RandomStream?, on device: Device) -> DiscreteWeights? { nil }

  public var parameters: [Parameter<Scalar>] {
    [Parameter("weights", .weights, weights)] + (bias.map { [Parameter("bias", .bias, $0)] } ?? [])
  }

  public mutating func update(
    _ gradients: [Tensor<Scalar>], on device: Device, _ rule: (Int) -> ParameterUpdate<Scalar>
  ) {
    weights.update(gradient: gradients[0], on: device, rule(0))
    bias?.update(gradient: gradients[1], on: device, rule(1))
  }

  public mutating func setParameters(_ tensors: [Tensor<Scalar>], on device: Device) {
    checkShapes(tensors)
    weights = tensors[0]
    if bias != nil { bias = tensors[1] }
  }
}
