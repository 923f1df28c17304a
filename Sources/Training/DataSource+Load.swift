import Datasets

extension DataSource {
  /// The data set, from its built-in files, or from its published files in `directory`; nil if it is not built in and no
  /// directory is given. A directory that the set does not take is not looked at.
  ///
  /// - Throws: `DataError`
  package func load(from directory: String?) throws(DataError) -> Dataset? {
    switch (self, directory) {
    case (.digits, nil): try .digits()
    case (.digits, let directory?): try .digits(directory: directory)
    case (.glyphs, _): try .glyphs()
    case (.shapes, _): try .shapes()
    case (.shapes100, _): try .shapes100()
    case (.numbers, _): try .numbers()
    case (.mnist, let directory?): try .mnist(directory: directory)
    case (.cifar10, let directory?): try .cifar10(directory: directory)
    case (.cifar100, let directory?): try .cifar100(directory: directory)
    case (.svhn, let directory?): try .svhn(directory: directory)
    case (.svhnWithoutExtra, let directory?): try .svhn(directory: directory, withoutExtra: true)
    case (_, nil): nil
    }
  }

  /// Whether the set can be read from a directory of one's own: the published ones must be, the digits may be.
  package var takesDirectory: Bool { self == .digits || !isBuiltIn }

  /// What results on this set must say of it; nil where there is nothing to say.
  package var note: String? {
    self == .svhnWithoutExtra
      ? "svhn without extra_32x32.mat: of each digit the last 400 images of train_32x32.mat are for validation, the others to train"
      : nil
  }
}

extension Experiment {
  /// The experiment on SVHN without `extra_32x32.mat`, and named so; nil for an experiment on another data set.
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
}
