import Experiments
import Networks
import Nightly
import Training

/// The charts of trained networks, which the report of a night and that of runs share.
struct TrainingCharts {
  let records: [TrainingRecord]
  /// What those and earlier sweeps came to.
  let outcomes: [Outcome]
  /// What a person types to call Signet.
  let program: String

  /// The discrete weights of an experiment that most of the trainings have, whose course is drawn.
  func mainWeights(of experiment: String) -> String? {
    let weights = records.filter { $0.experiment == experiment && $0.network.isDiscrete }.map(\.weights)
    return weights.unique.max { one, other in weights.count { $0 == one } < weights.count { $0 == other } }
  }

  /// The option for an experiment's data: the directory that was used, or one like it.
  func dataOption(of experiment: String) -> String {
    guard let data = Experiment.named(experiment)?.data, !data.isBuiltIn else { return "" }
    let directory = records.lazy.filter { $0.experiment == experiment }.compactMap(\.data).first
    return " " + shellCommand(["--data", directory ?? "data/\(data.name)"])
  }
}
