import Datasets
import Networks

/// The name of a data set that networks are trained on, and the form of its images.
///
/// A data set that the program knows is encoded as its name; for custom images everything is encoded, and how their files are read.
public struct DataSource: Sendable, Equatable {
  /// The data set's name; for custom files, their format.
  public let name: String
  /// The input of a network for this data set.
  public let input: ImageInput
  /// The number of classes.
  public let classes: Int
  /// How custom files are read and split; nil for a set that the program knows, and for images made in memory.
  public let files: ImageFiles?

  /// The shape of an image.
  public var image: ImageShape { input.image }

  /// The source of a data set that is in memory.
  ///
  /// Images that were not read from files are not those of a set that the program knows: one with the name and the form of such a
  /// set is called "mnist in memory", for example.
  ///
  /// - Parameter files: how its files were read, if they are custom ones.
  public init(of dataset: Dataset, files: ImageFiles? = nil) {
    self.init(dataset.name, dataset.train.input, classes: dataset.train.classes, files: files)
    if dataset.fileDigests.isEmpty && Self.named(name) == self {
      self = DataSource("\(name) in memory", input, classes: classes)
    }
  }

  private init(_ name: String, _ input: ImageInput, classes: Int, files: ImageFiles? = nil) {
    (self.name, self.input, self.classes, self.files) = (name, input, classes, files)
  }

  private init(_ name: String, _ channels: Int, _ height: Int, _ width: Int, classes: Int, pixelMaximum: Int = 255) {
    let image = ImageShape(channels: channels, height: height, width: width)
    self.init(name, ImageInput(image: image, pixelMaximum: pixelMaximum), classes: classes)
  }

  private init(_ entry: CatalogueEntry, name: String? = nil) {
    let form = entry.form
    self.init(name ?? entry.name, form.channels, form.height, form.width, classes: form.classes)
  }
}

// The data sets that the program knows: first the built-in ones, then the published ones.
extension DataSource {
  /// 1,797 real handwritten digits of 8×8 pixels from 0 to 16.
  public static let digits = DataSource("digits", 1, 8, 8, classes: 10, pixelMaximum: 16)
  /// Drawn digits, 28×28 grey.
  public static let glyphs = DataSource("glyphs", 1, 28, 28, classes: 10)
  /// Drawn shapes, 32×32 colour.
  public static let shapes = DataSource("shapes", 3, 32, 32, classes: 10)
  /// Drawn shapes in ten colours, 32×32.
  public static let shapes100 = DataSource("shapes-100", 3, 32, 32, classes: 100)
  /// Drawn house numbers, 32×32 colour.
  public static let numbers = DataSource("numbers", 3, 32, 32, classes: 10)
  /// MNIST's handwritten digits.
  public static let mnist = DataSource(Catalogue.mnist)
  /// Fashion-MNIST's pictures of clothes.
  public static let fashionMNIST = DataSource(Catalogue.fashionMNIST)
  /// CIFAR-10's colour images of 10 classes.
  public static let cifar10 = DataSource(Catalogue.cifar10)
  /// CIFAR-100's colour images of 100 classes.
  public static let cifar100 = DataSource(Catalogue.cifar100)
  /// SVHN's house numbers: the files `train`, `extra` and `test`.
  public static let svhn = DataSource(Catalogue.svhn)
  /// SVHN's files `train` and `test` alone.
  public static let svhnWithoutExtra = DataSource(Catalogue.svhn, name: "svhn-without-extra")

  /// The built-in sets.
  public static let builtIn = [digits, glyphs, shapes, shapes100, numbers]
  /// All sets that the program knows.
  public static let all = builtIn + [mnist, fashionMNIST, cifar10, cifar100, svhn, svhnWithoutExtra]

  /// The known set with this name; nil if there is none.
  public static func named(_ name: String) -> DataSource? { all.first { $0.name == name } }

  /// True for the built-in sets.
  public var isBuiltIn: Bool { Self.builtIn.contains(self) }

  /// A note that must accompany results on this set; nil if there is none.
  package var note: String? {
    self == .svhnWithoutExtra
      ? "svhn without extra_32x32.mat: each digit's last 400 images of train_32x32.mat are for validation, the others for training"
      : nil
  }

  /// The notes that must accompany results on this set as it was read; nil if there are none.
  package func note(on dataset: Dataset) -> String? {
    let notes = [note, dataset.testNote].compactMap { $0 }
    return notes.isEmpty ? nil : notes.joined(separator: "\n")
  }

  /// The set in one line: its name, and for custom images their form.
  package var title: String {
    if Self.named(name) == self { return name }
    return "\(name) (\(image.channels)×\(image.height)×\(image.width), \(classes) classes)"
  }
}

extension DataSource: Codable {
  private enum CodingKeys: String, CodingKey { case name, input, classes, files }

  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      guard let known = Self.named(name) else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "no data set is called \(name)"))
      }
      self = known
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode(String.self, forKey: .name), try container.decode(ImageInput.self, forKey: .input),
      classes: try container.decode(Int.self, forKey: .classes),
      files: try container.decodeIfPresent(ImageFiles.self, forKey: .files))
    let image = image
    guard
      LabelledImages.allows(
        channels: image.channels, height: image.height, width: image.width, classes: classes,
        pixelMaximum: input.pixelMaximum),
      files?.isSound ?? true, files.map({ $0.pixelMaximum == input.pixelMaximum }) ?? true
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "images or classes out of range"))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if Self.named(name) == self {
      var container = encoder.singleValueContainer()
      return try container.encode(name)
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(input, forKey: .input)
    try container.encode(classes, forKey: .classes)
    try container.encodeIfPresent(files, forKey: .files)
  }
}
