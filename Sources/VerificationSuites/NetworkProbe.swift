import Layers
import Tensors
import Training
import Verification
import WeightDistributions

/// The loss of a whole network, sampled and all, as a function of its parameters: its noise is keyed by seed, epoch, step and
/// layer, so the reparameterized loss is a smooth function of them.
///
/// The network is put together by the product's own constructors; then all its parameters are moved to where none is
/// special (no `γ` of 1, no bias of 0). A straight-through step is not smooth: of a network with such steps only the parameters
/// behind the last one are checked.
package struct NetworkProbe: GradientProbe {
  package let name: String
  package let kind: NetworkKind
  package let experiment: Experiment
  /// Samples.
  package let batch: Int

  /// The random numbers' keys.
  private static let (seed, epoch, step) = (UInt64(9), 2, 1)
  /// How close an input of a maximum of values may be to the larger one, or an output to the hinge's margin.
  private static let margin = 0.02

  /// What can be planted.
  package struct Corruption: Sendable {
    /// Changes the network that the gradients are of.
    package var network: @Sendable (inout Network<Double>) -> Void = { _ in }
    /// Changes the gradients by all parameters, a list for each layer.
    package var gradients: @Sendable (Network<Double>, inout [[Tensor<Double>]]) -> Void = { _, _ in }
    /// The step that keys the noise: of whether it is the forward pass, and the number of passes before.
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

  /// 3 inputs, or one channel of 4×4 pixels.
  private var images: ImageShape {
    experiment.architecture.isPermutationInvariant
      ? ImageShape(channels: 3, height: 1, width: 1) : ImageShape(channels: 1, height: 4, width: 4)
  }

  private var labels: [Int] { (0..<batch).map { ($0 * 2 + 1) % experiment.architecture.classes } }

  /// The network with parameters that are not special.
  ///
  /// - Throws: what the constructors throw.
  package func network() throws -> Network<Double> {
    try experiment.validate(for: images, classes: experiment.architecture.classes)
    var network = try Network<Double>.fresh(
      NetworkKind.trainingOrder(of: [kind], initialization: experiment.method.initialization)[0], of: experiment,
      images: images, seed: 3, on: .single)
    for kind in NetworkKind.trainingOrder(of: [kind], initialization: experiment.method.initialization).dropFirst() {
      network = network.starting(kind, of: experiment, on: .single)
    }
    for (index, layer) in network.layers.enumerated() where !layer.parameters.isEmpty {
      let moved = layer.parameters.enumerated().map { which, parameter in
        let noise: Tensor<Double> = probeNumbers(
          parameter.tensor.shape, in: -0.5...0.5, seed: UInt64(100 * index + which))
        return parameter.kind == .statistic ? parameter.tensor : parameter.tensor.map(with: noise, on: .single, +)
      }
      network.layers[index].setParameters(moved, on: .single)
    }
    return network
  }

  package var tolerance: Tolerance { .networkGradient }

  package func check() throws -> GradientCheck { try check(corrupting: Corruption()) }

  /// The check of the network's gradients, corrupted.
  package func check(corrupting corruption: Corruption) throws -> GradientCheck {
    let (network, labels) = (try network(), labels)
    let places = network.smoothParameters
    let x = try inputs(for: network)
    var passes = 0
    func output(_ network: Network<Double>, isForward: Bool) -> Network<Double>.TrainingOutput {
      defer { passes += 1 }
      return network.trainingOutput(
        x, labels: labels, seed: Self.seed, epoch: Self.epoch, step: corruption.step(isForward, passes), on: .single)
    }
    var check = GradientCheck(
      name,
      places.map { place in
        let (layer, parameter) = (network.layers[place.layer], place.of(network))
        return .init(
          "\(place.layer).\(parameter.name)", parameter.tensor,
          hint: "\(layerName(layer)): \(gradientHint(layer, parameter.name))")
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
        return places.map { gradients[$0.layer][$0.parameter].map(on: .single) { $0 * factor } }
      })
    check.largestStep = 0x1p-9
    check.largestJacobian = Extent.of(500, debug: 0)
    check.seed = Self.seed
    return check
  }

  /// Inputs in ±1, the first drawn for which no maximum of values and no hinge is close to changing: a difference quotient
  /// must not cross a kink.
  private func inputs(for network: Network<Double>) throws -> Tensor<Double> {
    for seed in 1...100 {
      let x: Tensor<Double> = probeNumbers([batch] + images.shape, in: -1...1, seed: UInt64(seed))
      if kinkDistance(of: network, x) >= Self.margin { return x }
    }
    throw GoldenError(name, "inputs that are \(Self.margin) from every kink", "none of 100")
  }

  private func kinkDistance(of network: Network<Double>, _ x: Tensor<Double>) -> Double {
    var (signal, distance) = (Signal.value(x), Double.infinity)
    for (index, layer) in network.layers.enumerated() {
      if let pooling = layer as? Pooling<Double>, pooling.kind == .max, case .value(let x) = signal {
        distance = min(distance, lead(x))
      }
      let pass = LayerPass(
        seed: Self.seed, epoch: Self.epoch, step: Self.step, layer: index, workers: .single)
      signal = layer.forward(signal, pass).output
    }
    guard experiment.method.loss == .squaredHinge else { return distance }
    for (i, label) in labels.enumerated() {
      for c in 0..<signal.center.columns {
        distance = min(distance, abs(1 - (c == label ? 1 : -1) * signal.center[i, c]))
      }
    }
    return distance
  }

  /// By how much the largest of a window leads, at least.
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
  package let layer, parameter: Int

  func of(_ network: Network<Double>) -> Parameter<Double> { network.layers[layer].parameters[parameter] }
}

extension Network<Double> {
  /// Gradients by the trained parameters themselves, of those that `trainingOutput` gives: of weight distributions by the
  /// logits, with the divergence's.
  package func parameterGradients(_ gradients: [[Tensor<Double>]]) -> [[Tensor<Double>]] {
    zip(layers, gradients).map { layer, gradients in
      (layer as? DistributionLinear<Double>)?.parameterGradients(gradients, on: .single) ?? gradients
    }
  }

  /// The trained parameters that the loss is a smooth function of.
  fileprivate var smoothParameters: [ParameterPlace] {
    let last = layers.lastIndex { layer in
      layer is StraightThroughSign<Double>
        || (layer as? BernoulliReparameterization<Double>)?.estimator == .straightThrough
    }
    return layers.enumerated().filter { $0.offset > last ?? -1 }.flatMap { index, layer in
      layer.parameters.enumerated().filter { _, parameter in
        parameter.kind != .statistic && !(layer is BinaryLinear<Double> && parameter.kind == .weights)
      }.map { ParameterPlace(layer: index, parameter: $0.offset) }
    }
  }

  fileprivate func replacing(_ places: [ParameterPlace], by values: [Tensor<Double>]) -> Network {
    var network = self
    for index in network.layers.indices where places.contains(where: { $0.layer == index }) {
      var tensors = network.layers[index].parameters.map(\.tensor)
      for (place, value) in zip(places, values) where place.layer == index { tensors[place.parameter] = value }
      network.layers[index].setParameters(tensors, on: .single)
    }
    return network
  }

  /// `λ Σ KL` of all layers that have one.
  fileprivate var divergence: Double {
    layers.reduce(0) { sum, layer in
      guard let layer = layer as? DistributionLinear<Double>, let divergence = layer.divergence else { return sum }
      return sum + divergence.weight * layer.weights.divergence(from: divergence.prior, on: .single)
    }
  }
}
