import Datasets
import Training

extension DataSource {
  /// The data set, from its built-in files, or from the files in `directory`; nil if it is not built in and no directory is
  /// given. A directory that the set does not take is not looked at.
  ///
  /// - Throws: `DataError`; of files of one's own also if their images are of another form than the source's.
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

  /// Whether the set can be read from a directory of one's own: the published ones must be, the digits may be.
  package var takesDirectory: Bool { self == .digits || !isBuiltIn }
}
