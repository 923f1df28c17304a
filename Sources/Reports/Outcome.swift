import Experiments
import Networks
import Nightly
import Training
import WeightDistributions

/// The result of a trained network, from tonight or from a sweep.
struct Outcome: Equatable {
  let experiment: String
  let network: NetworkKind
  let weights: String
  let seed: UInt64
  /// The epochs of the network, and those requested for the real network; `series` has those that matter.
  let epochs, realEpochs: Int
  /// The test error as a fraction.
  let testError: Double
  let command: String?

  /// The outcomes of tonight and of sweeps, without repetitions: training is reproducible, so a repetition would count
  /// the same number twice.
  static func all(of trainings: [TrainingRecord], and sweeps: [Sweep.Record]) -> [Outcome] {
    let tonight = trainings.compactMap { training in
      training.result.map {
        Outcome($0, training.experiment, training.seed, realEpochs: training.realEpochs, command: training.command)
      }
    }
    let swept = sweeps.map { Outcome($0.result, $0.experiment, $0.seed, realEpochs: $0.realEpochs, command: nil) }
    var seen: Set<Identity> = []
    return (tonight + swept).filter { $0.testError.isFinite && seen.insert($0.identity).inserted }
  }

  private init(_ result: NetworkResult, _ experiment: String, _ seed: UInt64, realEpochs: Int, command: String?) {
    (self.experiment, self.seed, self.command) = (experiment, seed, command)
    (network, weights, epochs, testError) = (result.network, result.weights, result.epochs, result.testError)
    self.realEpochs = realEpochs
  }

  private struct Identity: Hashable {
    let series: TrainingRecord.Series
    let seed: UInt64
  }

  /// What the outcome shares with those of other seeds.
  var series: TrainingRecord.Series {
    .init(experiment: experiment, weights: weights, network: network, epochs: epochs, realEpochs: realEpochs)
  }

  private var identity: Identity { Identity(series: series, seed: seed) }
}

/// The experiments in the order of the catalogue, then others by name.
func inCatalogueOrder(_ experiments: [String]) -> [String] {
  let catalogue = Experiment.all.map(\.name)
  return catalogue.filter(experiments.contains) + Set(experiments).subtracting(catalogue).sorted()
}

/// The series without repetitions, ordered by network, then grid, then epochs.
func inOrder(_ series: [TrainingRecord.Series]) -> [TrainingRecord.Series] {
  func rank(_ series: TrainingRecord.Series) -> (Int, Int, String, Int, Int) {
    (
      NetworkKind.allCases.firstIndex(of: series.network) ?? 0,
      WeightGrid.all.firstIndex { $0.name == series.weights } ?? WeightGrid.all.count, series.weights,
      series.realEpochs, series.epochs
    )
  }
  return series.unique.sorted { rank($0) < rank($1) }
}

extension TrainingRecord.Series {
  /// The network's name, with what distinguishes it from `others`.
  func label(among others: [TrainingRecord.Series]) -> String {
    let alike = others.filter { $0.network == network && $0 != self }
    var parts = [network.rawValue]
    if alike.contains(where: { $0.weights != weights }) { parts.append(weights) }
    if alike.contains(where: { $0.weights == weights }) { parts.append(epochsInWords) }
    return parts.joined(separator: ", ")
  }
}
