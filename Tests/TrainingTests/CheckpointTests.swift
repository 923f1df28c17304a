import Datasets
import Files
import Foundation
import Networks
import TestSupport
import Testing
import Training
import Verification

@Suite("Checkpoints: resumed training gives the same bits")
struct CheckpointTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let experiment = Extent.of(.digits, debug: smaller)
  private static var smaller: Experiment {
    var (real, discrete) = (Experiment.digits.real, Experiment.digits.discrete)
    (real.dropout, discrete.dropout) = ([0, 0.1], [0, 0.1])
    return Experiment(
      name: "smaller", title: "", data: .digits, architecture: "12-10", batch: Experiment.digits.batch, real: real,
      discrete: discrete)
  }

  private var path: String { folder.path + "/checkpoint.safetensors" }

  /// The training of one network and of those that it starts from, all trained but the last.
  private func run(_ kind: NetworkKind) throws -> TrainingRun<Float> {
    let reproduction = Reproduction(
      Self.experiment, data: try TrainingRunTests.data(), realEpochs: 3, discreteEpochs: 3, seed: 1, device: .single)
    var trainings = try reproduction.trainings(of: [kind])
    while var run = try trainings.next() {
      if run.network.kind == kind { return run }
      _ = try run.finish()
      _ = trainings.finish(run)
    }
    throw NoTraining()
  }
  private struct NoTraining: Error {}

  /// 5 turns an epoch: 4 steps and its end.
  private func turn(_ run: inout TrainingRun<Float>, _ reports: inout [EpochReport]) throws {
    if try run.step() == nil { reports.append(run.finishEpoch()) }
  }

  private func told(_ reports: [EpochReport]) -> [String] {
    reports.map { "\($0.epoch) \($0.loss) \($0.trainingError) \($0.lossBits) \($0.validationError) \($0.isBest)" }
  }

  @Test(
    "written and read at any place, a checkpoint leads to the bits of a training that was never stopped",
    arguments: [NetworkKind.real, .discreteSign, .straightThrough], [1, 5, 7, 10, 14])
  func resumed(_ kind: NetworkKind, turns: Int) throws {
    var whole = try run(kind)
    var reports: [EpochReport] = []
    for _ in 0..<turns { try turn(&whole, &reports) }
    try whole.checkpoint().write(to: path)
    let before = reports
    while !whole.isFinished { try turn(&whole, &reports) }
    let checkpoint = try Checkpoint(reading: path, on: .single)
    #expect(checkpoint.epoch == turns / 5 && checkpoint.step == turns % 5)
    #expect(checkpoint.seed == 1 && checkpoint.epochs == 3 && checkpoint.experiment == Self.experiment)
    var resumed = TrainingRun(resuming: checkpoint, data: try TrainingRunTests.data(), device: .single)
    var after = before
    while !resumed.isFinished { try turn(&resumed, &after) }
    let digests = [resumed.best?.network.digest, resumed.network.digest]
    let expected = [whole.best?.network.digest, whole.network.digest]
    #expect(digests == expected)
    #expect(told(after) == told(reports))
  }

  @Test(
    "kept in memory at ten random steps, each ends like the training that continued beside it",
    arguments: [NetworkKind.real, .discreteTanh, .discreteSign, .straightThrough])
  func inMemory(_ kind: NetworkKind) throws {
    var numbers = TestNumbers(seed: 10)
    var turns: Set<Int> = []
    while turns.count < 10 { turns.insert(Int(numbers.bits() % 15)) }
    var whole = try run(kind)
    var (reports, kept) = ([EpochReport](), [Checkpoint]())
    for turn in 0..<15 {
      if turns.contains(turn) { kept.append(whole.checkpoint()) }
      try self.turn(&whole, &reports)
    }
    let isFinished = whole.isFinished
    #expect(isFinished && kept.count == 10)
    let (best, last) = (whole.best?.network.digest, whole.network.digest)
    for checkpoint in kept {
      var resumed = TrainingRun(resuming: checkpoint, data: try TrainingRunTests.data(), device: .single)
      let digests = [try resumed.finish().network.digest, resumed.network.digest]
      let place = "epoch \(checkpoint.epoch), step \(checkpoint.step)"
      #expect(digests == [best, last], "\(place)")
    }
  }

  @Test("a reproduction takes only a checkpoint of its own trainings: another one is refused, with what differs")
  func foreign() throws {
    func reproduction(
      seed: UInt64 = 1, epochs: Int = 3, images: Int = 200, _ change: (inout Experiment) -> Void = { _ in }
    ) throws -> Reproduction {
      var experiment = Self.experiment
      change(&experiment)
      return Reproduction(
        experiment, data: try TrainingRunTests.data(images), realEpochs: epochs, discreteEpochs: epochs, seed: seed,
        device: .single)
    }
    var run = try run(.real)
    for _ in 0..<3 { _ = try run.step() }
    let checkpoint = run.checkpoint()
    var own = try reproduction().trainings(of: [.discreteSign], from: checkpoint)
    if let resumed = try own.next() {
      let steps = resumed.stepsDone
      #expect(steps == 3)
    } else {
      Issue.record("nothing to train")
    }
    func refusal(of networks: Set<NetworkKind> = [.real], _ reproduction: Reproduction) -> String? {
      #expect(throws: CheckpointError.self) { _ = try reproduction.trainings(of: networks, from: checkpoint) }?
        .description
    }
    let name = "the checkpoint of real"
    #expect(try refusal(reproduction(seed: 7)) == "\(name): expected seed 7, found seed 1")
    #expect(try refusal(reproduction(epochs: 2)) == "\(name): expected epochs 2, found epochs 3")
    #expect(
      try refusal(reproduction { $0.batch = 40 }) == "\(name): expected experiment.batch 40, found experiment.batch 50")
    #expect(
      try refusal(of: [.straightThrough], reproduction()) == "\(name): expected one of straight-through, found real")
    #expect(try refusal(reproduction(images: 100)) == "\(name): expected a step of an epoch's 2, found 3")
    let data = try TrainingRunTests.data()
    let other = Reproduction(
      Self.experiment,
      data: Dataset(
        name: "part", train: data.train, validation: data.validation, test: data.test, fileDigests: [("a", "00ff")]),
      realEpochs: 3, seed: 1, device: .single)
    #expect(refusal(other) == "\(name): expected data 00ff, found data []")
    // Of a file, its name is told, too.
    try checkpoint.write(to: path)
    let read = try Checkpoint(reading: path, on: .single)
    let error = #expect(throws: CheckpointError.self) {
      _ = try reproduction(seed: 7).trainings(of: [.real], from: read)
    }
    #expect(error?.description == "\(path): \(name): expected seed 7, found seed 1")
  }

  @Test("a checkpoint of a network that need not be trained, since it or one that starts from it is known, is not used")
  func unneeded() throws {
    let reproduction = Reproduction(
      Self.experiment, data: try TrainingRunTests.data(), realEpochs: 3, discreteEpochs: 3, seed: 1, device: .single)
    let stopped = try run(.real)
    let checkpoint = stopped.checkpoint()
    for (kind, start) in [(NetworkKind.discreteSign, NetworkKind.real), (.discreteSignFromTanh, .discreteTanh)] {
      let known = [start: try TrainingRunTests.fresh(start, of: Self.experiment)]
      var trainings = try reproduction.trainings(of: [kind], startingWith: known, from: checkpoint)
      if let next = try trainings.next() {
        let found = next.network.kind
        #expect(found == kind)
      } else {
        Issue.record("nothing to train")
      }
    }
  }

  @Test("a file cut off, of another kind, or without one of its tensors is refused")
  func damaged() throws {
    var run = try run(.real)
    var reports: [EpochReport] = []
    for _ in 0..<6 { try turn(&run, &reports) }
    try run.checkpoint().write(to: path)
    let bytes = try Data(contentsOf: URL(filePath: path))
    try bytes.dropLast(1).write(to: URL(filePath: path))
    #expect(throws: SafetensorsError.self) { try Checkpoint(reading: path, on: .single) }
    try bytes.write(to: URL(filePath: path))
    var file = try SafetensorsFile(reading: path)
    // As of an earlier version, of which only the tensors themselves tell it.
    file.metadata["signet.checkpointSHA256"] = nil
    let names = file.tensors.keys.sorted()
    for group in ["network.", "best.", "first.", "second."] {
      var damaged = file
      damaged.tensors[try #require(names.first { $0.hasPrefix(group) })] = nil
      try damaged.write(to: path)
      #expect(throws: NetworkFileError.self, "\(group)") { try Checkpoint(reading: path, on: .single) }
    }
    file.metadata = [:]
    try file.write(to: path)
    let error = #expect(throws: SavedNetworkError.self) { try Checkpoint(reading: path, on: .single) }
    #expect(error?.description.contains("signet.checkpoint") == true)
    #expect(throws: SafetensorsError.self) { try Checkpoint(reading: folder.path + "/none", on: .single) }
  }
}
