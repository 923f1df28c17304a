import Datasets
import Fixtures

// The data sets that the program draws (`signet fixtures make`), read from their publishers' formats.

extension Dataset {
  /// Drawn digits, 28×28 grey, in MNIST's files: 1,000 for training, 200 for validation, 300 for test.
  ///
  /// - Throws: `DataError`, as do the others.
  public static func glyphs() throws(DataError) -> Dataset {
    try mnist(directory: builtIn("glyphs"), validation: 200).named("glyphs")
  }

  /// Ten kinds of shapes, 32×32 colour, in CIFAR-10's archive: 900 for training, 100 for validation, 200 for test.
  public static func shapes() throws(DataError) -> Dataset {
    try cifar10(directory: builtIn("shapes"), validation: 100).named("shapes")
  }

  /// Shapes of ten kinds in ten colours, 100 classes, in CIFAR-100's archive: 900 for training, 100 for validation, 200 for test.
  public static func shapes100() throws(DataError) -> Dataset {
    try cifar100(directory: builtIn("shapes"), validation: 100).named("shapes-100")
  }

  /// Drawn digits between others, 32×32 colour, in SVHN's MAT files: 720 for training, 180 for validation, 200 for test.
  public static func numbers() throws(DataError) -> Dataset {
    try svhn(directory: builtIn("numbers"), validationOfTrain: 12, validationOfExtra: 6).named("numbers")
  }

  private static func builtIn(_ name: String) throws(DataError) -> String {
    guard let directory = Fixtures.directory(of: name) else {
      throw .fileMissing(path: name, lookedFor: Fixtures.candidates(for: name))
    }
    return directory
  }

  private func named(_ name: String) -> Dataset {
    Dataset(name: name, train: train, validation: validation, test: test, fileDigests: fileDigests)
  }
}
