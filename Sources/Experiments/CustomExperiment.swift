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
}
