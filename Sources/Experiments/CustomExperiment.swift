import Networks
import Training

extension Experiment {
  /// The name of every experiment of an architecture of one's own.
  package static let customName = "custom"

  /// The dropout rate of such an experiment before all layers but the first.
  package static let customDropout = 0.2

  /// What `signet train` begins with, before its options change it: the constants of the experiment digits on a built-in data set, else
  /// those of mnist.
  package static func custom(_ architecture: Architecture, on dataset: DataSource) -> Experiment {
    let base: Experiment = dataset.isBuiltIn ? .digits : .mnist
    var experiment = Experiment(
      name: customName, title: "\(architecture)", data: dataset, architecture: architecture, batch: base.batch,
      real: base.real, discrete: base.discrete)
    let rates = [0] + Array(repeating: customDropout, count: architecture.blocks.count - 1)
    (experiment.real.dropout, experiment.discrete.dropout) = (rates, rates)
    return experiment
  }

  /// The experiment without any change: that of the catalogue, or what `signet train` begins with.
  package var base: Experiment { .named(name) ?? .custom(architecture, on: data) }

  /// What the experiment changes of its base, in the order of the keys: the constants of some networks and of those that they start from,
  /// but for the weights.
  package func changes(training networks: [NetworkKind]) -> [(key: String, value: String)] {
    let trained = NetworkKind.trainingOrder(of: Set(networks), initialization: method.initialization)
    let base = base
    return RecipeKey.all.filter { key in
      key.name != "weights" && trained.contains(where: key.networks.contains)
        && key.value(in: self) != key.value(in: base)
    }.map { ($0.name, $0.value(in: self)) }
  }
}
