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
    let version = ProgramIdentity.this().signet
    #expect(
      refusal()
        == "\(folder.path): expected real, trained as here, found real of signet 0.0.9 and not \(version)")
  }

  @Test("nothing is taken of a run whose real network was read from a file")
  func fromFile() throws {
    try makeRun(realSHA256: real.result.parametersSHA256)
    #expect(
      refusal()
        == "\(folder.path): expected real, trained as here, found networks that start from a real one that was read from a file"
    )
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
