import Experiments
import Networks
import Training
import WeightDistributions

/// A network of the paper's table: how many seeds are trained, and what the others would cost.
package struct PaperNetwork: Encodable {
  package let experiment: String
  package let network: NetworkKind
  package let weights: String
  /// The epochs of its own training.
  package let epochs: Int
  /// The seeds that are trained as the paper says, all by one version on the same data.
  package let seeds: [UInt64]
  package let missing: Int
  /// What the missing ones would cost, for each machine whose time per epoch is known.
  package let costs: [Cost]

  /// The time that trainings take on a machine.
  package struct Cost: Encodable, Equatable {
    /// The machine, or that the records do not say.
    package let machine: String
    /// The seconds per epoch, on average over the epochs of these networks.
    package let secondsPerEpoch: Double
    /// The weights of the networks that were measured.
    package let measuredWith: [String]
    /// The hours of all that is missing.
    package let hours: Double
  }

  /// The grids of the paper's table (`Method.md` §5).
  static let grids: [WeightGrid] = [.ternary, .quaternarySymmetric, .quinary]
  static let unknownMachine = "unknown machine"

  static func all(of trials: [PaperTable.Trial], _ records: [KnownRecord], seeds wanted: Int) -> [PaperNetwork] {
    Experiment.paper.flatMap { experiment in
      NetworkKind.paper.flatMap { network in
        (network.isDiscrete ? grids.map(\.name) : [experiment.weights(of: network)]).map { weights in
          let rows = trials.filter { $0.experiment == experiment.name }.flatMap(\.rows).filter {
            $0.network == network && $0.weights == weights && $0.isWhole
          }
          let seeds = rows.map { $0.results.map(\.seed) }.max { $0.count < $1.count } ?? []
          let missing = max(0, wanted - seeds.count)
          let epochs = experiment.phase(of: network).epochs
          let measured = records.filter { $0.network == network && $0.hasShape(of: experiment) }
          return PaperNetwork(
            experiment: experiment.name, network: network, weights: weights, epochs: epochs, seeds: seeds,
            missing: missing,
            costs: missing == 0 ? [] : costs(of: measured, preferring: weights, epochs: missing * epochs))
        }
      }
    }
  }

  /// The cost on every machine, from networks with the same weights if it trained any, or else from all.
  private static func costs(of records: [KnownRecord], preferring weights: String, epochs: Int) -> [Cost] {
    func machine(_ known: KnownRecord) -> String { known.record.run?.machine.description ?? unknownMachine }
    return Set(records.map(machine)).sorted().compactMap { name in
      let here = records.filter { machine($0) == name }
      let alike = here.filter { $0.record.result.weights == weights }
      let chosen = (alike.isEmpty ? here : alike).map(\.record.result)
      let trained = chosen.reduce(0) { $0 + $1.epochs }
      guard trained > 0 else { return nil }
      let pace = chosen.reduce(0) { $0 + $1.seconds } / Double(trained)
      return Cost(
        machine: name, secondsPerEpoch: pace, measuredWith: chosen.map(\.weights).unique,
        hours: pace * Double(epochs) / 3600)
    }
  }
}

extension KnownRecord {
  /// True if an epoch is as much work as one of the experiment: the same data set, layers, batches and augmentation.
  fileprivate func hasShape(of experiment: Experiment) -> Bool {
    configuration.dataset == experiment.data && configuration.architecture == experiment.architecture
      && configuration.batch == experiment.batch && configuration.augmentation == experiment.augmentation
  }
}
