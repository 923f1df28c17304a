import ArgumentParser
import BuiltInDatasets
import Datasets
import Training

/// The options that say where a data set's files are, and which of them are used.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Directory of the data set's files.",
      discussion: """
        The files are looked for in the directory, in the folder within it that is usual for the set \
        (\(Catalogue.entries.compactMap(\.folder).joined(separator: ", "))), and in both places of its subdirectory named \
        as the set. For MNIST and Fashion-MNIST they are the four files, compressed or not; for CIFAR the binary version's \
        archive or its files; for SVHN the three .mat files of cropped digits. digits, glyphs, shapes, \
        shapes-100 and numbers come with the program; of these, only digits takes a directory. Of a run on files of your \
        own, it is where these are: a directory, or an .npz file.
        """, valueName: "dir"))
  var data: String?

  @Flag(
    help: ArgumentHelp(
      "Use SVHN without extra_32x32.mat.",
      discussion: """
        Each digit's last 400 images of train_32x32.mat are then for validation, 4,000 in all (our own split), and the \
        others to train. Tables and records say so.
        """))
  var withoutExtra = false

  /// The experiment on the files to use.
  ///
  /// - Throws: `ValidationError` if its data set has no such files.
  func apply(to experiment: Experiment) throws -> Experiment {
    guard withoutExtra else { return experiment }
    guard let changed = experiment.withoutExtra else { throw Self.notSVHN(experiment.data) }
    return changed
  }

  /// Reads a data set.
  ///
  /// - Throws: `DataError`; `ValidationError` if a directory is needed but not given, or given but not used.
  func load(_ source: DataSource) throws -> Dataset {
    if let data, !source.takesDirectory {
      throw ValidationError("--data: expected no directory for \(source.name), which is built in, found \(data)")
    }
    if withoutExtra && source != .svhn && source != .svhnWithoutExtra { throw Self.notSVHN(source) }
    guard let dataset = try (withoutExtra ? .svhnWithoutExtra : source).load(from: data) else {
      throw Self.noDirectory(source.name)
    }
    return dataset
  }

  /// Reads custom files.
  ///
  /// - Throws: `DataError`; `ValidationError` if no directory is given.
  func load(_ files: ImageFiles) throws -> Dataset {
    if withoutExtra {
      throw ValidationError("--without-extra: expected the data set svhn, found \(files.format.rawValue)")
    }
    guard let data else { throw Self.noDirectory(files.format.rawValue) }
    return try Dataset(reading: files, at: data)
  }

  private static func noDirectory(_ name: String) -> ValidationError {
    ValidationError("\(name): expected --data DIR with the data set's files, found none")
  }

  private static func notSVHN(_ source: DataSource) -> ValidationError {
    ValidationError("--without-extra: expected the data set svhn, found \(source.name)")
  }
}
