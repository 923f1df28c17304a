import Layers
import RandomStreams
import Tensors
import WeightDistributions

// How networks are constructed, and how each starts from another one (`Method.md` §5). "Linear" is a dense layer or a
// convolution:
//
//   real:             [dropout] → linear → batch norm → tanh or ReLU → [pooling]
//   discrete-tanh:    [dropout] → linear → reparameterize (Gaussian) → [pooling] → batch norm → tanh
//   discrete-sign:    [dropout] → linear → [pooling of Gaussians] → batch norm → sign → [reparameterize (Bernoulli)]
//   straight-through: [dropout] → linear (binary) → [pooling] → batch norm → sign
//   last:             [dropout] → dense with bias (discrete: → [reparameterize])
//
// A linear layer before batch normalization has no bias, since batch normalization would subtract it again. A discrete sign
// network reparameterizes where its method samples.

extension Network {
  /// A network with new weights: He's uniform initialization for real ones, random distributions for discrete ones.
  ///
  /// - Throws: what `NetworkSpecification.validate()` throws.
  public init(_ specification: NetworkSpecification, seed: UInt64, on device: Device) throws {
    try self.init(specification) { shape, index in
      let stream = RandomStream(seed: seed, purpose: .initialization, layer: index + 1)
      guard specification.kind.isDiscrete else {
        let linear = Linear<Scalar>(
          shape.map, inputs: shape.fanIn, outputs: shape.outputs, bias: shape.isLast, drawnFrom: stream, on: device)
        return shape.layer(weights: linear.weights, bias: linear.bias)
      }
      let weights = WeightDistribution<Scalar>(
        grid: shape.grid, parameterization: specification.method.parameterization, drawnFrom: stream,
        shape: shape.weights, on: device)
      return shape.layer(weights: weights, bias: shape.isLast ? Tensor([shape.outputs], repeating: 0) : nil)
    } normalization: { shape, _ in
      BatchNormalization(channels: shape.outputs)
    }
  }

  /// A network that starts from a trained one: from a real network by initializing the weight distributions, from a discrete one
  /// with all parameters as they are. Biases and batch normalization carry over.
  ///
  /// - Throws: what `NetworkSpecification.validate()` throws; `NetworkStartError` if the kind does not start from the trained
  ///   network's, or the two differ in architecture or input, or, if the trained one is discrete, in grids or parameterization.
  public init(_ specification: NetworkSpecification, startingFrom trained: Network, on device: Device) throws {
    let method = specification.method
    try specification.requireStart(from: trained.specification)
    try self.init(specification) { shape, index in
      let block = trained.blocks[index]
      if let distribution = block.distribution {
        return shape.layer(weights: distribution.weights, bias: distribution.bias)
      }
      guard let weights = block.realWeights else { preconditionFailure("Network: no weights to start from") }
      let distribution = WeightDistribution(
        grid: shape.grid, parameterization: method.parameterization, initialization: method.initialization,
        fromReal: weights, on: device)
      return shape.layer(weights: distribution, bias: block.linear.bias)
    } normalization: { shape, index in
      trained.blocks[index].normalization ?? BatchNormalization(channels: shape.outputs)
    }
  }

  /// The network of a specification, with each block's linear layer and, except for the last, batch normalization.
  init(
    _ specification: NetworkSpecification,
    linear: (BlockShape, Int) throws -> any LinearLayer<Scalar>,
    normalization: (BlockShape, Int) throws -> BatchNormalization<Scalar>
  ) throws {
    try specification.validate()
    let blocks = try specification.blockShapes().enumerated().map { index, shape in
      let rate = specification.dropout[index]
      let dropout: [(Block<Scalar>.Role, any Layer<Scalar>)] =
        rate > 0 ? [(.dropout, Dropout<Scalar>(rate: rate))] : []
      let layer = try linear(shape, index)
      let rest: [(Block<Scalar>.Role, any Layer<Scalar>)] =
        shape.isLast
        ? specification.last() : specification.hidden(shape.pooling, try normalization(shape, index))
      return Block(dropout + [(.linear, layer)] + rest)
    }
    self.init(specification, blocks: blocks)
  }
}

/// What the specification says about one block.
struct BlockShape {
  /// A matrix product or a convolution.
  let map: LinearMap
  /// `I`, the number of terms of one output.
  let fanIn: Int
  /// `O`, the number of units or channels.
  let outputs: Int
  let pooling: PoolingKind?
  let isLast: Bool
  let kind: NetworkKind
  /// The grid of discrete weights.
  let grid: WeightGrid
  /// The regularizer that is added to the loss for distributions.
  let divergence: KLDivergence?

  /// `(I, O)`.
  var weights: Shape { [fanIn, outputs] }

  /// A linear layer whose weights are distributions.
  func layer<Scalar: TensorScalar>(weights: WeightDistribution<Scalar>, bias: Tensor<Scalar>?) -> any LinearLayer<
    Scalar
  > {
    DistributionLinear(map, weights: weights, bias: bias, divergence: divergence)
  }

  /// A linear layer with real weights, which in the straight-through network are the latent weights of binary ones.
  func layer<Scalar: TensorScalar>(weights: Tensor<Scalar>, bias: Tensor<Scalar>?) -> any LinearLayer<Scalar> {
    guard kind == .straightThrough else { return Linear(map, weights: weights, bias: bias) }
    return BinaryLinear(
      latent: Linear(map, weights: weights, bias: bias, divisor: isLast ? outputDivisor(fanIn: fanIn) : 1))
  }
}

extension NetworkSpecification {
  /// The blocks of the network.
  ///
  /// - Throws: `ArchitectureError` if an image is too small for a kernel or for pooling.
  func blockShapes() throws(ArchitectureError) -> [BlockShape] {
    let shapes = try architecture.shapes(of: input.image)
    return zip(architecture.blocks, shapes).enumerated().map { index, part in
      BlockShape(
        map: part.0.map, fanIn: part.1.fanIn, outputs: part.0.outputs, pooling: part.0.pooling,
        isLast: index == architecture.blocks.count - 1, kind: kind, grid: method.grid(index),
        divergence: divergence(index))
    }
  }

  /// The layers that follow a hidden linear layer.
  fileprivate func hidden<Scalar: TensorScalar>(
    _ pooling: PoolingKind?, _ normalization: BatchNormalization<Scalar>
  ) -> [(Block<Scalar>.Role, any Layer<Scalar>)] {
    typealias Stage = (Block<Scalar>.Role, any Layer<Scalar>)
    let pool: [Stage] = pooling.map { [(.pooling, Pooling<Scalar>($0))] } ?? []
    let normalize: Stage = (.normalization, normalization)
    switch kind {
    case .real:
      let activation: any Layer<Scalar> = realActivation == .relu ? ReLU<Scalar>() : Tanh<Scalar>()
      return [normalize, (.activation, activation)] + pool
    case .discreteTanh:
      return [(.sampler, GaussianReparameterization<Scalar>())] + pool + [normalize, (.activation, Tanh<Scalar>())]
    case .discreteSign, .discreteSignFromTanh:
      let sampler = BernoulliReparameterization(
        temperature: Scalar(method.temperature), estimator: method.estimator)
      return pool + [normalize, (.activation, Sign<Scalar>())]
        + (method.sampling == .everyLayer ? [(.sampler, sampler)] : [])
    case .straightThrough: return pool + [normalize, (.activation, StraightThroughSign<Scalar>())]
    }
  }

  /// The layers that follow the last linear layer.
  fileprivate func last<Scalar: TensorScalar>() -> [(Block<Scalar>.Role, any Layer<Scalar>)] {
    kind.isDiscrete && method.sampling != .nowhere ? [(.sampler, GaussianReparameterization<Scalar>())] : []
  }

  /// The divergence from a prior that is added to the loss for block `index`; nil with the other regularizer.
  private func divergence(_ index: Int) -> KLDivergence? {
    guard kind.isDiscrete, case .divergence(let prior) = method.regularizer else { return nil }
    return prior.map { KLDivergence(weight: regularization, prior: $0) }
      ?? .uniform(over: method.grid(index), weight: regularization)
  }
}
