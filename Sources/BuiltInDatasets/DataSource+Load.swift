import Datasets
import Training

extension DataSource {
  /// The data set, read from its built-in files or from the files in `directory`; nil if it is not built in and no directory is
  /// given. The directory is ignored if the set does not take one.
  ///
  /// - Throws: `DataError`; for custom files also if the form of their images is not that of the source.
  package func load(from directory: String?) throws(DataError) -> Dataset? {
    switch (self, directory) {
    case (.digits, nil): return try .digits()
    case (.digits, let directory?): return try .digits(directory: directory)
    case (.glyphs, _): return try .glyphs()
    case (.shapes, _): return try .shapes()
    case (.shapes100, _): return try .shapes100()
    case (.numbers, _): return try .numbers()
    case (.mnist, let directory?): return try .mnist(directory: directory)
    case (.fashionMNIST, let directory?): return try .fashionMNIST(directory: directory)
    case (.cifar10, let directory?): return try .cifar10(directory: directory)
    case (.cifar100, let directory?): return try .cifar100(directory: directory)
    case (.svhn, let directory?): return try .svhn(directory: directory)
    case (.svhnWithoutExtra, let directory?): return try .svhn(directory: directory, withoutExtra: true)
    case (_, let directory?):
      guard let files else { return nil }
      let dataset = try Dataset(reading: files, at: directory)
      let found = DataSource(of: dataset, files: files)
      if found != self { throw .unfit(path: directory, expected: title, actual: found.title) }
      return dataset
    case (_, nil): return nil
    }
  }

  /// Whether the set can be read from the user's directory: published sets must be, the digits may be.
  package var takesDirectory: Bool { self == .digits || !isBuiltIn }
}
