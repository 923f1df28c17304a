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
  private static let digestKey = "signet.checkpointSHA256"

  /// Writes the file with another text in its metadata, which had it once or more, and without a digest, as earlier versions wrote it.
  private func write(
    _ file: SafetensorsFile, _ whole: String, _ changed: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var file = file
    let text = try #require(file.metadata[Self.key], sourceLocation: sourceLocation)
    try #require(text.contains(whole), "\(text)", sourceLocation: sourceLocation)
    file.metadata = [Self.key: text.replacing(whole, with: changed)]
    try file.write(to: path)
  }

  /// The file with one number of a tensor changed.
  private func changed(
    _ file: SafetensorsFile, _ name: String, _ change: (Float) -> Float,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> SafetensorsFile {
    var file = file
    let tensor: Tensor<Float> = try #require(file.tensors[name]?.tensor(), sourceLocation: sourceLocation)
    var numbers = tensor.scalars
    numbers[1] = change(numbers[1])
    file.tensors[name] = .float(Tensor(tensor.shape, numbers))
    return file
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

  @Test("a file that is not as it was written is refused, whatever was changed; earlier versions wrote no digest")
  func digest() throws {
    let file = try written()
    let expected = try rest()
    let digest = try #require(file.metadata[Self.digestKey])
    #expect(digest.utf8.count == 64)
    let names = [
      "network.block1.linear.weights", "best.block2.linear.bias", "first.block1.normalization.scale",
      "second.block2.linear.bias", "losses",
    ]
    var others = try names.map { try changed(file, $0) { $0 + 0.5 } }
    var other = file
    other.tensors["more"] = .float(Tensor([1], [0]))
    others.append(other)
    other = file
    other.tensors["losses"] = nil
    others.append(other)
    other = file
    other.metadata[Self.key] = try #require(file.metadata[Self.key]).replacing(#""time":6"#, with: #""time":5"#)
    try #require(other != file)
    others.append(other)
    for other in others {
      try other.write(to: path)
      let error = #expect(throws: CheckpointError.self) { try Checkpoint(reading: path, on: .single) }
      #expect(error?.path == path && error?.network == .real && error?.expected == "contents with the digest \(digest)")
    }
    other = file
    other.metadata[Self.digestKey] = nil
    try other.write(to: path)
    #expect(try rest() == expected)
  }

  @Test("keys of the metadata other than the text's and the digest's are refused: a damaged key takes the digest away")
  func metadataKeys() throws {
    var file = try written()
    let digest = try #require(file.metadata[Self.digestKey] as String?)
    file.metadata["signet.checkpointSHA257"] = digest
    file.metadata[Self.digestKey] = nil
    try changed(file, "losses") { $0 + 0.5 }.write(to: path)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(reading: path, on: .single) }
    #expect(error?.expected == "no metadata but \(Self.key) and \(Self.digestKey)")
    #expect(error?.path == path && error?.found == "'signet.checkpointSHA257'")
  }

  @Test("the digest is the same on several threads")
  func digestOnThreads() throws {
    let file = try written()
    let device = Device.processor(threads: 3)
    try Checkpoint(reading: path, on: device).write(to: path)
    #expect(try SafetensorsFile(reading: path) == file)
  }

  @Test(
    "of a file without a digest, numbers that no training goes on from are refused, and their tensor named",
    arguments: [
      ("network.block1.linear.weights", Float.nan), ("best.block2.linear.bias", .infinity),
      ("first.block2.linear.bias", -.infinity), ("losses", .nan), ("second.block2.linear.bias", -1),
      ("second.block1.linear.weights", .nan),
    ])
  func numbers(name: String, number: Float) throws {
    var file = try changed(try written(), name) { _ in number }
    file.metadata[Self.digestKey] = nil
    try file.write(to: path)
    let error = #expect(throws: (any Error).self) { try Checkpoint(reading: path, on: .single) }
    let expected =
      name.hasPrefix("second.")
      ? "the checkpoint of real: expected numbers from 0 in '\(name)', found \(number)"
      : "tensor '\(name)': expected finite numbers, found \(number) at index 1"
    #expect(error.map { "\($0)" } == "\(path): \(expected)")
  }

  @Test("a second moment may have become infinite, and the learning rates may have been halved after each epoch")
  func extremes() throws {
    try write(
      try changed(try written(), "second.block2.linear.bias") { _ in .infinity }, #""scale":1"#, #""scale":0.5"#)
    #expect(try Checkpoint(reading: path, on: .single).step == 2)
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
    let again = try SafetensorsFile(reading: path)
    #expect(again.tensors == file.tensors && again.metadata[Self.key] == file.metadata[Self.key])
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
      (#""scale":1"#, #""scale":0.25"#, "an impossible schedule"),
      (#""scale":1"#, #""scale":2"#, "an impossible schedule"),
      (#""lastReduction":-1"#, #""lastReduction":1"#, "an impossible schedule"),
      (#""bestEpoch":0"#, #""bestEpoch":1"#, "an impossible schedule"),
      (#""patience":1,"scale""#, #""patience":100000,"scale""#, "an impossible schedule"),
      (#""cooldown":2,"lastReduction""#, #""cooldown":0,"lastReduction""#, "an impossible schedule"),
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
    var experiment = SmallNetworks.withLargeSums()
    // The schedules of all networks have the same constants, which are checked first.
    (experiment.real.cooldown, experiment.real.patience) = (experiment.discrete.cooldown, experiment.discrete.patience)
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
    #expect(error?.key == Self.key && error?.found.contains("less than 2^24") == true, "\(String(describing: error))")
  }

  @Test("2⁵³ steps, which a Double counts, are the most that a training can have taken")
  func time() throws {
    try write(try written(), #""time":6"#, #""time":9007199254740992"#)
    #expect(try Checkpoint(reading: path, on: .single).step == 2)
  }

  @Test("tensors whose names are no parameter's are refused, whatever they are called")
  func names() throws {
    func unknown(_ name: String, in file: SafetensorsFile) throws -> NetworkFileError? {
      var file = file
      file.tensors[name] = .float(Tensor([1], [0]))
      file.metadata[Self.digestKey] = nil
      try file.write(to: path)
      return #expect(throws: NetworkFileError.self) { try Checkpoint(reading: path, on: .single) }
    }
    let file = try written()
    for (name, told) in [("network", "network"), ("more", "more"), ("network.", ""), ("first.more", "first.more")] {
      #expect(try unknown(name, in: file) == .unknown(path: path, tensor: told))
    }
    // There is no best network before the end of the first epoch.
    var run = try begin()
    _ = try run.step()
    try run.checkpoint().write(to: path)
    let best = "best.block2.linear.bias"
    #expect(try unknown(best, in: SafetensorsFile(reading: path)) == .unknown(path: path, tensor: best))
  }
}
