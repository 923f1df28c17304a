/// A data set in three parts, and the files that it came from.
///
/// ``mnist(directory:)``, ``cifar10(directory:)``, ``cifar100(directory:)`` and
/// ``svhn(directory:withoutExtra:)`` read the files in which these are published.
public struct Dataset: Sendable {
  /// The data set's name.
  public let name: String
  /// To train on.
  public let train: LabelledImages
  /// To choose the best epoch by.
  public let validation: LabelledImages
  /// To report errors on.
  public let test: LabelledImages
  /// The SHA-256 (hexadecimal) of each file as stored, in a fixed order.
  public let fileDigests: [(name: String, sha256: String)]

  /// A data set of the caller's own images.
  ///
  /// - Parameter fileDigests: of the files that it was read from; none if it was made in memory.
  public init(
    name: String, train: LabelledImages, validation: LabelledImages, test: LabelledImages,
    fileDigests: [(name: String, sha256: String)] = []
  ) {
    self.name = name
    self.train = train
    self.validation = validation
    self.test = test
    self.fileDigests = fileDigests
  }
}
