import Datasets
import Networks
import Tensors

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
    experiment.epochs(of: network, real: realEpochs, discrete: discreteEpochs)
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
