import BuiltInDatasets
import Datasets
import Files
import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import Training

@Suite("Packed models: a file's networks and what it says of them")
struct PackedModelTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// A small network of digits that is not trained, packed.
  private static func model(members: Int? = nil) throws -> PackedModel {
    let experiment = Experiment.custom("12-10", on: .digits)
    let network = try TrainingRunTests.fresh(.discreteSign, of: experiment)
    let result = NetworkResult(
      network: .discreteSign, weights: "ternary", activation: "sign", epochs: 1, bestEpoch: 1, validationError: 0.5,
      testError: 0.5, seconds: 0, parametersSHA256: network.digest)
    return try PackedModel(
      packing: SavedNetwork(network, of: experiment, seed: 1, result: result), ensemble: members.map { ($0, 1) },
      version: "1", on: .single)
  }

  @Test("an ensemble of no networks is refused", arguments: [0, -1])
  func noMembers(members: Int) {
    #expect(throws: PackingError.format(expected: "1 to 4096 networks", found: "0")) {
      _ = try Self.model(members: members)
    }
  }

  /// Images made in memory, under a name of their own.
  private static func own(height: Int = 8, classes: Int = 10, maximum: Int = 16) -> DataSource {
    let images = LabelledImages(
      pixels: [UInt8](repeating: 1, count: 8 * height), labels: [0], channels: 1, height: height, width: 8,
      classes: classes, pixelMaximum: maximum)
    return DataSource(of: Dataset(name: "own", train: images, validation: images, test: images))
  }

  /// Reads the packed network from a file that names other data.
  private func read(naming data: DataSource) throws -> PackedModel {
    let file = try Self.model().file
    let whole = #""data":"digits""#
    try #require(file.metadata.contains(whole), "\(file.metadata)")
    let path = folder.file("network.signetpk")
    try PackedFile(file.networks, metadata: file.metadata.replacing(whole, with: #""data":\#(encodeLine(data))"#))
      .write(to: path)
    return try PackedModel(reading: path)
  }

  @Test("a file that names data of the network's images and classes is read")
  func sound() throws {
    for data in [DataSource.digits, Self.own()] { #expect(try read(naming: data).record.data == data) }
  }

  @Test(
    "a file that names data of other images, pixels or classes than its network's is refused",
    arguments: [
      (DataSource.mnist, "mnist, pixels from 0 to 255"),
      (own(height: 9), "own (1×9×8, 10 classes), pixels from 0 to 16"),
      (own(classes: 3), "own (1×8×8, 3 classes), pixels from 0 to 16"),
      (own(maximum: 255), "own (1×8×8, 10 classes), pixels from 0 to 255"),
    ])
  func otherData(data: DataSource, title: String) throws {
    let error = #expect(throws: PackedFileError.self) { try read(naming: data) }
    // The metadata are behind a head of 40 bytes and the architecture, 12-10.
    #expect(
      error?.description == "\(folder.file("network.signetpk")): at byte 45: expected a data set of 1×8×8 pixels "
        + "from 0 to 16 and 10 classes, found \(title)")
  }

  @Test("the progress of scores is the number of images that are done, after each batch")
  func progress() throws {
    let (model, test) = (try Self.model(), try Dataset.digits().test)
    for (count, batch, expected) in [(25, 10, [10, 20, 25]), (30, 15, [15, 30]), (3, 100, [3])] {
      var told: [Int] = []
      _ = model.scores(of: test[0..<count], batch: batch, on: .single) { told.append($0) }
      #expect(told == expected)
    }
  }
}
