import Datasets
import Tensors
import WeightDistributions

/// Trains an experiment's networks, each started from the one that it is defined to start from.
public struct Reproduction: Sendable {
  /// What to train.
  public let experiment: Experiment
  /// What to train, validate and test on.
  public let data: Dataset
  /// Epochs of the real network instead of the experiment's.
  public var realEpochs: Int?
  /// Epochs of each discrete network instead of the experiment's.
  public var discreteEpochs: Int?
  /// The seed of all randomness.
  public let seed: UInt64
  /// The threads to compute on.
  public let workers: Workers

  /// A run that has not begun.
  public init(
    _ experiment: Experiment, data: Dataset, realEpochs: Int? = nil, discreteEpochs: Int? = nil, seed: UInt64,
    workers: Workers
  ) {
    self.experiment = experiment
    self.data = data
    self.realEpochs = realEpochs
    self.discreteEpochs = discreteEpochs
    self.seed = seed
    self.workers = workers
  }

  /// Epochs that a network is trained for.
  public func epochs(of network: NetworkKind) -> Int {
    (network == .real ? realEpochs : discreteEpochs) ?? experiment.phase(of: network).epochs
  }

  /// Trains `networks` and all that they start from, in one go.
  ///
  /// - Parameters:
  ///   - known: networks that are trained already, to start from.
  ///   - checkpoint: of one of the networks, from which its training goes on.
  ///   - inspect: given each network after every step.
  ///   - keep: called after every step and every epoch, with how to make a checkpoint of it; true at the end of an epoch.
  ///   - report: told of every step and epoch.
  ///   - finished: told of each network when it is trained, and given it with the best epoch's parameters.
  public func run(
    _ networks: Set<NetworkKind>, startingWith known: [NetworkKind: Network<Float>] = [:],
    from checkpoint: Checkpoint? = nil, inspect: (TrainingStep<Float>) -> Void = { _ in },
    keep: (_ isEpochsEnd: Bool, _ checkpoint: () -> Checkpoint) throws -> Void = { _, _ in },
    report: (TrainingEvent) throws -> Void,
    finished: (NetworkResult, Network<Float>) throws -> Void
  ) throws {
    var trained = known
    let initialization = experiment.method.initialization
    try experiment.validate(for: data.train.imageShape, classes: data.train.classes)
    let order = NetworkKind.trainingOrder(of: networks, initialization: initialization).filter {
      networks.contains($0) || known[$0] == nil
    }
    for (position, kind) in order.enumerated() {
      let clock = ContinuousClock()
      let begin = clock.now
      let trainer = Trainer<Float>(
        experiment, kind, data: data, epochs: epochs(of: kind), seed: seed, workers: workers)
      let known = checkpoint.flatMap { $0.facts.network == kind ? $0 : nil }
      let secondsBefore = known?.facts.seconds ?? 0
      let state = try known?.state ?? TrainingState(start(kind, trained), experiment, trainer.phase)
      let best = try trainer.train(from: state, inspect: inspect) { state in
        try keep(state.step == 0) {
          Checkpoint(state, of: trainer, seconds: secondsBefore + (clock.now - begin).seconds)
        }
      } report: {
        try report($0)
      }
      let isNeededLater = order[(position + 1)...].contains { $0.start(initialization) == kind }
      if isNeededLater { trained[kind] = best.network }
      let result = NetworkResult(
        network: kind, weights: experiment.weights(of: kind), activation: kind.activation.rawValue,
        epochs: best.epochs, bestEpoch: best.epoch,
        validationError: best.validationError,
        testError: data.test.error(of: Predictor(best.network, on: workers)),
        seconds: secondsBefore + (clock.now - begin).seconds, parametersSHA256: best.network.digest)
      try finished(result, best.network)
    }
  }

  /// The network before its training: from the one that it starts from, or from random weights.
  private func start(_ kind: NetworkKind, _ trained: [NetworkKind: Network<Float>]) throws -> Network<Float> {
    if let from = kind.start(experiment.method.initialization).flatMap({ trained[$0] }) {
      return from.starting(kind, of: experiment, on: workers)
    }
    return try .fresh(kind, of: experiment, images: data.train.imageShape, seed: seed, on: workers)
  }
}

extension Duration {
  /// The duration in seconds.
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

extension Experiment {
  /// What the weights of a network are.
  package func weights(of network: NetworkKind) -> String { network.weights(discrete: method.weights) }
}

extension NetworkKind {
  /// What the network's weights are, where those of the discrete networks are `discrete`.
  package func weights(discrete: String) -> String {
    switch self {
    case .real: "real"
    case .straightThrough: WeightGrid.binary.name
    case .discreteTanh, .discreteSign, .discreteSignFromTanh: discrete
    }
  }
}

/// What one trained network came to.
public struct NetworkResult: Sendable, Codable, Equatable {
  /// Which network.
  public let network: NetworkKind
  /// The grids' names, or "real"; of the straight-through network "binary".
  public let weights: String
  /// "tanh" or "sign".
  public let activation: String
  /// Epochs that were trained.
  public let epochs: Int
  /// The epoch of the lowest validation error, from 1.
  public let bestEpoch: Int
  /// Fractions, of the deployed network with the best epoch's parameters.
  public let validationError: Double
  /// A fraction.
  public let testError: Double
  /// How long training took; the only figure that another run changes.
  public let seconds: Double
  /// `Network.digest`.
  public let parametersSHA256: String

  package init(
    network: NetworkKind, weights: String, activation: String, epochs: Int, bestEpoch: Int, validationError: Double,
    testError: Double, seconds: Double, parametersSHA256: String
  ) {
    (self.network, self.weights, self.activation) = (network, weights, activation)
    (self.epochs, self.bestEpoch) = (epochs, bestEpoch)
    (self.validationError, self.testError) = (validationError, testError)
    (self.seconds, self.parametersSHA256) = (seconds, parametersSHA256)
  }
}
