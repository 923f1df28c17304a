extension Experiment {
  /// The experiment on SVHN without `extra_32x32.mat`, with a name that says so; nil for an experiment on another data set.
  package var withoutExtra: Experiment? {
    switch data {
    case .svhnWithoutExtra: return self
    case .svhn:
      var experiment = Experiment(
        name: "\(name)-without-extra", title: "\(title), without extra", data: .svhnWithoutExtra,
        architecture: architecture, batch: batch, augmentation: augmentation, real: real, discrete: discrete)
      experiment.method = method
      return experiment
    default: return nil
    }
  }

  /// The catalogue's experiment of which this one is the form without extra; nil if it is none.
  package var withExtra: Experiment? { Self.all.first { $0.withoutExtra?.name == name } }
}
