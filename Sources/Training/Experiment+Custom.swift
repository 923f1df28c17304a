import Datasets
import Networks

extension Experiment {
  /// The name of every experiment with a custom architecture.
  package static let customName = "custom"

  /// The dropout rate of such an experiment before all layers but the first, unless the catalogue's experiment has as many layers.
  package static let customDropout = 0.2

  /// An experiment with a custom architecture and the constants of the data set's experiment in the catalogue (**ours**), which
  /// is ``digits`` for custom images and drawn ones. Every constant can be changed afterwards.
  ///
  /// Dropout rates are those of that experiment if it has as many layers, else 0 before the first layer and 0.2 before the others.
  public static func custom(_ architecture: Architecture, on dataset: DataSource) -> Experiment {
    let base = own(of: dataset, isPermutationInvariant: architecture.isPermutationInvariant)
    var experiment = Experiment(
      name: customName, title: "\(architecture)", data: dataset, architecture: architecture, batch: base.batch,
      augmentation: architecture.isPermutationInvariant ? nil : base.augmentation, real: base.real,
      discrete: base.discrete)
    if architecture.blocks.count != base.architecture.blocks.count {
      let rates = [0] + Array(repeating: customDropout, count: architecture.blocks.count - 1)
      (experiment.real.dropout, experiment.discrete.dropout) = (rates, rates)
    }
    return experiment
  }

  /// An experiment on a data set in memory, such as custom images: an architecture such as `64-3`, whose last number is the number
  /// of classes, with the constants of ``digits`` (**ours**).
  public static func custom(_ architecture: Architecture, on data: Dataset) -> Experiment {
    custom(architecture, on: DataSource(of: data))
  }

  /// The experiment of the catalogue on a data set like this one.
  private static func own(of dataset: DataSource, isPermutationInvariant: Bool) -> Experiment {
    switch dataset {
    case .mnist, .fashionMNIST: isPermutationInvariant ? .mnistPI : .mnist
    case .cifar10: .cifar10
    case .cifar100: .cifar100
    case .svhn, .svhnWithoutExtra: .svhn
    default: .digits
    }
  }

  /// The experiment without any changes: that of the catalogue, or the one that `signet train` begins with.
  package var base: Experiment { .named(name) ?? withExtra?.withoutExtra ?? .custom(architecture, on: data) }

  /// The constants that the experiment changes from its base, in the order of the keys: those of some networks and of the networks
  /// they start from, except for the weights.
  package func changes(training networks: [NetworkKind]) -> [(key: String, value: String)] {
    let trained = NetworkKind.trainingOrder(of: Set(networks), initialization: method.initialization)
    let base = base
    return RecipeKey.all.filter { key in
      key.name != "weights" && trained.contains(where: key.networks.contains)
        && key.value(in: self) != key.value(in: base)
    }.map { ($0.name, $0.value(in: self)) }
  }
}
