/// A data set in three parts, and the digests of the files it was read from.
///
/// ``mnist(directory:)``, ``fashionMNIST(directory:)``, ``cifar10(directory:)``, ``cifar100(directory:)`` and
/// ``svhn(directory:withoutExtra:)`` read published files, ``init(reading:at:)`` a user's own.
public struct Dataset: Sendable {
  /// The data set's name.
  public let name: String
  /// The images to train on.
  public let train: LabelledImages
  /// The images that decide which epoch is best.
  public let validation: LabelledImages
  /// The images to report errors on.
  public let test: LabelledImages
  /// The SHA-256 (hexadecimal) of each file as stored, in a fixed order.
  public let fileDigests: [(name: String, sha256: String)]

  /// A data set of the caller's own images.
  ///
  /// - Parameters:
  ///   - name: the data set's name; a set without files is not recorded as a set that the program knows, whatever its name.
  ///   - fileDigests: the digests of the files that it was read from; none if it was made in memory.
  /// - Precondition: no part is empty; the parts have images of one form, with the same classes.
  public init(
    name: String, train: LabelledImages, validation: LabelledImages, test: LabelledImages,
    fileDigests: [(name: String, sha256: String)] = []
  ) {
    let counts = [train, validation, test].map(\.count)
    precondition(!counts.contains(0), "Dataset: parts of \(counts) images")
    let forms = [train, validation, test].map { [$0.channels, $0.height, $0.width, $0.pixelMaximum, $0.classes] }
    precondition(forms.allSatisfy { $0 == forms[0] }, "Dataset: channels, height, width, pixels, classes \(forms)")
    self.name = name
    self.train = train
    self.validation = validation
    self.test = test
    self.fileDigests = fileDigests
  }
}
