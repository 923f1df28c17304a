import Experiments
import Files
import Networks
import Nightly
import Training

/// The charts of trained networks, shared by the reports of nights and of runs.
struct TrainingCharts {
  let records: [TrainingRecord]
  /// The trained networks, and those of earlier sweeps.
  let outcomes: [KnownRecord]
  /// The command that calls Signet.
  let program: String

  /// The discrete weights that most of an experiment's trainings use, and whose learning curves are drawn.
  func mainWeights(of experiment: String) -> String? {
    let weights = records.filter { $0.experiment == experiment && $0.network.isDiscrete }.map(\.weights)
    return weights.unique.max { one, other in weights.count { $0 == one } < weights.count { $0 == other } }
  }

  /// The option for an experiment's data directory: the one that was used, or an example.
  func dataOption(of experiment: String) -> String {
    guard let data = Experiment.named(experiment)?.data, !data.isBuiltIn else { return "" }
    let directory = records.lazy.filter { $0.experiment == experiment }.compactMap(\.data).first
    return " " + shellCommand(["--data", directory ?? "data/\(data.name)"])
  }
}
