import Layers
import Networks
import Tensors
import Training
import Verification
import WeightDistributions

/// The loss of a whole network, including sampling, as a function of its parameters. The noise is keyed by seed, epoch,
/// step and block, so the reparameterized loss is a smooth function of the parameters.
///
/// The network is built by the product's own constructors; then all its parameters are moved away from special values
/// (no `γ` of 1, no bias of 0). A straight-through step is not smooth: in a network with such steps, only the
/// parameters behind the last one are checked.
package struct NetworkProbe: GradientProbe {
  package let name: String
  package let kind: NetworkKind
  package let experiment: Experiment
  /// The number of samples.
  package let batch: Int

  /// The keys of the random numbers.
  private static let (epoch, step) = (2, 1)
  /// The minimum lead of the largest input of a maximum of values, and the minimum distance of an output from the
  /// hinge's margin.
  private static let margin = 0.02

  /// The faults that can be planted.
  package struct Corruption: Sendable {
    /// Changes the network whose gradients are computed.
    package var network: @Sendable (inout Network<Double>) -> Void = { _ in }
    /// Changes the gradients by the parameters of each block.
    package var gradients: @Sendable (Network<Double>, inout [Block<Double>.Gradients]) -> Void = { _, _ in }
    /// The step that keys the noise, given whether this is the forward pass and how many passes there were before.
    package var step: @Sendable (_ isForward: Bool, Int) -> Int = { _, _ in NetworkProbe.step }

    package init() {}
  }

  /// - Parameter weight: `λ` of the divergence, if the method has one.
  package init(
    _ kind: NetworkKind, _ architecture: Architecture, _ note: String = "", batch: Int = 4, dropout: Double = 0,
    weight: Double = 0.01, method change: (inout Method) -> Void = { _ in }
  ) {
    let phase = Experiment.Phase(
      dropout: Array(repeating: dropout, count: architecture.blocks.count), epochs: 1, cooldown: 1, patience: 1,
      regularization: weight)
    var experiment = Experiment(
      name: "probe", title: "", data: .digits, architecture: architecture, batch: batch, real: phase, discrete: phase)
    change(&experiment.method)
    let method = experiment.method
    let choices = [
      kind.rawValue, "\(architecture)", kind.isDiscrete ? "\(method.weights) \(method.parameterization.rawValue)" : nil,
      kind.isDiscrete ? "sampling \(method.sampling.rawValue)" : nil, method.loss.rawValue,
      dropout > 0 ? "dropout \(dropout)" : nil, note.isEmpty ? nil : note,
    ]
    name = choices.compactMap { $0 }.joined(separator: ", ")
    (self.kind, self.experiment, self.batch) = (kind, experiment, batch)
  }

  package var subject: String { "network \(kind.rawValue)" }

  /// The shape of the inputs: 3 numbers, or one channel of 4×4 pixels.
  private var images: ImageShape {
    experiment.architecture.isPermutationInvariant
      ? ImageShape(channels: 3, height: 1, width: 1) : ImageShape(channels: 1, height: 4, width: 4)
  }

  private var input: ImageInput { ImageInput(image: images, pixelMaximum: 255) }

  private var labels: [Int] { (0..<batch).map { ($0 * 2 + 1) % experiment.architecture.classes } }

  /// The network, with parameters away from special values.
  ///
  /// - Throws: errors from the constructors.
  package func network() throws -> Network<Double> {
    try experiment.validate(for: input, classes: experiment.architecture.classes)
    var network: Network<Double> = try experiment.untrained(kind, input: input, seed: 3, on: .single)
    for (index, block) in network.blocks.enumerated() {
      let moved = block.parameters.enumerated().map { which, parameter in
        let noise: Tensor<Double> = probeNumbers(
          parameter.tensor.shape, in: -0.5...0.5, seed: UInt64(100 * index + which))
        return parameter.kind == .statistic ? parameter.tensor : parameter.tensor.map(with: noise, on: .single, +)
      }
      network.blocks[index].setParameters(moved, on: .single)
    }
    return network
  }

  package var tolerance: Tolerance { .networkGradient }

  package func check() throws -> GradientCheck { try check(corrupting: Corruption()) }

  /// The check of the network's gradients after `corruption`.
  package func check(corrupting corruption: Corruption) throws -> GradientCheck {
    let (network, labels) = (try network(), labels)
    let places = network.smoothParameters
    let (x, seed) = try inputs(for: network)
    var passes = 0
    func output(_ network: Network<Double>, isForward: Bool) -> Network<Double>.TrainingOutput {
      defer { passes += 1 }
      return network.trainingOutput(
        x, labels: labels, seed: seed, epoch: Self.epoch, step: corruption.step(isForward, passes), on: .single)
    }
    var check = GradientCheck(
      name,
      places.map { place in
        let layer = place.layer(network)
        return .init(
          place.name, place.parameter(network).tensor,
          hint: "\(layerName(layer)): \(gradientHint(layer, place.parameter(network).name))")
      },
      function: { values in
        let network = network.replacing(places, by: values)
        return [Tensor([1], [output(network, isForward: true).loss + network.divergence])]
      },
      pullback: { values, cotangents in
        let network = network.replacing(places, by: values)
        var corrupted = network
        corruption.network(&corrupted)
        var gradients = network.parameterGradients(output(corrupted, isForward: false).gradients)
        corruption.gradients(network, &gradients)
        let factor = cotangents[0].scalars[0]
        return zip(places, values).map { place, value in
          // A gradient that is missing is 0, which differs from the quotient.
          gradients[place.block][place.role]?[place.index].map(on: .single) { $0 * factor }
            ?? Tensor(value.shape, repeating: 0)
        }
      })
    check.largestStep = 0x1p-9
    check.largestJacobian = Extent.of(500, debug: 0)
    check.seed = seed
    return check
  }

  /// Inputs in −1...1 and the seed of the noise: the first draw for which no maximum of values and no hinge is close to
  /// changing, as a difference quotient must not cross a kink.
  private func inputs(for network: Network<Double>) throws -> (Tensor<Double>, seed: UInt64) {
    for seed in 1...100 as ClosedRange<UInt64> {
      let x: Tensor<Double> = probeNumbers([batch] + images.shape, in: -1...1, seed: seed)
      if kinkDistance(of: network, x, seed: seed) >= Self.margin { return (x, seed) }
    }
    throw GoldenError(name, "inputs that are \(Self.margin) from every kink", "none of 100")
  }

  private func kinkDistance(of network: Network<Double>, _ x: Tensor<Double>, seed: UInt64) -> Double {
    var (signal, distance) = (Signal.value(x), Double.infinity)
    for (index, block) in network.blocks.enumerated() {
      let pass = network.pass(index, seed: seed, epoch: Self.epoch, step: Self.step, on: .single)
      for stage in block.stages {
        if let pooling = stage.layer as? Pooling<Double>, pooling.kind == .max, case .value(let x) = signal {
          distance = min(distance, lead(x))
        }
        signal = stage.layer.forward(signal, pass).output
      }
    }
    guard experiment.method.loss == .squaredHinge else { return distance }
    for (i, label) in labels.enumerated() {
      for c in 0..<signal.center.columns {
        distance = min(distance, abs(1 - (c == label ? 1 : -1) * signal.center[i, c]))
      }
    }
    return distance
  }

  /// The smallest lead, over all windows, of the largest value over the second largest.
  private func lead(_ x: Tensor<Double>) -> Double {
    let (height, width) = (x.shape[2], x.shape[3])
    var least = Double.infinity
    for plane in 0..<x.shape[0] * x.shape[1] {
      for i in 0..<height / 2 {
        for j in 0..<width / 2 {
          let first = (plane * height + 2 * i) * width + 2 * j
          let window = [0, 1, width, width + 1].map { x.scalars[first + $0] }.sorted()
          least = min(least, window[3] - window[2])
        }
      }
    }
    return least
  }
}

/// A trained parameter of a network.
package struct ParameterPlace: Sendable {
  /// The block's index, from 0.
  package let block: Int
  package let role: Block<Double>.Role
  /// The index among the parameters of the layer in that role.
  package let index: Int
  /// The name, as in `Network.parameters`.
  package let name: String

  func layer(_ network: Network<Double>) -> any Layer<Double> {
    guard let layer = network.blocks[block][role] else { preconditionFailure("\(name): no such layer") }
    return layer
  }

  func parameter(_ network: Network<Double>) -> Parameter<Double> { layer(network).parameters[index] }
}

extension Network<Double> {
  /// The gradients by the trained parameters themselves, computed from those that `trainingOutput` gives: for weight
  /// distributions, the gradients by the logits, including the divergence's.
  package func parameterGradients(_ gradients: [Block<Double>.Gradients]) -> [Block<Double>.Gradients] {
    zip(blocks, gradients).map { block, gradients in
      var gradients = gradients
      if let distribution = block.distribution {
        gradients[.linear] = gradients[.linear].map { distribution.parameterGradients($0, on: .single) }
      }
      return gradients
    }
  }

  /// The trained parameters of which the loss is a smooth function: those behind the last straight-through step,
  /// without latent weights.
  fileprivate var smoothParameters: [ParameterPlace] {
    let last = blocks.lastIndex { block in
      block[.activation] is StraightThroughSign<Double>
        || (block[.sampler] as? BernoulliReparameterization<Double>)?.estimator == .straightThrough
    }
    return blocks.enumerated().filter { $0.offset > last ?? -1 }.flatMap { number, block in
      block.stages.flatMap { stage in
        stage.layer.parameters.enumerated().filter { _, parameter in
          parameter.kind.isTrained && !(stage.layer is BinaryLinear<Double> && parameter.kind == .weights)
        }.map { index, parameter in
          ParameterPlace(
            block: number, role: stage.role, index: index,
            name: "\(Self.blockName(number)).\(stage.role.rawValue).\(parameter.name)")
        }
      }
    }
  }

  fileprivate func replacing(_ places: [ParameterPlace], by values: [Tensor<Double>]) -> Network {
    var network = self
    for index in network.blocks.indices where places.contains(where: { $0.block == index }) {
      let tensors = network.blocks[index].parameters.map { parameter in
        let name = "\(Self.blockName(index)).\(parameter.name)"
        return zip(places, values).first { $0.0.name == name }?.1 ?? parameter.tensor
      }
      network.blocks[index].setParameters(tensors, on: .single)
    }
    return network
  }

  /// `λ Σ KL` of all layers that have one.
  fileprivate var divergence: Double {
    blocks.reduce(0) { sum, block in
      guard let layer = block.distribution, let divergence = layer.divergence else { return sum }
      return sum + divergence.weight * layer.weights.divergence(from: divergence.prior, on: .single)
    }
  }
}
