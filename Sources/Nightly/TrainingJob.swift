import Training
import WeightDistributions

/// A run of the night: one seed of some networks.
package struct TrainingJob: Sendable, Equatable {
  /// The experiment in the records: a name of the catalogue, or of the data set of an architecture of our own.
  package let experiment: String
  /// What `signet` is called with to train it, without seed, networks and the like.
  package let command: [String]
  package let weights: WeightGrid
  package let networks: [NetworkKind]
  package let seed: UInt64
  /// Instead of the experiment's.
  package let realEpochs, discreteEpochs: Int?

  package init(
    experiment: String, command: [String], weights: WeightGrid, networks: [NetworkKind], seed: UInt64,
    realEpochs: Int?, discreteEpochs: Int?
  ) {
    (self.experiment, self.command, self.weights, self.networks) = (experiment, command, weights, networks)
    (self.seed, self.realEpochs, self.discreteEpochs) = (seed, realEpochs, discreteEpochs)
  }

  /// The name of its directory.
  package var name: String {
    ([experiment, weights.name] + networks.map(\.rawValue) + ["seed-\(seed)"]).joined(separator: "_")
  }

  /// The series that it measures.
  package var series: [TrainingRecord.Series] {
    let known = Experiment.named(experiment)
    let real = realEpochs ?? known?.real.epochs ?? 0
    let discrete = discreteEpochs ?? known?.discrete.epochs ?? 0
    return networks.map { network in
      TrainingRecord.Series(
        experiment: experiment, weights: network.weights(discrete: weights.name), network: network,
        epochs: network == .real ? real : discrete, realEpochs: real)
    }
  }

  /// The directory of its data; nil of the built-in ones.
  package var data: String? {
    command.firstIndex(of: "--data").flatMap { command.indices.contains($0 + 1) ? command[$0 + 1] : nil }
  }

  /// What a person types to train it, where `program` is what they call Signet.
  package func commandLine(program: String) -> String { shellCommand([program] + arguments) }

  /// The arguments of `signet`; with the same, a person trains the same bits. Options that have no effect on the networks are
  /// refused, and so left out.
  package var arguments: [String] {
    let trained = NetworkKind.trainingOrder(of: Set(networks))
    func option(_ scope: OptionScope, _ value: String?) -> [String] {
      guard let value, trained.contains(where: scope.networks.contains) else { return [] }
      return [scope.option, value]
    }
    return command + option(.weights, weights.name)
      + ["--networks", networks.map(\.rawValue).joined(separator: ",")]
      + option(.realEpochs, realEpochs.map { "\($0)" }) + option(.discreteEpochs, discreteEpochs.map { "\($0)" })
      + ["--seed", "\(seed)"]
  }
}

/// What a night trains, the most important first (**ours**): a night whose time ends early has a bit of everything.
package enum TrainingPlan {
  /// Trainings on built-in data: digits with ternary weights over ten seeds, other grids over five, and drawn digits
  /// through a convolution over eight.
  package static let fixtures: [TrainingJob] = (1...10 as ClosedRange<UInt64>).flatMap { seed -> [TrainingJob] in
    let digits = ["reproduce", "digits"]
    let others = WeightGrid.all.filter { $0 != .ternary }
    return [
      TrainingJob(
        experiment: "digits", command: digits, weights: .ternary, networks: NetworkKind.allCases, seed: seed,
        realEpochs: nil, discreteEpochs: nil)
    ]
      + (seed > 8
        ? []
        : [
          TrainingJob(
            experiment: "glyphs", command: ["train", "--architecture", "6C5-P2-32-10", "--dataset", "glyphs"],
            weights: .ternary, networks: [.real, .discreteSign, .straightThrough], seed: seed, realEpochs: 5,
            discreteEpochs: 8)
        ])
      + (seed > 5
        ? []
        : others.map {
          TrainingJob(
            experiment: "digits", command: digits, weights: $0, networks: [.real, .discreteSign], seed: seed,
            realEpochs: nil, discreteEpochs: nil)
        })
  }

  /// Trainings on the built-in data and, if there is a directory of its files, on MNIST.
  package static func all(mnist data: String?, realEpochs: Int, discreteEpochs: Int) -> [TrainingJob] {
    fixtures + (data.map { mnist(in: $0, realEpochs: realEpochs, discreteEpochs: discreteEpochs) } ?? [])
  }

  /// Trainings on MNIST as vectors, for as many seeds as time allows: the sign network and the rival come first.
  ///
  /// - Parameter data: the directory of its files.
  package static func mnist(in data: String, realEpochs: Int, discreteEpochs: Int) -> [TrainingJob] {
    let networks: [[NetworkKind]] = [
      [.real, .discreteSign], [.straightThrough], [.discreteTanh, .discreteSignFromTanh],
    ]
    return (1...10 as ClosedRange<UInt64>).flatMap { seed in
      networks.map {
        TrainingJob(
          experiment: "mnist-pi", command: ["reproduce", "mnist-pi", "--data", data], weights: .ternary, networks: $0,
          seed: seed, realEpochs: realEpochs, discreteEpochs: discreteEpochs)
      }
    }
  }
}
