import Datasets
import Files
import TestSupport
import Testing
import Verification

/// MNIST itself is not at hand in tests: these are small files in its form.
@Suite struct MNISTTests {
  let folder: TemporaryFolder
  let names = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
  ]
  let trainPixels: [UInt8]
  let trainLabels: [UInt8]
  let testPixels: [UInt8]

  /// Seven images to train, two to test.
  init() throws {
    folder = try TemporaryFolder()
    var numbers = TestNumbers(seed: 4)
    trainPixels = numbers.bytes(7 * 784)
    trainLabels = [3, 1, 4, 1, 5, 9, 2]
    testPixels = numbers.bytes(2 * 784)
    try folder.write(Gzip.compress(idx([7, 28, 28], trainPixels)), to: names[0] + ".gz")
    try folder.write(idx([7], trainLabels), to: names[1])
    try folder.write(idx([2, 28, 28], testPixels), to: names[2])
    try folder.write(Gzip.compress(idx([2], [0, 9])), to: names[3] + ".gz")
  }

  @Test("the last images of the training file are for validation, and files are read with and without .gz")
  func split() throws {
    let data = try Dataset.mnist(directory: folder.path, validation: 3)
    #expect(data.name == "mnist")
    #expect(data.train.pixels == Array(trainPixels[..<(4 * 784)]) && data.train.labels == [3, 1, 4, 1])
    #expect(data.validation.pixels == Array(trainPixels[(4 * 784)...]) && data.validation.labels == [5, 9, 2])
    #expect(data.test.pixels == testPixels && data.test.labels == [0, 9])
    for part in [data.train, data.validation, data.test] {
      #expect((part.channels, part.height, part.width) == (1, 28, 28))
      #expect((part.classes, part.pixelMaximum) == (10, 255))
    }
  }

  @Test("the digests are those of the files as stored, in a fixed order")
  func digests() throws {
    let data = try Dataset.mnist(directory: folder.path, validation: 3)
    #expect(data.fileDigests.map(\.name) == [names[0] + ".gz", names[1], names[2], names[3] + ".gz"])
    let stored = [
      Gzip.compress(idx([7, 28, 28], trainPixels)), idx([7], trainLabels), idx([2, 28, 28], testPixels),
      Gzip.compress(idx([2], [0, 9])),
    ]
    #expect(data.fileDigests.map(\.sha256) == stored.map { hexadecimal(sha256: $0) })
  }

  @Test("too few images for the validation part, which has 10,000 of either set, give an error at the count")
  func tooFew() {
    let images = DataError.Position(path: "\(folder.path)/\(names[0]).gz", offset: 4, isDecompressed: true)
    expectError(.tooFewItems(at: images, minimum: 10_001, actual: 7)) { _ = try Dataset.mnist(directory: folder.path) }
    expectError(.tooFewItems(at: images, minimum: 10_001, actual: 7)) {
      _ = try Dataset.fashionMNIST(directory: folder.path)
    }
    expectError(.tooFewItems(at: images, minimum: 8, actual: 7)) {
      _ = try Dataset.mnist(directory: folder.path, validation: 7)
    }
  }

  @Test("a label for each image, or an error at the labels' count")
  func countMismatch() throws {
    let path = try folder.write(idx([6], [1, 2, 3, 4, 5, 6]), to: names[1])
    let error = DataError.countMismatch(at: .init(path: path, offset: 4), images: 7, labels: 6)
    expectError(error, mentions: ["7 labels", "found 6"]) {
      _ = try Dataset.mnist(directory: folder.path, validation: 3)
    }
    #expect(!error.isInputOutput)
  }

  @Test("a label above 9 is an error at its byte")
  func labelOutOfRange() throws {
    let path = try folder.write(idx([7], [0, 9, 9, 10, 5, 255, 6]), to: names[1])
    expectError(
      .labelOutOfRange(at: .init(path: path, offset: 11), classes: 10, actual: 10), mentions: ["0 to 9", "found 10"]
    ) { _ = try Dataset.mnist(directory: folder.path, validation: 3) }
  }

  @Test("images of another size are an error, even if the number of pixels is the same")
  func wrongSize() throws {
    let path = try folder.write(idx([2, 14, 56], testPixels), to: names[2])
    expectError(
      .wrongShape(at: .init(path: path, offset: 8), expected: [28, 28], actual: [14, 56]),
      mentions: ["expected the dimensions 28×28, found 14×56"]
    ) { _ = try Dataset.mnist(directory: folder.path, validation: 3) }
  }

  @Test("exchanged images and labels give a wrong magic number")
  func exchanged() throws {
    let path = try folder.write(idx([2], [0, 9]), to: names[2])
    expectError(.wrongMagic(at: .init(path: path, offset: 0), expected: 0x803, actual: 0x801)) {
      _ = try Dataset.mnist(directory: folder.path, validation: 3)
    }
  }
}
