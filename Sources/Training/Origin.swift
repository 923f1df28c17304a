import Files
import Networks

/// Everything that determines the bits of a trained network.
public struct Origin: Sendable, Codable, Equatable {
  /// The program's version.
  public let signet: String
  /// The files of the data set.
  public let data: [DataFile]
  /// The network's configuration.
  public let configuration: Configuration

  /// The configuration of a trained network.
  public struct Configuration: Sendable, Codable, Equatable {
    /// The network.
    public let network: NetworkKind
    /// The random seed.
    public let seed: UInt64
    /// The data set.
    public let dataset: DataSource
    /// The layers.
    public let architecture: Architecture
    /// The batch size.
    public let batch: Int
    /// The augmentation of training images; nil if there is none.
    public let augmentation: Augmentation?
    /// The trainings that lead to the network, in their order; the last one is its own.
    public let trainings: [Training]
    /// The loss of all networks.
    public let loss: Method.Loss
    /// The choices that the method leaves open; nil for networks without weight distributions, which do not depend on them.
    public let method: Method?

    /// One network's training.
    public struct Training: Sendable, Codable, Equatable {
      /// The network.
      public let network: NetworkKind
      /// The training's constants, with the number of epochs that the network was trained for.
      public let constants: Experiment.Phase
    }
  }

  /// The origin of a network that a run trains.
  ///
  /// - Parameters:
  ///   - epochs: the number of epochs that each network is trained for.
  ///   - version: the program's version.
  package init(
    of network: NetworkKind, in experiment: Experiment, epochs: (NetworkKind) -> Int, seed: UInt64, data: [DataFile],
    signet version: String
  ) {
    let order = NetworkKind.trainingOrder(of: [network], initialization: experiment.method.initialization)
    let trainings = order.map { kind in
      var phase = experiment.phase(of: kind)
      phase.epochs = epochs(kind)
      return Configuration.Training(network: kind, constants: phase)
    }
    (signet, self.data) = (version, data)
    configuration = Configuration(
      network: network, seed: seed, dataset: experiment.data, architecture: experiment.architecture,
      batch: experiment.batch, augmentation: experiment.augmentation, trainings: trainings,
      loss: experiment.method.loss, method: network.isDiscrete ? experiment.method : nil)
  }

  /// A text that is equal if everything that determines the bits is; the names of the data's files do not matter.
  package var identity: String {
    let parts = [signet] + data.map(\.sha256) + [(try? encodeLine(configuration)) ?? "\(configuration)"]
    return parts.joined(separator: "\n")
  }
}

extension Reproduction {
  /// The origin of a network of this reproduction, if the program has the given version.
  package func origin(of network: NetworkKind, signet version: String) -> Origin {
    Origin(
      of: network, in: experiment, epochs: epochs, seed: seed, data: data.files, signet: version)
  }
}
