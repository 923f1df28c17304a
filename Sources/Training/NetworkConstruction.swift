import Layers
import RandomStreams
import Tensors
import WeightDistributions

// How an experiment's networks are put together, and how each starts from the one before (`Method.md` §5). "Linear" is a
// dense layer or a convolution:
//
//   real:             [dropout] → linear → batch norm → tanh → [pooling]
//   discrete-tanh:    [dropout] → linear → reparameterize (Gaussian) → [pooling] → batch norm → tanh
//   discrete-sign:    [dropout] → linear → [pooling of Gaussians] → batch norm → sign → [reparameterize (Bernoulli)]
//   straight-through: [dropout] → linear (binary) → [pooling] → batch norm → sign
//   last:             [dropout] → dense with bias (discrete: → [reparameterize])
//
// A linear layer before batch normalization has no bias, since batch normalization would take it away again. A discrete sign
// network reparameterizes where its method samples.

extension Network {
  /// A network with fresh weights: He's uniform initialization of real ones, random distributions of discrete ones.
  ///
  /// - Precondition: `experiment.validate(for: images, classes:)` does not throw.
  public static func fresh(
    _ kind: NetworkKind, of experiment: Experiment, images: ImageShape, seed: UInt64, on workers: Workers
  ) throws -> Network {
    let blocks = experiment.architecture.blocks
    let fanIns = try experiment.architecture.shapes(of: images).map(\.fanIn)
    let layers = blocks.indices.map { i -> any Layer<Scalar> in
      let (block, isLast) = (blocks[i], i == blocks.count - 1)
      let stream = RandomStream(seed: seed, purpose: .initialization, layer: i + 1)
      guard kind.isDiscrete else {
        let isBinary = kind == .straightThrough
        let linear = Linear<Scalar>(
          block.map, inputs: fanIns[i], outputs: block.outputs, bias: isLast,
          divisor: isBinary && isLast ? outputDivisor(fanIn: fanIns[i]) : 1, drawnFrom: stream, on: workers)
        return isBinary ? BinaryLinear(latent: linear) : linear
      }
      let weights = WeightDistribution<Scalar>(
        grid: experiment.method.grid(i), parameterization: experiment.method.parameterization, drawnFrom: stream,
        shape: [fanIns[i], block.outputs], on: workers)
      return DistributionLinear(
        block.map, weights: weights, bias: isLast ? Tensor([block.outputs], repeating: 0) : nil,
        divergence: experiment.divergence(i))
    }
    return Network(
      kind: kind, experiment, linear: layers,
      normalizations: blocks.dropLast().map { BatchNormalization(channels: $0.outputs) })
  }

  /// The network of a kind that starts from this one: from a real network through the initialization of the weight
  /// distributions, from a discrete one with all parameters as they are. Biases and batch normalization carry over.
  ///
  /// - Precondition: `kind` starts from this network's kind.
  public func starting(_ kind: NetworkKind, of experiment: Experiment, on workers: Workers) -> Network {
    let method = experiment.method
    precondition(
      kind.start(method.initialization) == self.kind, "\(kind.rawValue) does not start from \(self.kind.rawValue)")
    var linear: [any Layer<Scalar>] = []
    for layer in layers {
      if let layer = layer as? Linear<Scalar> {
        let weights = WeightDistribution(
          grid: method.grid(linear.count), parameterization: method.parameterization,
          initialization: method.initialization, fromReal: layer.weights, on: workers)
        linear.append(
          DistributionLinear(
            layer.map, weights: weights, bias: layer.bias, divergence: experiment.divergence(linear.count)))
      } else if let layer = layer as? DistributionLinear<Scalar> {
        linear.append(layer)
      }
    }
    return Network(
      kind: kind, experiment, linear: linear,
      normalizations: layers.compactMap { $0 as? BatchNormalization<Scalar> })
  }

  private init(
    kind: NetworkKind, _ experiment: Experiment, linear: [any Layer<Scalar>],
    normalizations: [BatchNormalization<Scalar>]
  ) {
    let (blocks, dropout) = (experiment.architecture.blocks, experiment.phase(of: kind).dropout)
    precondition(
      blocks.count == linear.count && dropout.count == linear.count && normalizations.count == linear.count - 1,
      "Network: \(blocks.count) blocks, \(dropout.count) dropout rates, \(linear.count) linear layers, "
        + "\(normalizations.count) normalizations")
    var layers: [any Layer<Scalar>] = []
    for (index, block) in blocks.enumerated() {
      if index > 0 && block.map == .dense && blocks[index - 1].map != .dense { layers.append(Flatten<Scalar>()) }
      if dropout[index] > 0 { layers.append(Dropout<Scalar>(rate: Scalar(dropout[index]))) }
      layers.append(linear[index])
      if index < normalizations.count {
        layers += experiment.method.hidden(kind, block.pooling, normalizations[index])
      } else if kind.isDiscrete && experiment.method.sampling != .nowhere {
        layers.append(GaussianReparameterization<Scalar>())
      }
    }
    self.init(kind: kind, loss: experiment.method.loss, layers: layers)
  }
}

extension Method {
  /// What follows a hidden linear layer.
  fileprivate func hidden<Scalar: Real>(
    _ kind: NetworkKind, _ pooling: PoolingKind?, _ normalization: BatchNormalization<Scalar>
  ) -> [any Layer<Scalar>] {
    let pool: [any Layer<Scalar>] = pooling.map { [Pooling<Scalar>($0)] } ?? []
    switch kind {
    case .real: return [normalization, Tanh<Scalar>()] + pool
    case .discreteTanh: return [GaussianReparameterization<Scalar>()] + pool + [normalization, Tanh<Scalar>()]
    case .discreteSign, .discreteSignFromTanh:
      let sample = BernoulliReparameterization(temperature: Scalar(temperature), estimator: estimator)
      return pool + [normalization, Sign<Scalar>()] + (sampling == .everyLayer ? [sample] : [])
    case .straightThrough: return pool + [normalization, StraightThroughSign<Scalar>()]
    }
  }
}

extension Experiment {
  /// The divergence to a prior that is added to the loss for linear layer `index`; nil with the other regularizer.
  fileprivate func divergence(_ index: Int) -> KLDivergence? {
    guard case .divergence(let prior) = method.regularizer else { return nil }
    let weight = discrete.regularization
    return prior.map { KLDivergence(weight: weight, prior: $0) }
      ?? .uniform(over: method.grid(index), weight: weight)
  }
}
