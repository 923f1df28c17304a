import Datasets
import Networks
import Tensors
import Training
import WeightDistributions

/// Networks of one experiment to train with one seed: the unit of work of a sweep, of the results suite and of a night.
package struct TrainingJob: Sendable, Equatable {
  /// The experiment, with every constant.
  package let experiment: Experiment
  package let networks: [NetworkKind]
  package let seed: UInt64
  /// The numbers of epochs, where they replace the experiment's.
  package let realEpochs, discreteEpochs: Int?
  /// The directory of the data's files; nil for data that come with the program.
  package let data: String?
  /// The jobs whose networks this one's start from, and which must be trained before it; empty if the job trains these, too.
  package let starts: [TrainingJob]
  /// What distinguishes the job's name from those of jobs that differ in other constants only.
  package let label: String?
  /// The name of the job's run directory; a fraction's stroke is a colon there.
  package let name: String

  /// - Parameter grid: the grid of all layers, instead of the experiment's.
  package init(
    _ experiment: Experiment, grid: WeightGrid? = nil, networks: [NetworkKind], seed: UInt64, realEpochs: Int? = nil,
    discreteEpochs: Int? = nil, data: String? = nil, startingFrom starts: [TrainingJob] = [], label: String? = nil
  ) {
    var experiment = experiment
    if let grid { experiment.method.grids = [grid] }
    (self.experiment, self.networks, self.seed, self.data) = (experiment, networks, seed, data)
    (self.realEpochs, self.discreteEpochs, self.starts, self.label) = (realEpochs, discreteEpochs, starts, label)
    let weights = label == nil || networks.contains(where: \.isDiscrete) ? [experiment.method.weights] : []
    name =
      ([Self.subject(of: experiment)] + weights + networks.map(\.rawValue) + ["seed-\(seed)"]
      + (label.map { [$0] } ?? []))
      .joined(separator: "_").replacing("/", with: ":")
  }

  /// The experiment's name or, for a custom architecture, the name of its data set.
  package var subject: String { Self.subject(of: experiment) }

  private static func subject(of experiment: Experiment) -> String {
    experiment.name == Experiment.customName ? experiment.data.name : experiment.name
  }

  /// The training of the job on its data.
  package func reproduction(on data: Dataset, device: Device) -> Reproduction {
    Reproduction(
      experiment, data: data, realEpochs: realEpochs, discreteEpochs: discreteEpochs, seed: seed, device: device)
  }

  /// The arguments with which `signet` trains the same bits. Options that have no effect on the networks would be
  /// refused, so they are left out.
  package var arguments: [String] {
    let trained = NetworkKind.trainingOrder(of: Set(networks), initialization: experiment.method.initialization)
    func option(_ scope: OptionScope, _ value: String?) -> [String] {
      guard let value, trained.contains(where: scope.networks.contains) else { return [] }
      return [scope.option, value]
    }
    let command =
      if Experiment.named(experiment.name) != nil {
        ["reproduce", experiment.name]
      } else if let whole = experiment.withExtra {
        ["reproduce", whole.name, "--without-extra"]
      } else {
        ["train", "--architecture", "\(experiment.architecture)", "--dataset", experiment.data.name]
      }
    let epochs = [(scope: OptionScope.realEpochs, count: realEpochs), (.discreteEpochs, discreteEpochs)]
    // A number of epochs is given once: by the option, if there is one, and not as the experiment's constant.
    let given = epochs.filter { $0.count != nil }.flatMap(\.scope.keys).map(\.name)
    let changes = experiment.changes(training: networks).filter { !given.contains($0.key) }
    return command + (data.map { ["--data", $0] } ?? []) + option(.weights, experiment.method.weights)
      + ["--networks", networks.map(\.rawValue).joined(separator: ",")]
      + epochs.flatMap { scope, count in option(scope, count.map { "\($0)" }) } + ["--seed", "\(seed)"]
      + changes.flatMap { ["--set", "\($0.key)=\($0.value)"] }
  }
}
