import Datasets
import Files
import Networks
import PackedInference
import Tensors
import WeightDistributions

/// Trains an experiment's networks, each started from the one that it is defined to start from.
public struct Reproduction: Sendable {
  /// The experiment whose networks are trained.
  public let experiment: Experiment
  /// The data to train, validate and test on.
  public let data: Dataset
  /// The number of epochs of the real network, instead of the experiment's.
  public var realEpochs: Int?
  /// The number of epochs of each discrete network, instead of the experiment's.
  public var discreteEpochs: Int?
  /// The random seed.
  public let seed: UInt64
  /// Where to compute.
  public let device: Device

  /// A reproduction that has not begun.
  public init(
    _ experiment: Experiment, data: Dataset, realEpochs: Int? = nil, discreteEpochs: Int? = nil, seed: UInt64,
    device: Device
  ) {
    self.experiment = experiment
    self.data = data
    self.realEpochs = realEpochs
    self.discreteEpochs = discreteEpochs
    self.seed = seed
    self.device = device
  }

  /// The number of epochs that a network is trained for.
  public func epochs(of network: NetworkKind) -> Int {
    (network == .real ? realEpochs : discreteEpochs) ?? experiment.phase(of: network).epochs
  }

  /// The specification of a network on the reproduction's data.
  func specification(of network: NetworkKind) -> NetworkSpecification {
    experiment.specification(of: network, input: data.train.input)
  }

  /// The trainings of `networks` and of all networks that they start from, one after the other.
  ///
  /// - Parameters:
  ///   - known: networks that have already been trained, by their kind, to start from.
  ///   - checkpoint: a checkpoint of one of the networks, from which its training is resumed; one of a network that need not be
  ///     trained, because it or one that starts from it is known, is not used.
  /// - Throws: `ArchitectureError`, `MethodError` or `RecipeError` if the experiment does not fit the data or cannot be trained;
  ///   `DataError.unfit` if there is only one image to train on; `NetworkStartError` if a known network is not one that another
  ///   starts from; `CheckpointError` if the checkpoint has another experiment, seed, number of epochs, data or network.
  public func trainings(
    of networks: Set<NetworkKind>, startingWith known: [NetworkKind: Network<Float>] = [:],
    from checkpoint: Checkpoint? = nil
  ) throws -> Trainings {
    let order = NetworkKind.trainingOrder(of: networks, initialization: experiment.method.initialization)
    if data.train.count < 2 {
      throw DataError.unfit(
        path: data.files.first?.file ?? data.name, expected: "at least 2 training images, for batch normalization",
        actual: "\(data.train.count) beside those for validation")
    }
    try experiment.validate(for: data.train.input, classes: data.train.classes, networks: order)
    for kind in order {
      var trained = experiment
      try RecipeKey.named("\(kind.phaseName).epochs")?.set("\(epochs(of: kind))", in: &trained)
    }
    return try Trainings(self, of: networks, startingWith: known, from: checkpoint)
  }
}

/// The trainings of a reproduction, in the order in which the networks start from one another:
///
///     var trainings = try reproduction.trainings(of: [.discreteSign])
///     while var run = try trainings.next() {
///       _ = try run.finish()          // or step by step
///       let result = trainings.finish(run)
///     }
public struct Trainings {
  private let reproduction: Reproduction
  /// The networks that are not yet trained.
  private var waiting: ArraySlice<NetworkKind>
  private var checkpoint: Checkpoint?
  /// True from ``next()`` to ``finish(_:)``.
  private var isTraining = false
  /// The trained networks that others start from.
  private var trained: [NetworkKind: Network<Float>]

  fileprivate init(
    _ reproduction: Reproduction, of networks: Set<NetworkKind>, startingWith known: [NetworkKind: Network<Float>],
    from checkpoint: Checkpoint?
  ) throws {
    self.reproduction = reproduction
    trained = known
    var needed = networks
    for kind in NetworkKind.allCases.reversed() where needed.contains(kind) {
      guard let start = kind.start(reproduction.experiment.method.initialization) else { continue }
      if let from = known[start] {
        try reproduction.specification(of: kind).requireStart(from: from.specification)
      } else {
        needed.insert(start)
      }
    }
    let order = NetworkKind.allCases.filter(needed.contains)
    let starts = NetworkKind.trainingOrder(
      of: networks, initialization: reproduction.experiment.method.initialization)
    let unneeded = Set(starts).union(known.keys).subtracting(order)
    let used = checkpoint.flatMap { unneeded.contains($0.network.kind) ? nil : $0 }
    try used?.require(oneOf: order, of: reproduction)
    self.checkpoint = used
    waiting = order[...]
  }

  /// The training of the next network, at its beginning or at the checkpoint; nil if all are trained.
  ///
  /// - Precondition: the previous training has been passed to ``finish(_:)``.
  /// - Throws: what the construction of a network throws, which ``Reproduction/trainings(of:startingWith:from:)`` has checked.
  public mutating func next() throws -> TrainingRun<Float>? {
    guard let kind = waiting.popFirst() else { return nil }
    precondition(!isTraining, "Trainings.next: the training before \(kind.rawValue) was not passed to finish(_:)")
    isTraining = true
    let (data, device) = (reproduction.data, reproduction.device)
    if let checkpoint, checkpoint.network.kind == kind {
      self.checkpoint = nil
      return TrainingRun(resuming: checkpoint, data: data, device: device)
    }
    return TrainingRun(
      reproduction.experiment, try start(kind), data: data, epochs: reproduction.epochs(of: kind),
      seed: reproduction.seed, device: device)
  }

  /// The result of a training; its network is kept if another one starts from it.
  ///
  /// - Precondition: the training is finished.
  public mutating func finish(_ run: borrowing TrainingRun<Float>) -> NetworkResult {
    guard run.isFinished, let best = run.best else {
      preconditionFailure("Trainings.finish: after \(run.epochsDone) of \(run.phase.epochs) epochs")
    }
    isTraining = false
    let (experiment, kind) = (reproduction.experiment, best.network.kind)
    if waiting.contains(where: { $0.start(experiment.method.initialization) == kind }) { trained[kind] = best.network }
    return NetworkResult(
      network: kind, weights: experiment.weights(of: kind), activation: experiment.activation(of: kind),
      epochs: best.epochs,
      bestEpoch: best.epoch, validationError: best.validationError,
      testError: reproduction.data.test.error(
        of: Predictor(best.network, on: reproduction.device), batch: experiment.evaluationBatch),
      seconds: run.seconds, parametersSHA256: best.network.digest)
  }

  /// The network before its training, made from the one that it starts from or from random weights.
  private func start(_ kind: NetworkKind) throws -> Network<Float> {
    let (experiment, device) = (reproduction.experiment, reproduction.device)
    let specification = reproduction.specification(of: kind)
    if let from = kind.start(experiment.method.initialization).flatMap({ trained[$0] }) {
      return try Network(specification, startingFrom: from, on: device)
    }
    return try Network(specification, seed: reproduction.seed, on: device)
  }
}

extension Duration {
  /// The duration in seconds.
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

extension Experiment {
  /// The name of a network's weights.
  package func weights(of network: NetworkKind) -> String { network.weights(discrete: method.weights) }
}

extension NetworkKind {
  /// The name of the network's weights, given that of the discrete networks' weights.
  package func weights(discrete: String) -> String {
    switch self {
    case .real: "real"
    case .straightThrough: WeightGrid.binary.name
    case .discreteTanh, .discreteSign, .discreteSignFromTanh: discrete
    }
  }
}

/// The result of training one network.
public struct NetworkResult: Sendable, Codable, Equatable {
  /// The network.
  public let network: NetworkKind
  /// The grids' names, "real", or "binary" for the straight-through network.
  public let weights: String
  /// "tanh" or "sign".
  public let activation: String
  /// The number of epochs trained; 0 of an imported network.
  public let epochs: Int
  /// The epoch of the lowest validation error, from 1; 0 of an imported network.
  public let bestEpoch: Int
  /// The validation error, a fraction, of the deployed network with the best epoch's parameters.
  public let validationError: Double
  /// The test error of the same network, a fraction.
  public let testError: Double
  /// How long training took, in seconds; the only figure that differs from run to run.
  public let seconds: Double
  /// `Network.digest`.
  public let parametersSHA256: String

  private enum CodingKeys: CodingKey {
    case network, weights, activation, epochs, bestEpoch, validationError, testError, seconds, parametersSHA256
  }

  package init(
    network: NetworkKind, weights: String, activation: String, epochs: Int, bestEpoch: Int, validationError: Double,
    testError: Double, seconds: Double, parametersSHA256: String
  ) {
    (self.network, self.weights, self.activation) = (network, weights, activation)
    (self.epochs, self.bestEpoch) = (epochs, bestEpoch)
    (self.validationError, self.testError) = (validationError, testError)
    (self.seconds, self.parametersSHA256) = (seconds, parametersSHA256)
  }

  /// Reads a result, each number of which is one that a training can have.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    network = try values.decode(NetworkKind.self, forKey: .network)
    weights = try values.decode(String.self, forKey: .weights)
    activation = try values.decode(String.self, forKey: .activation)
    // 0 of an imported network.
    epochs = try values.decode(.epochs, in: 0...Experiment.Phase.epochCounts.upperBound)
    bestEpoch = try values.decode(.bestEpoch, in: 0...epochs)
    validationError = try values.decode(.validationError, in: 0...1)
    testError = try values.decode(.testError, in: 0...1)
    seconds = try values.decode(.seconds, in: possibleSeconds)
    parametersSHA256 = try values.decode(String.self, forKey: .parametersSHA256)
  }

  /// True if both trainings had the same result, whatever time they took.
  package func hasSameOutcome(as other: NetworkResult) -> Bool {
    parametersSHA256 == other.parametersSHA256 && testError == other.testError
      && validationError == other.validationError && bestEpoch == other.bestEpoch
  }

  /// Such as `test error 0.02, validation error 0.03 in epoch 7`.
  package var errorsInWords: String {
    "test error \(testError), validation error \(validationError) in epoch \(bestEpoch)"
  }
}
