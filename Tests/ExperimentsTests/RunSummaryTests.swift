import Experiments
import Foundation
import Networks
import TestSupport
import Testing
import Training

/// Runs whose logs have results that nobody trained.
@Suite("Runs: how long they took, and whether they are done")
struct RunSummaryTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func begin(_ networks: [NetworkKind], realSHA256: String? = nil) throws -> RunDirectory {
    let record = RunRecord(try SmallTraining.reproduction(), networks: networks, realSHA256: realSHA256)
    return try RunDirectory(folder.file("run"), record, resume: false, on: .single)
  }

  private func result(_ network: NetworkKind, seconds: Double = 1) -> NetworkResult {
    NetworkResult(
      network: network, weights: "ternary", activation: "sign", epochs: 2, bestEpoch: 1, validationError: 0.25,
      testError: 0.125, seconds: seconds, parametersSHA256: "ab")
  }

  @Test(
    "the list has a run's time in seconds, from a minute on in hours, minutes and seconds",
    arguments: [
      (59.94, "59.9 s"), (59.95, "0:01:00"), (60, "0:01:00"), (3599.4, "0:59:59"), (3599.6, "1:00:00"),
      (3725, "1:02:05"), (363_540, "100:59:00"),
    ] as [(Double, String)])
  func times(seconds: Double, text: String) throws {
    try begin([.real]).log(.network(result(.real, seconds: seconds)))
    let rows = tableRows(try #require(try RunListing(folder.path).text()))
    #expect(rows.map { $0[2] } == ["training", text])
  }

  @Test("a real network that was read from a file is none that the run trains, and its time is none of the run's")
  func realFromFile() throws {
    let directory = try begin([.discreteSign], realSHA256: "ab")
    try directory.log(.network(result(.real, seconds: 40)))
    try directory.log(.network(result(.discreteSign, seconds: 2)))
    let run = try RunSummary(folder.file("run"))
    #expect(run.networks == [.real, .discreteSign] && run.ownNetworks == [.discreteSign] && run.seconds == 2)
  }

  @Test("a run is done when each network that was asked for is trained; those that they start from do not count")
  func done() throws {
    let directory = try begin([.discreteSign])
    func isDone() throws -> Bool { try RunSummary(folder.file("run")).isDone }
    #expect(try !isDone())
    try directory.log(.network(result(.real)))
    #expect(try !isDone())
    try directory.log(.network(result(.discreteSign)))
    #expect(try isDone())
    #expect(try RunSummary(folder.file("run")).state == "done")
  }

  @Test("a run with results and without a log is damaged, and the log is named; one with neither has just begun")
  func withoutLog() throws {
    _ = try begin([.real])
    let log = folder.file("run/log.jsonl")
    try FileManager.default.removeItem(atPath: log)
    #expect(try RunSummary(folder.file("run")).state == "begun")
    try folder.write([], to: "run/result.json")
    let listing = try RunListing(folder.path)
    #expect(listing.runs.isEmpty)
    #expect(
      listing.errors.map(\.description)
        == ["\(log): expected the log of the run whose results are in result.json, found none"])
  }

  @Test("the best epoch is the first of those with the lowest validation error")
  func best() throws {
    let directory = try begin([.real])
    for (index, error) in [0.5, 0.25, 0.125, 0.375, 0.125].enumerated() {
      let report = """
        {"network": "real", "epoch": \(index + 1), "epochs": 9, "loss": 1, "trainingError": 0.5, \
        "validationError": \(error), "isBest": \(index < 3), "stepScale": 1, "lossBits": ""}
        """
      let epoch = LogLine.Epoch(
        report: try JSONDecoder().decode(EpochReport.self, from: Data(report.utf8)), parametersSHA256: "", seconds: 1,
        peakMemory: nil, certainty: nil)
      try directory.log(.epoch(epoch))
    }
    let run = try RunSummary(folder.file("run"))
    #expect(run.bestEpoch(of: .real)?.report.epoch == 3 && run.bestEpoch(of: .discreteSign) == nil)
    #expect(run.text(width: 80).contains("  best epoch 3: validation error 12.50 %\n"))
  }
}
