import Datasets

extension DataSource {
  /// The data set, from its built-in files, or from its published files in `directory`; nil if it is not built in and no
  /// directory is given. Only the digits can be read from a directory of one's own although they are built in.
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
    case (_, nil): nil
    }
  }
}
