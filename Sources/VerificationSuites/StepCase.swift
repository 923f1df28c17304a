import Files
import Layers
import Networks
import PackedInference
import Tensors
import Training
import Verification
import WeightDistributions

/// A case of Golden/ops/steps.json: a network, its batches, and all its numbers after each training step, as computed
/// by another program.
package struct StepCase: Decodable, Sendable, CustomStringConvertible {
  /// All that determines the case, besides its numbers.
  package struct Settings: Decodable, Sendable {
    package let kind: NetworkKind
    package let architecture: Architecture
    /// The images' channels, height and width.
    package let image: [Int]
    /// `M`: inputs `x` are pixels `(x + 1) M / 2`.
    package let pixelMaximum: Int
    /// The dropout rates; nil means no dropout.
    package var dropout: [Double]?
    package let grids: [WeightGrid]
    package let parameterization: WeightParameterization
    package let sampling: Method.Sampling
    package let estimator: BernoulliEstimator
    package var temperature: Double
    package var loss: Method.Loss
    /// "squares" or "divergence".
    package let regularizer: String
    package let prior: [Double]?
    package var regularization, weightStep, otherStep, stepScale: Double
    package var seed: UInt64
    package var epoch, batch, steps: Int
  }

  /// A tensor of the case: its name, as computed, and as expected.
  package typealias Pair = (name: String, actual: Tensor<Double>, expected: Tensor<Double>)

  package let name: String
  package var settings: Settings
  /// The batches `x1`, `x2`, …, and the parameters, named as in `Network.parameters`.
  package let inputs: [String: GoldenTensor]
  package var labels: [[Int]]
  /// For each step, `loss` and each parameter after the update.
  package let steps: [[String: GoldenTensor]]
  /// The running averages after they have been fitted to the deployed network; nil if they move in each step.
  package let fitted: [String: GoldenTensor]?

  package var description: String { name }

  /// The settings as an experiment that trains this network.
  package var experiment: Experiment {
    let blocks = settings.architecture.blocks.count
    let phase = Experiment.Phase(
      dropout: settings.dropout ?? Array(repeating: 0, count: blocks), epochs: 1, cooldown: 1, patience: 1,
      learningRate: settings.weightStep, biasLearningRate: settings.otherStep, regularization: settings.regularization)
    var experiment = Experiment(
      name: name, title: "", data: .digits, architecture: settings.architecture, batch: settings.batch, real: phase,
      discrete: phase)
    experiment.method.grids = settings.grids
    experiment.method.parameterization = settings.parameterization
    experiment.method.regularizer = settings.regularizer == "squares" ? .squares : .divergence(prior: settings.prior)
    experiment.method.sampling = settings.sampling
    experiment.method.estimator = settings.estimator
    experiment.method.temperature = settings.temperature
    experiment.method.loss = settings.loss
    return experiment
  }

  /// The network with exactly the case's parameters.
  func network(on device: Device) throws -> Network<Double> {
    let shape = ImageShape(channels: settings.image[0], height: settings.image[1], width: settings.image[2])
    let specification = experiment.specification(
      of: settings.kind, input: ImageInput(image: shape, pixelMaximum: settings.pixelMaximum))
    var tensors: [String: StoredTensor] = [:]
    for name in inputs.keys where !name.hasPrefix("x") {
      tensors[name] = StoredTensor(try tensor(name, in: inputs))
    }
    return try Network(specification, tensors: tensors, from: name, on: device)
  }

  /// Takes the steps that a `TrainingRun` takes, and returns all numbers of every step with the expected ones.
  ///
  /// - Throws: `GoldenError` if the case's tensors are not exactly the network's.
  package func pairs(on device: Device = .single) throws -> [Pair] {
    var state = TrainingState(
      try network(on: device), experiment, experiment.phase(of: settings.kind), epoch: settings.epoch,
      scale: settings.stepScale)
    var pairs: [Pair] = []
    let batches = try steps.indices.map { try tensor("x\($0 + 1)", in: inputs) }
    for (step, (x, expected)) in zip(batches, steps).enumerated() {
      let loss = try state.step(on: x, labels: labels[step], seed: settings.seed, device: device)
      let numbers = [("loss", Tensor([1], [loss]))] + state.network.namedParameters
      pairs += try compared(numbers, with: expected, "step \(step + 1)")
    }
    if let fitted {
      let factor = state.network.pixelScale == .integer ? Double(settings.pixelMaximum) : 1
      state.fitRunningAverages(to: batches.map { $0.map(on: .single) { $0 * factor } }, on: device)
      pairs += try compared(state.network.namedParameters.filter { fitted[$0.name] != nil }, with: fitted, "fitted")
    }
    return pairs
  }

  private func compared(
    _ numbers: [(name: String, tensor: Tensor<Double>)], with expected: [String: GoldenTensor], _ place: String
  ) throws -> [Pair] {
    guard numbers.count == expected.count else {
      throw GoldenError("\(name), \(place)", "\(numbers.count) tensors, as the network has", "\(expected.count)")
    }
    return try numbers.map { ("\(name), \(place), \($0.name)", $0.tensor, try tensor($0.name, in: expected)) }
  }

  private func tensor(_ name: String, in tensors: [String: GoldenTensor]) throws -> Tensor<Double> {
    guard let tensor = tensors[name] else { throw GoldenError(self.name, "a tensor \(name)", "none") }
    return Tensor(tensor.shape, tensor.scalars)
  }
}

extension Network {
  /// Every parameter and statistic, named as in `digest`.
  fileprivate var namedParameters: [(name: String, tensor: Tensor<Scalar>)] {
    parameters.map { ($0.name, $0.tensor) }
  }
}
