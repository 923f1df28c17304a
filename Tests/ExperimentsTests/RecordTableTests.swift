import Experiments
import Foundation
import TestSupport
import Testing
import Training

/// Rows for other programs, held to results of which no two numbers are equal.
@Suite("Runs as rows of CSV and JSON")
struct RecordTableTests {
  @Test("each number of a network's result is in the column of its name, in CSV and in JSON lines")
  func columns() throws {
    let folder = try TemporaryFolder()
    let reproduction = try SmallTraining.reproduction(seed: 3)
    var trainings = try reproduction.trainings(of: [.real])
    let trained = try SmallTraining.next(&trainings, of: reproduction)
    let digest = trained.result.parametersSHA256
    let result = NetworkResult(
      network: .real, weights: "real", activation: "tanh", epochs: 4, bestEpoch: 2, validationError: 0.25,
      testError: 0.125, seconds: 1.5, parametersSHA256: digest)
    try RunDirectory(folder.path, RunRecord(reproduction, networks: [.real]), resume: false, on: .single)
      .save(SavedNetwork(trained.network, of: reproduction.experiment, seed: 3, result: result))
    let table = RecordTable(networksOf: [try RunSummary(folder.path)])
    let expected = [
      "experiment": "custom", "data": "digits", "architecture": "12-8-10", "seed": "3", "network": "real",
      "weights": "real", "activation": "tanh", "epochs": "4", "bestEpoch": "2", "validationError": "0.25",
      "testError": "0.125", "seconds": "1.5", "parametersSHA256": digest,
    ]
    let lines = table.csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    try #require(lines.count == 2)
    // The programs, which have commas of their own, come later.
    let cells = zip(lines[0], lines[1]).map { (String($0), String($1)) }
    let object = try JSONSerialization.jsonObject(with: Data(try table.jsonLines().utf8)) as? [String: Any]
    for (column, value) in expected {
      #expect(cells.first { $0.0 == column }?.1 == value, "\(column)")
      #expect(object?[column].map { "\($0)" } == value, "\(column)")
    }
  }

  @Test("a seed is a number where every reader of JSON reads it as it is, and text from 2^53 on")
  func seeds() throws {
    let folder = try TemporaryFolder()
    let seeds: [(UInt64, String)] = [((1 << 53) - 1, "9007199254740991"), (1 << 53, #""9007199254740992""#)]
    for (seed, value) in seeds {
      let record = RunRecord(try SmallTraining.reproduction(seed: seed), networks: [.real])
      _ = try RunDirectory(folder.file("\(seed)"), record, resume: false, on: .single)
      let table = RecordTable(networksOf: [try RunSummary(folder.file("\(seed)"))])
      #expect(try table.jsonLines().contains(#""seed":\#(value),"#))
    }
  }

  @Test("each number of an epoch is in the column of its name")
  func epochs() throws {
    let line = #"""
      {"version":1,"type":"epoch","epoch":{"report":{"network":"real","epoch":2,"epochs":3,"loss":1.5,"trainingError":0.5,\#
      "validationError":0.25,"isBest":true,"stepScale":0.125,"lossBits":""},"parametersSHA256":"ab","seconds":7,\#
      "peakMemory":9}}
      """#
    let folder = try TemporaryFolder()
    let record = RunRecord(try SmallTraining.reproduction(), networks: [.real])
    try RunDirectory(folder.path, record, resume: false, on: .single)
      .log(JSONDecoder().decode(LogLine.self, from: Data(line.utf8)))
    let table = RecordTable(epochsOf: try RunSummary(folder.path))
    #expect(
      table.csv.split(separator: "\n") == [
        "network,epoch,loss,trainingError,validationError,isBest,stepScale,seconds,peakMemory,parametersSHA256",
        "real,2,1.5,0.5,0.25,true,0.125,7,9,ab",
      ])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(table.jsonLines().utf8)) as? [String: Any])
    #expect(object["trainingError"] as? Double == 0.5 && object["validationError"] as? Double == 0.25)
  }
}
