import Experiments
import Foundation
import Reports
import TestSupport
import Testing

@Suite("What the lists, tables and reports of runs say of a run besides its numbers")
struct RunWordsTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test(
    "the grid of a run whose networks have no weight distributions is not named, but the weights that they have",
    arguments: [
      (#"["real"]"#, "real"), (#"["straight-through"]"#, "binary"),
      (#"["real","straight-through"]"#, "real and binary"),
    ])
  func withoutGrid(networks: String, weights: String) throws {
    let run = try RoundRun.summary(folder, change: { $0.replacing(#"["real","discrete-sign"]"#, with: networks) })
    #expect(run.text(width: 80).contains(": digits, 256-256-10, \(weights), seed 7: "))
    #expect(tableRows(try #require(try RunListing(folder.path).text()))[1][5] == weights)
    let head = try ReadReport(RunReport([(run, false)]).html()).section("run")
    #expect(head.withClass("subtitle").map(\.text) == ["digits, 256-256-10, \(weights), seed 7"])
    #expect(ReproductionReport(run.run, []).weights == weights)
  }

  @Test("what must be said of the data of runs is said in every list of their errors, once for all runs that it is of")
  func notes() throws {
    func run(_ name: String, note: String) throws -> RunSummary {
      try RoundRun.summary(
        folder, name, change: { $0.replacing(#""seed":7"#, with: #""seed":7,"dataNote":"\#(note)""#) })
    }
    let few = try run("few", note: #"few images\nof few classes"#)
    let less = try run("less", note: "few images")
    let plain = try RoundRun.summary(folder, "plain")
    let list = try #require(try RunListing(folder.path).text())
    #expect(list.hasSuffix("\n\nfew, less: few images\nfew: of few classes"), "\(list)")
    let both = "few images\nof few classes"
    let cell = "\"\(both)\"\n"
    #expect(RecordTable(networksOf: [few]).csv.hasSuffix(cell))
    let rows = try RecordTable(networksOf: [few, less, plain]).jsonLines().split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    let expected: [String?] = [both, both, "few images", "few images", nil, nil]
    #expect(rows.map { $0?["dataNote"] as? String } == expected)
    for (runs, told) in [([few], [both]), ([few, less, plain], ["few, less: few images", "few: of few classes"])] {
      let head = try ReadReport(RunReport(runs.map { ($0, false) }).html()).section("run")
      #expect(head.all("p").map(\.text).filter { $0.hasPrefix("few") } == told)
    }
    #expect(RunReport([(few, false)]).resultsCSV().hasSuffix(",516e,\(cell)"))
  }

  @Test("the networks that are still to be trained are named, those in training with their epochs so far and in all")
  func untrained() throws {
    #expect(try RoundRun.summary(folder).untrained == [])
    #expect(try RoundRun.summary(folder, isDone: false).untrained == ["discrete-sign 1/3"])
    // Between two networks.
    #expect(try RoundRun.summary(folder, changeLog: { Array($0.prefix(5)) }).untrained == ["discrete-sign"])
    let start = try RoundRun.summary(
      folder, change: { $0.replacing(#"["real","discrete-sign"]"#, with: #"["discrete-sign"]"#) },
      changeLog: { Array($0.prefix(2)) })
    #expect(start.untrained == ["real 2/4", "discrete-sign"])
  }
}
