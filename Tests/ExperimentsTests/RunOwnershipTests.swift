import Datasets
import Experiments
import Foundation
import Networks
import TestSupport
import Testing
import Training

@Suite("Run directories: a run takes only its own files, and misses none")
struct RunOwnershipTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Begins the run in the folder, or resumes it, and lets go of it.
  private func open<Result>(
    _ record: RunRecord, resume: Bool = true, _ body: (RunDirectory) throws -> Result
  ) throws -> Result {
    try body(try RunDirectory(folder.path, record, resume: resume, on: .single))
  }

  /// The error with which the folder is refused.
  private func refusal(_ record: RunRecord, resume: Bool = true) -> String? {
    let error = #expect(throws: RunDirectoryError.self) { try open(record, resume: resume) { _ in } }
    return error?.description
  }

  /// A real network, trained as a run of these constants trains it.
  private func real(_ reproduction: Reproduction) throws -> SavedNetwork {
    var trainings = try reproduction.trainings(of: [.real])
    return try SmallTraining.next(&trainings, of: reproduction)
  }

  @Test(
    "without run.json, a directory with any other file of a run is refused, and the file stays",
    arguments: [
      "log.jsonl", "result.json", "checkpoint.safetensors", "real.safetensors", "straight-through.safetensors",
    ], [true, false])
  func withoutRecord(name: String, resume: Bool) throws {
    let record = RunRecord(try SmallTraining.reproduction(), networks: [.real])
    let file = try folder.write([7], to: name)
    #expect(
      refusal(record, resume: resume) == "\(file): expected no file of a run without the run's run.json, found one")
    #expect(try folder.names == [name] && folder.bytes(of: name) == [7])
  }

  @Test("a network of another seed, of other epochs or of another experiment is refused, and the run's own is taken")
  func networks() throws {
    let file = folder.file("real.safetensors")
    let own = try SmallTraining.reproduction(seed: 2, epochs: 3)
    let record = RunRecord(own, networks: [.real])
    try open(record, resume: false) { _ in }
    try real(try SmallTraining.reproduction()).write(to: file)
    #expect(
      refusal(record) == "\(file): expected epochs 3, seed 2, as in the run to resume, found epochs 1, seed 1")
    let other = try SmallTraining.reproduction(seed: 2, epochs: 3) { $0.batch = 40 }
    try real(other).write(to: file)
    #expect(
      refusal(record)
        == "\(file): expected experiment.batch 50, as in the run to resume, found experiment.batch 40")
    try real(own).write(to: file)
    #expect(try open(record) { $0.finished.map(\.result.network) } == [.real])
    // Under the name of another network.
    let sign = folder.file("discrete-sign.safetensors")
    try FileManager.default.moveItem(atPath: file, toPath: sign)
    #expect(refusal(record) == "\(sign): expected the network discrete-sign, found real")
  }

  @Test("a run on other data is not resumed: the file that differs is named, with both digests")
  func data() throws {
    func record(_ digest: String, of file: String = "images") throws -> RunRecord {
      RunRecord(try SmallTraining.reproduction(digest: digest, of: file), networks: [.real])
    }
    try open(record("a1"), resume: false) { _ in }
    #expect(
      try refusal(record("b2"))
        == "\(folder.file("run.json")): expected data.images a1, as in the run to resume, found data.images b2")
    #expect(try open(record("a1")) { $0.finished.isEmpty })
    // Under another name, the contents count.
    #expect(try open(record("a1", of: "pictures")) { $0.finished.isEmpty })
    #expect(
      try refusal(record("b2", of: "pictures"))
        == "\(folder.file("run.json")): expected data.0 a1, as in the run to resume, found data.0 b2")
  }

  @Test("a checkpoint of another seed, of other epochs or of other data is refused")
  func checkpoints() throws {
    let file = folder.file("checkpoint.safetensors")
    let record = RunRecord(try SmallTraining.reproduction(seed: 2, epochs: 3, digest: "a1"), networks: [.real])
    try open(record, resume: false) { _ in }
    func refused(_ reproduction: Reproduction) throws -> String? {
      var trainings = try reproduction.trainings(of: [.real])
      try SmallTraining.checkpoint(&trainings, after: 1).write(to: file)
      return refusal(record)
    }
    #expect(
      try refused(SmallTraining.reproduction(seed: 1, epochs: 5, digest: "a1"))
        == "\(file): expected epochs 3, seed 2, as in the run to resume, found epochs 5, seed 1")
    #expect(
      try refused(SmallTraining.reproduction(seed: 2, epochs: 3, digest: "b2"))
        == "\(file): expected data a1, as in the run to resume, found data b2")
  }

  @Test("a checkpoint of a step that an epoch does not have is refused")
  func step() throws {
    let reproduction = try SmallTraining.reproduction()
    let record = RunRecord(reproduction, networks: [.real])
    var trainings = try reproduction.trainings(of: [.real])
    let checkpoint = try SmallTraining.checkpoint(&trainings, after: 3)
    try open(record, resume: false) { try $0.keep(checkpoint) }
    // Half of the images, under the same digests.
    let data = reproduction.data
    let other = Reproduction(
      reproduction.experiment,
      data: Dataset(
        name: data.name, train: data.train[0..<100], validation: data.validation, test: data.test,
        fileDigests: data.fileDigests),
      realEpochs: 1, discreteEpochs: 1, seed: reproduction.seed, device: .single)
    let error = #expect(throws: CheckpointError.self) {
      try open(record) { try other.train([.real], in: $0) }
    }
    #expect(
      error?.description
        == "\(folder.file("checkpoint.safetensors")): the checkpoint of real: expected a step of an epoch's 2, found 3")
    #expect(try open(record) { try reproduction.train([.real], in: $0) }.map(\.network) == [.real])
  }

  @Test("a real network that was read from a file is known by its digest, whatever it was trained with")
  func realFromFile() throws {
    let network = try real(try SmallTraining.reproduction())
    let digest = network.result.parametersSHA256
    let run = try SmallTraining.reproduction(seed: 9, epochs: 2)
    let record = RunRecord(run, networks: [.discreteSign], realSHA256: digest)
    try open(record, resume: false) { try $0.save(network) }
    #expect(try open(record) { $0.finished.count } == 1)
    try real(try SmallTraining.reproduction(seed: 3)).write(to: folder.file("real.safetensors"))
    let words = try #require(refusal(record))
    #expect(
      words.hasPrefix(
        "\(folder.file("real.safetensors")): expected parametersSHA256 \(digest), as in the run to resume, found "))
  }

  @Test("a run writes nothing into another directory that has got the name of its own, and goes on in its own")
  func replaced() throws {
    let reproduction = try SmallTraining.reproduction()
    let record = RunRecord(reproduction, networks: [.real])
    let (run, own) = (folder.file("run"), folder.file("own"))
    let directory = try RunDirectory(run, record, resume: false, on: .single)
    let network = try real(reproduction)
    var trainings = try reproduction.trainings(of: [.real])
    let checkpoint = try SmallTraining.checkpoint(&trainings, after: 3)
    try FileManager.default.moveItem(atPath: run, toPath: own)
    _ = try RunDirectory(run, record, resume: false, on: .single)
    let names = ["log.jsonl", "run.json"]
    for write in [
      { try directory.keep(checkpoint) }, { try directory.save(network) },
      { try directory.finish(ReproductionReport(record, [network.result])) },
    ] as [() throws -> Void] {
      let error = #expect(throws: RunDirectoryError.self) { try write() }
      #expect(error?.description == "\(run): expected the directory that the run began in, found another one")
      #expect(error?.isInputOutput == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: run).sorted() == names)
    }
    try FileManager.default.removeItem(atPath: run)
    try FileManager.default.moveItem(atPath: own, toPath: run)
    try directory.keep(checkpoint)
    #expect(try FileManager.default.contentsOfDirectory(atPath: run).sorted() == ["checkpoint.safetensors"] + names)
  }

  @Test("a network whose line in the log a kill prevented is logged when the run is resumed, once")
  func missingLine() throws {
    let reproduction = try SmallTraining.reproduction()
    let record = RunRecord(reproduction, networks: [.real])
    let network = try real(reproduction)
    try open(record, resume: false) { try $0.save(network) }
    // As if the program had been killed after it had written the network's file.
    try folder.write([], to: "log.jsonl")
    #expect(try !RunSummary(folder.path).isDone)
    for _ in 0..<2 {
      try open(record) { _ in }
      let run = try RunSummary(folder.path)
      #expect(run.results == [network.result] && run.isDone)
    }
  }

  @Test(
    "a record of another version, or of networks that cannot be trained with its constants, is refused with what it has"
  )
  func records() throws {
    let record = RunRecord(try SmallTraining.reproduction(), networks: [.discreteSign])
    try open(record, resume: false) { _ in }
    let file = folder.file("run.json")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    // Nothing but `grids` is an array of that one name, and nothing but `networks` of this one.
    let grids = String(try #require(text.firstMatch(of: #/\[\s*"ternary"\s*\]/#)).output)
    let networks = String(try #require(text.firstMatch(of: #/\[\s*"discrete-sign"\s*\]/#)).output)
    let gridCount = "architecture 12-8-10: expected 1 or 3 grids, one for each dense layer and convolution, found "
    let changes: [(whole: String, changed: String, expected: String)] = [
      (#""version" : 1"#, #""version" : 2"#, "expected a run's record of version 1, found version 2"),
      (#""realEpochs" : 1"#, #""realEpochs" : 0"#, "real.epochs: expected a number from 1 to 1000000, found 0"),
      (#""batch" : 50"#, #""batch" : 0"#, "batch-size: expected a number from 2 to 65536, found 0"),
      (
        #""architecture" : "12-8-10""#, #""architecture" : "12-8-9""#,
        "architecture 12-8-9: expected 10 units at the end, one per class of the data, found 9"
      ),
      (grids, "[]", gridCount + "0"), (grids, #"["binary", "ternary"]"#, gridCount + "2"),
      (networks, "[]", "expected a run's networks, found none"),
    ]
    for (whole, changed, expected) in changes {
      try #require(text.contains(whole))
      try text.replacing(whole, with: changed).write(toFile: file, atomically: true, encoding: .utf8)
      #expect(refusal(record) == "\(file): \(expected)")
      let shown = #expect(throws: RunDirectoryError.self) { try RunSummary(folder.path) }
      #expect(shown?.description == "\(file): \(expected)")
    }
  }
}
