/// How files of custom images are read, and which images are for what: everything that determines this besides the files' bytes.
///
/// ``Dataset/init(reading:at:)`` reads them. Image sizes, channels and classes come from the files.
public struct ImageFiles: Sendable, Equatable, Codable {
  /// The format of the files.
  public enum Format: String, Sendable, Codable, CaseIterable {
    /// `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` (or `test-images…`) and their labels, each
    /// with or without `.gz`. Labels may also be `idx2-int`, and images `idx4-ubyte` (N×C×H×W).
    case idx
    /// CIFAR records: `data_batch_1.bin`, `data_batch_2.bin` … without a gap and `test_batch.bin`, with one label per record; or
    /// `train.bin` and `test.bin`, with two.
    case cifar
    /// `train-images.npy`, `train-labels.npy`, `test-images.npy` and `test-labels.npy`, or these arrays in one `.npz` file:
    /// images of type `uint8`, N×H×W or N×C×H×W, and labels of any integer type.
    case npy
  }

  /// How many of the training files' images a part takes, and which.
  public enum Share: Sendable, Equatable {
    /// A share of each class, spread over the file, without any randomness (**ours**): order the `n` images by (label, position
    /// in file), and take element `j` if `⌊(j+1)·count/n⌋ > ⌊j·count/n⌋`.
    case balanced(Int)
    /// The last images.
    case last(Int)

    /// The number of images.
    public var count: Int {
      switch self {
      case .balanced(let count), .last(let count): count
      }
    }
  }

  /// The format of the files.
  public var format: Format
  /// The prefix before `train-images…` in the names of IDX files, such as `emnist-letters-`; nil takes the one that is there.
  public var prefix: String?
  /// The validation images; nil takes those of validation files if there are any, else a balanced tenth of the training images.
  public var validation: Share?
  /// The test images; nil takes those of the test files.
  public var test: Share?
  /// The label of the first class, which is 1 for EMNIST's letters.
  public var firstLabel: Int
  /// Which of an image's several labels is its class, counted from 0; nil takes the only one, or the last of a CIFAR record.
  public var labelColumn: Int?
  /// `M`: pixels scale as `p / M · 2 − 1`.
  public var pixelMaximum: Int

  /// - Precondition: counts are positive and fit into 32 bits, `pixelMaximum` is in 1 … 255, `labelColumn` is not negative, and `firstLabel` fits into
  ///   32 bits.
  public init(
    _ format: Format, prefix: String? = nil, validation: Share? = nil, test: Share? = nil, firstLabel: Int = 0,
    labelColumn: Int? = nil, pixelMaximum: Int = 255
  ) {
    (self.format, self.prefix, self.validation, self.test) = (format, prefix, validation, test)
    (self.firstLabel, self.labelColumn, self.pixelMaximum) = (firstLabel, labelColumn, pixelMaximum)
    precondition(isSound, "ImageFiles: \(self)")
  }

  /// Whether all numbers are in their ranges.
  package var isSound: Bool {
    [validation, test].allSatisfy { $0.map { Share.counts.contains($0.count) } ?? true }
      && (1...255).contains(pixelMaximum)
      && (labelColumn ?? 0) >= 0 && Int32(exactly: firstLabel) != nil
  }
}

/// `1000`, or `last:1000`.
extension ImageFiles.Share: LosslessStringConvertible, Codable {
  /// A share of 1 to 2³¹ − 1 images, which is more than a file can hold; nil for any other text.
  public init?(_ description: String) {
    let isLast = description.hasPrefix("last:")
    guard let count = Int(isLast ? description.dropFirst(5) : description[...]), Self.counts.contains(count) else {
      return nil
    }
    self = isLast ? .last(count) : .balanced(count)
  }

  fileprivate static let counts = 1...Int(Int32.max)

  public var description: String {
    switch self {
    case .balanced(let count): "\(count)"
    case .last(let count): "last:\(count)"
    }
  }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let share = Self(text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no share: \(text)"))
    }
    self = share
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
