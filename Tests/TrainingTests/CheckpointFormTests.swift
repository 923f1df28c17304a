import Datasets
import Files
import Foundation
import Networks
import Tensors
import TestSupport
import Testing
import Training

@Suite("Checkpoints: the form of their files")
struct CheckpointFormTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("checkpoint.safetensors")
  }

  /// A training of 3 epochs of 4 steps of 50 images.
  private func begin(_ architecture: Architecture = "12-10") throws -> TrainingRun<Float> {
    var experiment = SmallNetworks.experiment(architecture)
    experiment.batch = 50
    return TrainingRun(
      experiment, try TrainingRunTests.fresh(.real, of: experiment), data: try TrainingRunTests.data(), epochs: 3,
      seed: 1, device: .single)
  }

  /// The file of such a training after an epoch and two steps.
  private func written() throws -> SafetensorsFile {
    var run = try begin()
    while try run.step() != nil {}
    _ = run.finishEpoch()
    for _ in 0..<2 { _ = try run.step() }
    try run.checkpoint().write(to: path)
    return try SafetensorsFile(reading: path)
  }

  private static let key = "signet.checkpoint"

  /// The file with another text in its metadata, which had it once or more.
  private func write(
    _ file: SafetensorsFile, _ whole: String, _ changed: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var file = file
    let text = try #require(file.metadata[Self.key], sourceLocation: sourceLocation)
    try #require(text.contains(whole), "\(text)", sourceLocation: sourceLocation)
    file.metadata[Self.key] = text.replacing(whole, with: changed)
    try file.write(to: path)
  }

  /// The bits of the rest of the epoch and of its end.
  private func rest() throws -> [String] {
    var run = TrainingRun(
      resuming: try Checkpoint(reading: path, on: .single), data: try TrainingRunTests.data(), device: .single)
    while try run.step() != nil {}
    let report = run.finishEpoch()
    return [report.lossBits, "\(report.loss)", run.network.digest]
  }

  @Test("a file of the first version, with the losses in its metadata, leads to the same bits")
  func firstVersion() throws {
    var file = try written()
    let expected = try rest()
    #expect(expected[0].utf8.count == 4 * 8)
    let losses: Tensor<Float> = try #require(file.tensors.removeValue(forKey: "losses")?.tensor())
    #expect(losses.shape == [2])
    let digits = losses.scalars.map { String(format: "%08x", $0.bitPattern) }.joined()
    #expect(expected[0].hasPrefix(digits))
    try write(file, #""version":2"#, #""version":1"#)
    file = try SafetensorsFile(reading: path)
    try write(file, #""samples":100"#, #""samples":100,"lossBits":"\#(digits)""#)
    #expect(try rest() == expected)
    try write(file, #""samples":100"#, #""samples":100,"lossBits":"\#(digits.prefix(8))""#)
    let error = #expect(throws: SavedNetworkError.self) { try Checkpoint(reading: path, on: .single) }
    #expect(error?.found == "1 losses of 2 steps")
  }

  @Test("an epoch may have any number of steps: the header does not grow with them")
  func longEpoch() throws {
    let steps = 1_000_000
    var file = try written()
    file.tensors["losses"] = .float(Tensor([steps], repeating: 2))
    try write(file, #""step":2"#, #""step":\#(steps)"#)
    let checkpoint = try Checkpoint(reading: path, on: .single)
    #expect(checkpoint.step == steps)
    file = try SafetensorsFile(reading: path)
    try checkpoint.write(to: path)
    #expect(try SafetensorsFile(reading: path) == file)
    file.tensors["losses"] = .float(Tensor([steps - 1], repeating: 2))
    try file.write(to: path)
    #expect(throws: NetworkFileError.wrongShape(path: path, tensor: "losses", expected: [steps], actual: [steps - 1])) {
      try Checkpoint(reading: path, on: .single)
    }
  }

  @Test("a network of the largest depth has a checkpoint and a file", arguments: [65, 1024])
  func depth(_ layers: Int) throws {
    var run = try begin(try Architecture(String(repeating: "2-", count: layers - 1) + "10"))
    _ = try run.step()
    try run.checkpoint().write(to: path)
    let network = run.network
    #expect(try Checkpoint(reading: path, on: .single).network.digest == network.digest)
    try network.save(to: path)
    // Weights, and four vectors of each hidden layer's normalization; weights and biases of the last.
    #expect(try SafetensorsFile(reading: path).tensors.count == 5 * (layers - 1) + 2)
  }

  @Test(
    "a state that no training can have is refused",
    arguments: [
      (#""version":2"#, #""version":3"#, "version 3"), (#""epochs":3"#, #""epochs":0"#, "an impossible epochs"),
      (#""epoch":1"#, #""epoch":-1"#, "an impossible epoch"), (#""epoch":1"#, #""epoch":4"#, "an impossible epoch"),
      (#""epoch":1"#, #""epoch":3"#, "an impossible step"), (#""step":2"#, #""step":-2"#, "an impossible step"),
      (#""seconds":"#, #""seconds":-"#, "an impossible seconds"),
      (#""seconds":"#, #""seconds":1e9,"before":"#, "an impossible seconds"),
      (#""time":6"#, #""time":-6"#, "an impossible time"),
      (#""time":6"#, #""time":9007199254740993"#, "an impossible time"),
      (#""lastReduction":-1"#, #""lastReduction":-9223372036854775808"#, "an impossible schedule"),
      (#""scale":1"#, #""scale":-1"#, "an impossible schedule"),
      (#""samples":100"#, #""samples":9223372036854775807"#, "an impossible sums"),
      (#""samples":100"#, #""samples":-1"#, "an impossible sums"),
      (#""bestEpoch":1"#, #""bestEpoch":2"#, "an impossible bestEpoch"),
      (#""bestEpoch":1,"bestValidationError":"#, #""none":"#, "an impossible bestEpoch"),
      (#""bestValidationError":"#, #""bestValidationError":1"#, "an impossible bestValidationError"),
      (#""batch":50"#, #""batch":0"#, "batch-size: expected a number from 2 to 65536, found 0"),
    ])
  func impossible(whole: String, changed: String, found: String) throws {
    try write(try written(), whole, changed)
    let error = #expect(throws: SavedNetworkError.self) { try Checkpoint(reading: path, on: .single) }
    #expect(error?.found == found && error?.key == Self.key)
  }

  @Test(
    "a checkpoint is read if its network can be built, whatever other networks of its experiment cannot",
    arguments: [NetworkKind.real, .discreteTanh])
  func otherKinds(kind: NetworkKind) throws {
    let experiment = SmallNetworks.withLargeSums()
    let images = LabelledImages(
      pixels: [UInt8](repeating: 7, count: 4 * 784), labels: [0, 1, 2, 3], channels: 1, height: 28, width: 28,
      classes: 10, pixelMaximum: 255)
    var run = TrainingRun(
      experiment, try TrainingRunTests.fresh(kind, of: experiment),
      data: Dataset(name: "glyphs", train: images, validation: images, test: images), epochs: 1, seed: 1,
      device: .single)
    _ = try run.step()
    try run.checkpoint().write(to: path)
    let digest = run.network.digest
    #expect(try Checkpoint(reading: path, on: .single).network.digest == digest)
    try write(try SafetensorsFile(reading: path), #""network":"\#(kind.rawValue)""#, #""network":"discrete-sign""#)
    let error = #expect(throws: SavedNetworkError.self) { try Checkpoint(reading: path, on: .single) }
    #expect(
      error?.key == Self.key && error?.found.contains("less than 2^24") == true, "\(String(describing: error))")
  }

  @Test("2⁵³ steps, which a Double counts, are the most that a training can have taken")
  func time() throws {
    try write(try written(), #""time":6"#, #""time":9007199254740992"#)
    #expect(try Checkpoint(reading: path, on: .single).step == 2)
  }

  @Test("tensors whose names are no parameter's are left alone or refused, whatever they are called")
  func names() throws {
    var file = try written()
    file.tensors["network"] = .float(Tensor([1], [0]))
    try file.write(to: path)
    _ = try Checkpoint(reading: path, on: .single)
    file.tensors["network."] = .float(Tensor([1], [0]))
    try file.write(to: path)
    #expect(throws: NetworkFileError.unknown(path: path, tensor: "")) { try Checkpoint(reading: path, on: .single) }
  }
}
