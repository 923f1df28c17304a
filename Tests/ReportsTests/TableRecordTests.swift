import Experiments
import Files
import Foundation
import Networks
import Reports
import Testing
import Training
import WeightDistributions

/// The records under the page of the paper's table, its JSON, and which records stand together.
@Suite("The page of the paper's table shows each record, whatever their number")
struct TableRecordTests {
  private let read: ReadReport
  init() throws { read = try ReadReport(RoundTable.report().html()) }

  @Test("every network has its own line, and a curve where the record has one")
  func records() throws {
    let section = try read.section("records")
    #expect(
      section.all("summary").map(\.text) == [
        "digits, 60 epochs, Signet 1.2.3, images d1…: 1 network",
        "digits, 60 epochs, Signet 1.2.3, images d2…: 1 network",
        "mnist-pi, 1000 + 500 epochs, Signet 1.2.3: 18 networks", "mnist-pi, 3 + 2 epochs, Signet 1.2.3: 2 networks",
      ])
    let rows = section.all("table").map(\.cells)
    #expect(
      rows[2][4] == [
        "discrete-tanh", "ternary", "1", "7", "2.40 %", "1.40 %", "5.00", "unknown", "unknown",
        "discrete-tanh-0.…",
      ])
    #expect(
      rows[3][1] == [
        "real", "real", "1", "2", "4.00 %", "5.00 %", "0.012", "gpu, another, 4 cores", "1.2.3, no commit",
        "real-0.05-1",
      ])
    let drawings = try read.drawings("curves-4-real")
    expectNear(try drawings[0].lines("line", "s0").flatMap { $0 }, [[1, 64], [2, 4], [3, 8]], within: 0.1)
    expectNear(try drawings[0].marks("best", "s0"), [[2, 4]], within: 0.1)
    expectNear(try drawings[1].lines("line", "s0").flatMap { $0 }, [[1, 4], [2, 2], [3, 1]], within: 0.01)
    #expect(read.root.all("figure").count == 3)
  }

  @Test("JSON has the same contents")
  func json() throws {
    let text = try encodeJSON(RoundTable.table())
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["recordCount"] as? Int == 22 && object["leftOut"] as? Int == 6 && object["seedsWanted"] as? Int == 4)
    let trials = try #require(object["trials"] as? [[String: Any]])
    #expect(trials.map { $0["experiment"] as? String } == ["digits", "digits", "mnist-pi", "mnist-pi"])
    #expect(trials.map { ($0["differences"] as? [String])?.isEmpty } == [true, true, true, false])
    let rows = try #require(trials[2]["rows"] as? [[String: Any]])
    #expect(
      rows.map { $0["weights"] as? String ?? "" }[2...5] == [
        "ternary", "quaternary-minus", "quaternary-plus", "quinary",
      ])
    #expect(abs((rows[2]["testMean"] as? Double ?? 0) - 0.017) < 1e-12)
    #expect(abs((rows[2]["testDeviation"] as? Double ?? 0) - 0.002) < 1e-12)
    let questions = try #require(trials[2]["questions"] as? [[String: Any]])
    let comparisons = try #require(questions[0]["comparisons"] as? [[String: Any]])
    #expect(comparisons.map { $0["verdict"] as? String ?? "" }[3...4] == ["no spread", "lower"])
    #expect(abs((comparisons[4]["correctedP"] as? Double ?? 0) - 0.013116927) < 1e-8)
    let networks = try #require(object["networks"] as? [[String: Any]])
    #expect(networks.count == 50 && networks[0]["missing"] as? Int == 1)
    #expect((networks[0]["costs"] as? [[String: Any]])?.map { $0["hours"] as? Double } == [2, 4])
  }

  /// Records that differ from the first in one thing, and must not stand in its row.
  private struct Other: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let record: @Sendable () -> Sweep.Record
  }

  private static let others = [
    Other(testDescription: "another version") { Self.sign(version: "1.2.4") },
    Other(testDescription: "other data") { Self.sign(data: "0c") },
    Other(testDescription: "other epochs of the real network") { Self.sign(epochs: (999, 500)) },
    Other(testDescription: "other epochs of its own") { Self.sign(epochs: (1000, 499)) },
    Other(testDescription: "another batch size") { Self.sign { $0.batch = 50 } },
    Other(testDescription: "augmented images") { Self.sign { $0.augmentation = Augmentation(shift: 1, flips: true) } },
    Other(testDescription: "another temperature") { Self.sign { $0.method.temperature = 2 } },
    Other(testDescription: "another rate of the real network") { Self.sign { $0.real.learningRate = 0.5 } },
  ]

  private static func sign(
    epochs: (real: Int, discrete: Int)? = nil, data: String = "0a", version: String = "1.2.3",
    change: (inout Experiment) -> Void = { _ in }
  ) -> Sweep.Record {
    RoundTable.record(
      .discreteSign, seed: 9, epochs: epochs, test: 0.5, validation: 0.5, secondsPerEpoch: 1, data: data,
      version: version,
      change: change)
  }

  @Test("a network that differs in more than its seed is in no row of the others", arguments: others)
  private func apart(_ other: Other) throws {
    let own = try PaperTable(RoundTable.records + [other.record()])
    let rows = own.trials.flatMap(\.rows).filter { $0.results.contains { $0.seed == 9 } }
    #expect(rows.count == 1 && rows[0].results.count == 1)
    #expect(own.trials.count == 5)
    // A ninth seed of the same training does stand there.
    let same = try PaperTable(RoundTable.records + [Self.sign()])
    #expect(same.trials.count == 4 && same.trials[2].rows[2].results.map(\.seed) == [1, 2, 3, 9])
  }

  @Test(
    "a network counts for the paper's table only if the data were whole, and one record says so for all on the same data"
  )
  func wholeData() throws {
    func seeds(_ notes: [(seed: UInt64, machine: Sweep.Record.Machine?, note: String?)]) throws -> ([UInt64], [String])
    {
      let records = notes.map {
        RoundTable.record(
          .real, seed: $0.seed, test: 0.01, validation: 0.02, secondsPerEpoch: 1, on: $0.machine, note: $0.note)
      }
      let table = try PaperTable(records)
      return (table.networks[0].seeds, table.trials[0].dataNotes)
    }
    let machine = RoundTable.machine
    #expect(try seeds([(1, machine, nil), (2, nil, nil)]) == ([1, 2], []))
    #expect(try seeds([(1, machine, "a part"), (2, nil, nil)]) == ([], ["a part"]))
    #expect(try seeds([(1, nil, nil)]) == ([], ["the records do not say whether the data are whole"]))
    // Those that come with the program are whole, whatever the record says.
    let digits = RoundTable.record(
      .real, seed: 1, of: .digits, test: 0.01, validation: 0.02, secondsPerEpoch: 1, on: nil)
    #expect(try PaperTable([digits]).trials[0].dataNotes.isEmpty)
    let extra = RoundTable.record(
      .real, seed: 1, of: try #require(Experiment.svhn.withoutExtra), test: 0.01, validation: 0.02, secondsPerEpoch: 1)
    let table = try PaperTable([extra])
    #expect(table.networks.allSatisfy { $0.seeds.isEmpty && $0.costs.isEmpty } && table.trials[0].dataNotes.count == 1)
  }

  @Test("seeds count together for the paper's table only if one version trained them on the same data")
  func countedTogether() throws {
    let trained = [(1, "0a", "1.2.3"), (2, "0a", "1.2.3"), (3, "0c", "1.2.3"), (4, "0a", "1.2.4")]
    let records = trained.map { seed, data, version in
      RoundTable.record(
        .real, seed: UInt64(seed), test: 0.01, validation: 0.02, secondsPerEpoch: 1, data: data, version: version)
    }
    let network = try PaperTable(records).networks[0]
    #expect(network.seeds == [1, 2] && network.missing == 3)
  }

  @Test("however many seeds there are, each is drawn")
  func manySeeds() throws {
    let records = (1...20).map {
      RoundTable.record(
        .discreteSign, seed: $0, test: Double($0) / 100, validation: 0.5, secondsPerEpoch: 1)
    }
    let read = try ReadReport(TableReport(PaperTable(records), sources: ["a"]).html())
    let seeds = try read.drawings("values-1")[0].marks("mark", "loose", "s2")
    expectNear(seeds, (1...20).map { [3.06, Double($0)] }, within: 0.1)
  }

  @Test("what is missing is told for each machine in the order of their names")
  func machines() throws {
    let records = [RoundTable.other, nil, RoundTable.machine].enumerated().map { index, machine in
      RoundTable.record(
        [.real, .discreteTanh, .discreteSign][index], seed: 1, test: 0.01, validation: 0.02, secondsPerEpoch: 1,
        on: machine)
    }
    let section = try ReadReport(TableReport(PaperTable(records), sources: ["a"]).html()).section("missing")
    #expect(
      section.all("table")[0].cells.dropFirst().map { $0[0] }
        == ["cpu, a processor, 2 of 3 cores", "gpu, another, 4 cores", "unknown machine"])
  }

  @Test("a network of no epochs says nothing of what an epoch costs")
  func noEpochs() throws {
    let record = RoundTable.record(
      .real, seed: 1, epochs: (0, 0), test: 0.9, validation: 0.9, secondsPerEpoch: 1)
    let network = try PaperTable([record]).networks[0]
    #expect(network.network == .real && network.missing == 5 && network.costs.isEmpty)
  }

  @Test("what an epoch costs is known from trainings with the experiment's batches and images only")
  func otherEpochs() throws {
    func costs(_ change: (inout Experiment) -> Void) throws -> [Double] {
      let record = RoundTable.record(
        .real, seed: 1, epochs: (3, 2), test: 0.1, validation: 0.2, secondsPerEpoch: 2, change: change)
      return try PaperTable([record]).networks[0].costs.map(\.secondsPerEpoch)
    }
    #expect(try costs { $0.real.learningRate = 0.5 } == [2])
    #expect(try costs { $0.batch = 50 } == [])
    #expect(try costs { $0.augmentation = Augmentation(shift: 1, flips: true) } == [])
  }

  @Test("a long curve is drawn in part, and its figure says so, also if another seed has no curve")
  func longCurves() throws {
    let numbers = [Double](repeating: 0.5, count: 400)
    let curve = Sweep.Record.LearningCurve(loss: numbers, trainingError: numbers, validationError: numbers)
    let records = [curve, nil].enumerated().map { index, curve in
      RoundTable.record(
        .real, seed: UInt64(index + 1), epochs: (400, 400), test: 0.01, validation: 0.02, secondsPerEpoch: 1,
        curve: curve)
    }
    let figure = try ReadReport(TableReport(PaperTable(records), sources: ["a"]).html()).figure("curves-1-real")
    #expect(figure.text.contains("One epoch in 2 is drawn; the records have all."), "\(figure.text)")
  }

  @Test("a line that leaves its drawing ends at the edge, comes back from there, and what is left out is told")
  func clipped() throws {
    // In percent, of which the first fifth is no part of the tail: the axis goes from 2 to 3.
    let errors = [2.5, 3.5, 2.5, 13] + Array(repeating: 2.9, count: 15) + [2]
    let record = RoundTable.record(
      .real, seed: 1, epochs: (20, 20), test: 0.01, validation: 0.02, secondsPerEpoch: 1, best: 20,
      curve: .init(
        loss: errors.map { _ in 1 }, trainingError: errors.map { _ in 0.5 }, validationError: errors.map { $0 / 100 }))
    let drawing = try ReadReport(TableReport(PaperTable([record]), sources: ["a"]).html()).drawings("curves-1-real")[0]
    #expect(drawing.yTicks.first?.label == "2.0" && drawing.yTicks.last?.label == "3.0")
    let parts = try drawing.lines("line", "s0")
    try #require(parts.count == 3)
    expectNear(parts[0], [[1, 2.5], [1.5, 3]], within: 0.01)
    // From 2.5 to 13 and from 13 to 2.9 the line crosses 3 at a part of 0.5 in 10.5 and of 10 in 10.1.
    expectNear(parts[1], [[2.5, 3], [3, 2.5], [3 + 0.5 / 10.5, 3]], within: 0.01)
    let rest = (5...20).map { [Double($0), errors[$0 - 1]] }
    expectNear(parts[2], [[4 + 10 / 10.1, 3]] + rest, within: 0.01)
    #expect(drawing.texts.contains { $0.hasPrefix("▲ up to 13.00 at epoch 4") }, "\(drawing.texts)")
  }

  @Test("of a long curve one epoch in several is drawn, with the best and the last")
  func longCurve() throws {
    let epochs = (1...1000).map { Double($0) }
    let record = RoundTable.record(
      .real, seed: 1, test: 0.01, validation: 0.002, secondsPerEpoch: 1, best: 3,
      curve: .init(
        loss: epochs.map { 2 - $0 / 1000 }, trainingError: epochs.map { _ in 0.5 },
        validationError: epochs.map { $0 == 3 ? 0.002 : 0.25 }))
    let read = try ReadReport(TableReport(PaperTable([record]), sources: ["a"]).html())
    let loss = try read.drawings("curves-1-real")[1].lines("line", "s0").flatMap { $0 }
    let drawn = Array(stride(from: 1, through: 1000, by: 5)) + [3, 1000]
    expectNear(loss.map { [$0[0]] }, drawn.sorted().map { [Double($0)] }, within: 2)
    expectNear(try read.drawings("curves-1-real")[0].marks("best", "s0"), [[3, 0.2]], within: 2)
    let caption = try #require(try read.figure("curves-1-real").all("figcaption").first).text
    #expect(caption.contains("One epoch in 5 is drawn; the records have all."))
    #expect(try !self.read.figure("curves-4-real").text.contains("One epoch in"))
  }

  @Test(
    "the dot is where the median of all epochs is lowest, which is drawn, also if only one of several records has a curve",
    arguments: [[true, true], [true, false]])
  func bestOfLongCurves(haveCurves: [Bool]) throws {
    // Of 600 epochs, the first of each three is drawn: 202 and 205, and not 204.
    let errors = (1...600).map { $0 == 204 ? 0.01 : 0.05 }
    let curve = Sweep.Record.LearningCurve(loss: errors, trainingError: errors, validationError: errors)
    let records = haveCurves.enumerated().map { index, hasCurve in
      RoundTable.record(
        .real, seed: UInt64(index + 1), epochs: (600, 600), test: 0.02, validation: 0.01, secondsPerEpoch: 1,
        best: 204, curve: hasCurve ? curve : nil)
    }
    let drawing = try ReadReport(TableReport(PaperTable(records), sources: ["a"]).html()).drawings("curves-1-real")[0]
    #expect(drawing.texts.contains("1.00 at 204"), "\(drawing.texts)")
    expectNear(try drawing.marks("best", "s0"), [[204, 1]], within: 0.1)
    let drawn = Array(stride(from: 1.0, through: 600, by: 3)) + [204, 600]
    expectNear(
      try drawing.lines("line", "s0").flatMap { $0 }.map { [$0[0]] }, drawn.sorted().map { [$0] }, within: 0.1)
  }

  @Test("without records, and with records that say nothing of their origin, the page says so")
  func empty() throws {
    let nothing = Sweep.Record(
      experiment: "digits", seed: 1, realEpochs: 1,
      result: RoundTable.records[0].result)
    for (records, left) in [([], 0), ([nothing], 1)] {
      let table = try PaperTable(records)
      #expect(table.leftOut == left && table.trials.isEmpty && table.networks.allSatisfy { $0.missing == 5 })
      let page = try ReadReport(TableReport(table, sources: ["a"]).html())
      #expect(
        try page.section("paper-table").text.contains(
          "? 1 record does not say what the network depends on and is left out.") == (left == 1))
      #expect(try page.section("results").text.contains("There are no records."))
      #expect(try page.section("missing").all("table")[0].cells[1] == ["not measured", "0", "250", "–"])
      #expect(TableReport(table, sources: ["a"]).markdown().contains("0 of the 250 networks"))
    }
  }
}
