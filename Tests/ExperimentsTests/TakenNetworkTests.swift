import BuiltInDatasets
import Datasets
import Experiments
import Foundation
import Networks
import TestSupport
import Testing
import Training

@Suite("Networks that a training starts from: taken from a run, or read from a file")
struct TakenNetworkTests {
  private let folder: TemporaryFolder
  private let reproduction: Reproduction
  /// The real network, as the reproduction trains it.
  private let real: SavedNetwork

  init() throws {
    folder = try TemporaryFolder()
    reproduction = try SmallTraining.reproduction()
    var trainings = try reproduction.trainings(of: [.real])
    real = try SmallTraining.next(&trainings, of: reproduction)
  }

  /// Makes a run that has the real network.
  private func makeRun(realSHA256: String? = nil, _ change: (RunDirectory) throws -> Void = { _ in }) throws {
    let record = RunRecord(reproduction, networks: [.real, .discreteSign], realSHA256: realSHA256)
    let directory = try RunDirectory(folder.path, record, resume: false, on: .single)
    try directory.save(real)
    try change(directory)
  }

  private func taken() throws -> [SavedNetwork] {
    try reproduction.startingNetworks(of: [.discreteSign], in: [folder.path])
  }

  /// Why nothing is taken.
  private func refusal() -> String? {
    #expect(throws: StartingNetworkError.self) { try taken() }?.description
  }

  @Test("a network of a run that this version alone worked on is taken")
  func ownVersion() throws {
    try makeRun()
    #expect(try taken().map(\.result) == [real.result])
  }

  @Test("a run's record has the digest of each network that was taken, by its name")
  func digests() throws {
    var trainings = try reproduction.trainings(of: [.discreteTanh])
    let both = try (0..<2).map { _ in try SmallTraining.next(&trainings, of: reproduction) }
    try #require(both.map(\.result.network) == [.real, .discreteTanh])
    let digests = both.map(\.result.parametersSHA256)
    let record = RunRecord(reproduction, networks: [.discreteSignFromTanh], startingWith: both)
    #expect(record.startedFrom == ["real": digests[0], "discrete-tanh": digests[1]])
    #expect(RunRecord(reproduction, networks: [.real]).startedFrom == nil)
  }

  @Test("nothing is taken of a run that another version has resumed, even if its network is the same by all settings")
  func otherVersion() throws {
    try makeRun { directory in
      try directory.log(
        .program(ProgramIdentity(signet: "0.0.9", commit: nil, isModified: nil, sha256: nil, traces: nil)))
    }
    let version = ProgramIdentity.this.signet
    #expect(
      refusal()
        == "\(folder.path): expected real, trained as here, found real of signet 0.0.9 and not \(version)")
  }

  @Test("a run that stopped in the training of its start goes on from that network of another run, to the same bits")
  func takenLater() throws {
    let record = RunRecord(reproduction, networks: [.discreteSign])
    func open(resume: Bool) throws -> RunDirectory {
      try RunDirectory(folder.path, record, resume: resume, on: .single)
    }
    var stopped = try reproduction.trainings(of: [.discreteSign])
    try open(resume: false).keep(try SmallTraining.checkpoint(&stopped, after: 2))
    let known = [NetworkKind.real: real.network]
    var trainings = try reproduction.trainings(of: [.discreteSign], startingWith: known)
    let expected = try SmallTraining.next(&trainings, of: reproduction).result.parametersSHA256
    let results = try reproduction.train([.discreteSign], startingWith: known, in: open(resume: true))
    #expect(results.map(\.network) == [.discreteSign] && results[0].parametersSHA256 == expected)
  }

  @Test("nothing is taken of a run whose real network was read from a file")
  func fromFile() throws {
    try makeRun(realSHA256: real.result.parametersSHA256)
    #expect(
      refusal()
        == "\(folder.path): expected real, trained as here, found networks that start from a real one that was read from a file"
    )
  }

  @Test("what starts from a network that is to be trained itself, or from none, takes no network, and that is said")
  func noneWanted() throws {
    try makeRun()
    let itself = "every network that another one starts from is itself to be trained (leave it out of --networks)"
    let wanted: [(Set<NetworkKind>, words: String)] = [
      (Set([.real, .discreteTanh]), itself),
      (Set([.real, .straightThrough]), "no network to be trained starts from another"),
    ]
    for (networks, found) in wanted {
      let error = #expect(throws: StartingNetworkError.self) {
        try reproduction.startingNetworks(of: networks, in: [folder.path])
      }
      #expect(error?.description == "\(folder.path): expected a network to start from, found a run, and \(found)")
    }
  }

  @Test(
    "a real network from a file has its own constants and errors on the run's data; what starts from it is the same")
  func startFromFile() throws {
    let origin = try SmallTraining.reproduction(epochs: 2) { $0.real.activation = .relu }
    var first = try origin.trainings(of: [.real])
    let file = try SmallTraining.next(&first, of: origin)
    let own = Experiment.custom("12-8-10", on: .digits)
    let experiment = own.starting(from: file)
    #expect(experiment.real.activation == .relu && experiment.real.epochs == 2 && own.real.epochs != 2)
    #expect(experiment.discrete == own.discrete)

    // One image that the network takes for another class, and one that it does not.
    let digits = try Dataset.digits()
    func image(error: Double) throws -> LabelledImages {
      let images = (0..<digits.test.count).lazy.map { digits.test[$0..<$0 + 1] }
      return try #require(
        images.first { Evaluation(of: file.network, on: $0, batch: 1, device: .single).mostProbable() == error })
    }
    let data = Dataset(
      name: "digits", train: digits.train[0..<200], validation: try image(error: 1), test: try image(error: 0),
      fileDigests: digits.fileDigests)
    let run = Reproduction(experiment, data: data, discreteEpochs: 1, seed: 2, device: .single)
    let record = RunRecord(run, networks: [.discreteSign], realSHA256: file.result.parametersSHA256)
    let directory = try RunDirectory(folder.path, record, resume: false, on: .single)
    let results = try run.train([.discreteSign], from: file, in: directory)
    #expect(results.map(\.network) == [.real, .discreteSign])
    #expect(results[0].validationError == 1 && results[0].testError == 0 && results[0].activation == "relu")
    #expect(results[0].parametersSHA256 == file.result.parametersSHA256 && results[0].epochs == 2)
    let kept = try SavedNetwork(reading: folder.file("real.safetensors"), on: .single)
    #expect(kept.result == results[0] && kept.experiment == experiment && kept.seed == file.seed)

    var trainings = try run.trainings(of: [.discreteSign], startingWith: [.real: file.network])
    #expect(try SmallTraining.next(&trainings, of: run).result.parametersSHA256 == results[1].parametersSHA256)
  }

  @Test("a run keeps the constants that its record has of a real network from a file, on which no bit depends")
  func earlierRecord() throws {
    let own = reproduction.experiment
    func run(_ experiment: Experiment) -> Reproduction {
      Reproduction(experiment, data: reproduction.data, discreteEpochs: 1, seed: 2, device: .single)
    }
    func open(_ experiment: Experiment, resume: Bool) throws -> RunDirectory {
      let record = RunRecord(run(experiment), networks: [.discreteSign], realSHA256: real.result.parametersSHA256)
      return try RunDirectory(folder.path, record, resume: resume, on: .single)
    }
    let others = own.starting(from: real)
    // As earlier programs recorded it: with the experiment's own constants.
    try #require(others != own)
    _ = try open(own, resume: false)
    let record = try RunDirectory.record(in: folder.path)
    #expect(own.starting(from: real, resuming: record) == own)
    let results = try run(own).train([.discreteSign], from: real, in: open(own, resume: true))
    var trainings = try run(others).trainings(of: [.discreteSign], startingWith: [.real: real.network])
    let expected = try SmallTraining.next(&trainings, of: run(others)).result.parametersSHA256
    #expect(results.last?.parametersSHA256 == expected)
    // Its real network has that network's own.
    let kept = try SavedNetwork(reading: folder.file("real.safetensors"), on: .single)
    #expect(kept.experiment == others)
    // A run of another real network does not determine them.
    let another = RunRecord(run(own), networks: [.discreteSign], realSHA256: "00ff")
    #expect(own.starting(from: real, resuming: another) == others)
  }

  @Test("a real network from a file must be real and have the experiment's layers, image and range of pixels")
  func realFromFile() throws {
    func images(_ width: Int, pixelMaximum: Int) throws -> DataSource {
      let text = """
        {"classes": 10, "input": {"image": {"channels": 1, "height": 8, "width": \(width)}, "pixelMaximum": \(pixelMaximum)}, \
        "name": "images"}
        """
      return try JSONDecoder().decode(DataSource.self, from: Data(text.utf8))
    }
    let own = try images(8, pixelMaximum: 16)
    let (wide, bright) = (try images(9, pixelMaximum: 16), try images(8, pixelMaximum: 255))
    try RealNetworkError.check(real, at: "f", for: .custom("12-8-10", on: own))
    let others = [
      (Experiment.custom("12-9-10", on: own), "real 12-9-10 for images 1×8×8 of pixels up to 16"),
      (.custom("12-8-10", on: wide), "real 12-8-10 for images 1×8×9 of pixels up to 16"),
      (.custom("12-8-10", on: bright), "real 12-8-10 for images 1×8×8 of pixels up to 255"),
    ]
    for (experiment, expected) in others {
      let error = #expect(throws: RealNetworkError.self) {
        try RealNetworkError.check(real, at: "f", for: experiment)
      }
      #expect(
        error?.description
          == "f: expected the network \(expected), found real 12-8-10 for images 1×8×8 of pixels up to 16")
    }
  }
}
