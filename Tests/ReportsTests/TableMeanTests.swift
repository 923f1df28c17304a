import Experiments
import Networks
import Reports
import Testing
import Training
import WeightDistributions

/// Networks of one row or one machine that differ in what a mean is taken of.
@Suite("The page of the paper's table: means over unequal networks, and lines of several grids")
struct TableMeanTests {
  @Test("the hours of a row are the mean over its seeds")
  func hours() throws {
    // An hour, two and six for 1000 epochs.
    let records = [3.6, 7.2, 21.6].enumerated().map { index, seconds in
      RoundTable.record(.real, seed: UInt64(index + 1), test: 0.01, validation: 0.02, secondsPerEpoch: seconds)
    }
    let page = try ReadReport(TableReport(PaperTable(records), sources: ["a"]).html())
    #expect(try page.section("results").all("table")[0].cells[1].last == "3.00")
    #expect(try page.section("records").all("table")[0].cells.dropFirst().map { $0[6] } == ["1.00", "2.00", "6.00"])
  }

  @Test("hours below a thousandth are told as such, and not as none")
  func shortHours() throws {
    // A second for 1000 epochs.
    let record = RoundTable.record(.real, seed: 1, test: 0.01, validation: 0.02, secondsPerEpoch: 0.001)
    let page = try ReadReport(TableReport(PaperTable([record]), sources: ["a"]).html())
    #expect(try page.section("results").all("table")[0].cells[1].last == "< 0.001")
  }

  @Test("a mean halfway between two numbers of two places is the same number in the table and in the drawing")
  func halfway() throws {
    let records = [NetworkKind.real, .discreteTanh].flatMap { network in
      [0.2825, 0.235].enumerated().map { index, error in
        RoundTable.record(network, seed: UInt64(index + 1), test: error, validation: 0.5, secondsPerEpoch: 1)
      }
    }
    let report = TableReport(try PaperTable(records), sources: ["a"])
    let page = try ReadReport(report.html())
    let mean = "25.87 ± 3.36 %"
    #expect(try page.section("results").all("table")[0].cells.dropFirst().map { $0[4] } == [mean, mean])
    #expect(report.markdown().contains("25.87 % ") && !report.markdown().contains("25.88"))
  }

  @Test("the seconds per epoch of a machine are those of all its epochs, so that a long training counts more")
  func pace() throws {
    // 10 epochs in 20 s and 30 in 120 s: 140 s for 40 epochs.
    let records = [(10, 2.0), (30, 4.0)].enumerated().map { index, training in
      RoundTable.record(
        .real, seed: UInt64(index + 1), epochs: (real: training.0, discrete: 2), test: 0.1, validation: 0.2,
        secondsPerEpoch: training.1)
    }
    let network = try PaperTable(records, seedsWanted: 5).networks[0]
    #expect(network.network == .real && network.missing == 5 && network.costs.map(\.secondsPerEpoch) == [3.5])
    // Five times 1000 epochs.
    #expect(abs((network.costs.first?.hours ?? 0) - 3.5 * 5000 / 3600) < 1e-9)
  }

  @Test("a network's curves are of all its grids, each with a line and a style of its own")
  func grids() throws {
    let records = [(WeightGrid.binary, [0.5, 0.3]), (WeightGrid.ternary, [0.6, 0.2])].map { grid, errors in
      RoundTable.record(
        .discreteSign, grid, seed: 1, epochs: (3, 2), test: 0.1, validation: errors[1], secondsPerEpoch: 1, best: 2,
        curve: .init(loss: [2, 1], trainingError: [0.5, 0.4], validationError: errors))
    }
    let read = try ReadReport(TableReport(PaperTable(records), sources: ["a"]).html())
    let drawing = try read.drawings("curves-1-discrete-sign")[0]
    for (style, name, points) in [
      ("s0", "binary", [[1.0, 50], [2, 30]]), ("s1", "ternary", [[1.0, 60], [2, 20]]),
    ] {
      expectNear(try drawing.lines("line", style).flatMap { $0 }, points, within: 0.05)
      #expect(drawing.svg.withClass("end-name", style).map(\.text) == [name])
    }
  }
}
