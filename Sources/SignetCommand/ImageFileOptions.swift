import ArgumentParser
import Datasets
import Training

/// `--dataset`: a known data set, or the format of custom files.
enum DatasetChoice: ExpressibleByArgument {
  case known(DataSource)
  case files(ImageFiles.Format)

  init?(argument: String) {
    if let format = ImageFiles.Format(rawValue: argument) {
      self = .files(format)
    } else if let source = DataSource.named(argument) {
      self = .known(source)
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] { DataSource.all.map(\.name) + ImageFiles.Format.allCases.map(\.rawValue) }

  var defaultValueDescription: String {
    switch self {
    case .known(let source): source.name
    case .files(let format): format.rawValue
    }
  }

  /// The known data set; nil for custom files.
  var source: DataSource? { if case .known(let source) = self { source } else { nil } }
}

/// The options that say how to read custom files.
struct ImageFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Number of training images for validation: n, the same share of each class; last:n, the last ones.",
      discussion:
        "Default: a tenth of them, the same share of each class, unless there are files of validation images.",
      valueName: "n"), transform: parseShare)
  var validation: ImageFiles.Share?

  @Option(
    help: ArgumentHelp(
      "Number of training images to test on, if there are no files of test images: n or last:n.", valueName: "n"),
    transform: parseShare)
  var test: ImageFiles.Share?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Label of the first class: 1 for EMNIST's letters. Default: 0.", valueName: "label"))
  var firstLabel: Int?

  @Option(
    help: ArgumentHelp(
      "Which of several labels of an image is its class, from 0: 0 for QMNIST. Default: for cifar, the last one.",
      valueName: "column"))
  var labelColumn: Int?

  @Option(help: ArgumentHelp("Largest value of a pixel, from 1 to 255. Default: 255.", valueName: "p"))
  var largestPixel: Int?

  @Option(
    help: ArgumentHelp(
      "What stands before train-images in the names of IDX files, if the directory holds several sets.",
      valueName: "text"))
  var prefix: String?

  func validate() throws {
    try require("--first-label", firstLabel, in: -1_000_000...1_000_000)
    try require("--label-column", labelColumn, in: 0...65_535)
    try require("--largest-pixel", largestPixel, in: 1...255)
  }

  /// How to read the files of a data set; nil for a known data set, which has its own rules.
  ///
  /// - Throws: `ValidationError` for an option that has no effect.
  func files(of choice: DatasetChoice) throws -> ImageFiles? {
    let given: [(option: String, value: String?)] = [
      ("--validation", validation?.description), ("--test", test?.description),
      ("--first-label", firstLabel.map { "\($0)" }), ("--label-column", labelColumn.map { "\($0)" }),
      ("--largest-pixel", largestPixel.map { "\($0)" }), ("--prefix", prefix),
    ]
    guard case .files(let format) = choice else {
      guard let (option, _) = given.first(where: { $0.value != nil }) else { return nil }
      let formats = ImageFiles.Format.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "\(option): expected --dataset \(formats), found \(choice.defaultValueDescription), which has its own rules")
    }
    if prefix != nil && format != .idx {
      throw ValidationError("--prefix: expected --dataset idx, found \(format.rawValue)")
    }
    return ImageFiles(
      format, prefix: prefix, validation: validation, test: test, firstLabel: firstLabel ?? 0, labelColumn: labelColumn,
      pixelMaximum: largestPixel ?? 255)
  }
}

/// The share of the images that an option's text names.
///
/// - Throws: `ValidationError`
private func parseShare(_ text: String) throws -> ImageFiles.Share {
  guard let share = ImageFiles.Share(text) else {
    throw ValidationError("expected n or last:n with a number n from 1, found \(text)")
  }
  return share
}
