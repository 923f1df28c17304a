import Experiments
import Files
import Foundation
import Networks
import Reports
import Testing
import Training
import WeightDistributions

/// The page of the paper's table, cell by cell and point by point.
@Suite("The page of the paper's table shows what the records say")
struct TableReportTests {
  private let read: ReadReport
  init() throws { read = try ReadReport(RoundTable.report().html()) }

  @Test("the head says how much of the paper's table there is, what is left out, and that data differ")
  func head() throws {
    let head = try read.section("paper-table")
    #expect(head.withClass("subtitle").map(\.text) == ["22 records of a.jsonl, b.jsonl"])
    // Of real 3, discrete-tanh 2, and discrete-sign, ternary and quinary, 3 each.
    #expect(
      head.withClass("notice").map(\.text) == [
        "? Incomplete. 11 of the 200 networks of the paper’s table are trained as the paper says.",
        "? 6 records do not say what the network depends on and are left out.",
        "? digits has results on several data sets (images: d2… and not d1…); they stand apart and are not compared.",
      ])
    #expect(head.all("p").contains { $0.text.contains("4 seeds of each are wanted here (ours).") })
  }

  @Test("networks stand together only with the same epochs, data, version and constants; the paper's protocol is first")
  func results() throws {
    let section = try read.section("results")
    #expect(
      section.all("h3").map(\.text) == [
        "digits, 60 epochs, Signet 1.2.3, images d1…", "digits, 60 epochs, Signet 1.2.3, images d2…",
        "mnist-pi, 1000 + 500 epochs, Signet 1.2.3",
        "mnist-pi, 3 + 2 epochs, Signet 1.2.3",
      ])
    let tables = section.all("table").map(\.cells)
    let columns = [
      "network", "weights", "seeds", "validation error", "test error", "epochs", "hours each",
    ]
    #expect(
      tables == [
        [columns, ["real", "real", "1", "22.00 %", "21.00 %", "60", "0.017"]],
        [columns, ["real", "real", "1", "24.00 %", "23.00 %", "60", "0.017"]],
        [
          columns, ["real", "real", "3", "2.20 ± 0.10 %", "1.20 ± 0.10 %", "1000", "2.00"],
          ["discrete-tanh", "ternary", "2", "2.50 ± 0.14 %", "1.50 ± 0.14 %", "1000 + 500", "5.00"],
          ["discrete-sign", "ternary", "3", "2.70 ± 0.20 %", "1.70 ± 0.20 %", "1000 + 500", "2.50"],
          [
            "discrete-sign", "quaternary-minus", "3", "2.80 ± 0.00 %", "1.80 ± 0.00 %", "1000 + 500",
            "2.50",
          ],
          [
            "discrete-sign", "quaternary-plus", "3", "2.45 ± 0.00 %", "1.45 ± 0.00 %", "1000 + 500",
            "2.50",
          ],
          ["discrete-sign", "quinary", "3", "2.35 ± 0.04 %", "1.35 ± 0.04 %", "1000 + 500", "2.50"],
          ["straight-through", "binary", "1", "3.00 %", "2.00 %", "500", "1.25"],
        ],
        [
          columns, ["real", "real", "1", "4.00 %", "5.00 %", "3 of 1000", "0.012"],
          ["discrete-sign", "ternary", "1", "6.00 %", "7.00 %", "3 + 2 of 1000 + 500", "0.030"],
        ],
      ])
    let words = section.all("p").map(\.text).dropFirst()
    #expect(
      Array(words) == [
        "Our protocol, of an experiment that the paper lacks. Data files (SHA-256): images d1…, labels 0b….",
        "Data: only some of it",
        "Our protocol, of an experiment that the paper lacks. Data files (SHA-256): images d2…, labels 0b….",
        "The paper’s protocol. Data files (SHA-256): images 0a…, labels 0b….",
        "Not the paper’s protocol: discrete.epochs 2 instead of 500, real.epochs 3 instead of 1000. Data files (SHA-256): images 0a…, labels 0b….",
      ])
  }

  @Test("each drawing has its activation's networks: seeds hollow, means with deviations, the real network as a line")
  func drawings() throws {
    let drawings = try read.drawings("values-3")
    #expect(drawings.map(\.title) == ["tanh", "sign"] && drawings.map(\.note) == ["2 to 3 seeds", "1 to 3 seeds"])
    let (tanh, sign) = (drawings[0], drawings[1])
    // Networks stand side by side: one alone is in its place, of two the first is 0.07 to the left. Seeds are 0.06 to the right.
    expectNear(try tanh.marks("mark", "s1"), [[3, 1.5]], within: 0.01)
    expectNear(try tanh.whiskers("whisker", "s1"), [[3, 1.5 - 0.1414, 1.5 + 0.1414]], within: 0.01)
    expectNear(try tanh.marks("mark", "loose", "s1"), [[3.06, 1.4], [3.06, 1.6]], within: 0.01)
    expectNear(try sign.lines("line", "s2").flatMap { $0 }, [[2.93, 1.7], [4.93, 1.35]], within: 0.01)
    expectNear(try sign.marks("mark", "s2"), [[2.93, 1.7], [4.93, 1.35], [3.68, 1.8], [4.18, 1.45]], within: 0.01)
    expectNear(try sign.whiskers("whisker", "s2"), [[2.93, 1.5, 1.9], [4.93, 1.31, 1.39]], within: 0.01)
    expectNear(
      try sign.marks("mark", "loose", "s2"),
      [
        [2.99, 1.5], [2.99, 1.7], [2.99, 1.9], [3.74, 1.8], [3.74, 1.8], [3.74, 1.8], [4.24, 1.45], [4.24, 1.45],
        [4.24, 1.45], [4.99, 1.31], [4.99, 1.35], [4.99, 1.39],
      ], within: 0.01)
    expectNear(try sign.marks("mark", "s4"), [[2.07, 2]], within: 0.01)
    for drawing in drawings {
      // The real network crosses the whole drawing.
      let real = try drawing.lines("line", "s0").flatMap { $0 }
      #expect(real.count == 2 && real.allSatisfy { abs($0[1] - 1.2) < 0.01 } && real[0][0] < 1.7 && real[1][0] > 5.3)
    }
    let csv = try read.csv("values-3")
    #expect(csv[0] == "drawing,line,weight values,value,low,high" && csv.contains("\"tanh\",x") == false)
    #expect(csv.contains { $0.hasPrefix("sign,\"discrete-sign, quinary, seeds\",quinary,1.39") }, "\(csv)")
    // In text a drawing is a row for each line, with its first, lowest and last value in percent.
    let row = /\| discrete-sign +\|[^|]*\| 1\.70 % +\| 1\.35 % +\| 1\.35 % +\|/
    #expect(try RoundTable.report().markdown().firstMatch(of: row) != nil)
    // The short networks have a figure of their own, and digits, without discrete weights, none.
    #expect(
      read.root.all("figure").compactMap { $0["id"] }.filter { $0.hasPrefix("values-") } == ["values-3", "values-4"])
    let caption = try #require(try read.figure("values-4").all("figcaption").first).text
    #expect(caption.contains("Not the paper’s protocol") || caption.contains("not the paper’s protocol"))
    expectNear(try read.drawings("values-4")[0].marks("mark", "s2"), [[3, 7]], within: 0.02)
  }

  @Test(
    "each comparison has its difference, interval, p, corrected p and verdict; too few seeds and no spread are said")
  func comparisons() throws {
    let section = try read.section("comparisons")
    let tables = section.all("table").map(\.cells)
    #expect(
      section.all("p").first?.text.hasPrefix(
        "Welch’s two-sided t-test of the test errors over seeds, the p-values corrected by Holm’s method within each question of a trial; a difference is told if the corrected p is below 0.05. "
      ) == true)
    #expect(
      tables[0] == [
        ["question", "comparisons", "differ", "no difference shown", "too few seeds", "no spread"],
        ["the number of weight values, discrete-sign", "6", "1", "4", "0", "1"],
        ["the activation and the start", "1", "0", "0", "1", "0"],
        ["discrete against real weights", "5", "1", "3", "1", "0"],
      ])
    let columns = [
      "first", "second", "seeds", "second − first, points", "95 % interval", "p", "corrected p", "verdict",
    ]
    let (t, m, p, q) = (
      "discrete-sign, ternary", "discrete-sign, quaternary-minus", "discrete-sign, quaternary-plus",
      "discrete-sign, quinary"
    )
    // By SciPy's ttest_ind(equal_var=False), and Holm's correction of five p-values.
    #expect(
      tables[1] == [
        columns, [t, m, "3, 3", "+0.10", "−0.40 to +0.60", "0.478", "0.478", "no difference shown"],
        [t, p, "3, 3", "−0.25", "−0.75 to +0.25", "0.163", "0.326", "no difference shown"],
        [t, q, "3, 3", "−0.35", "−0.82 to +0.12", "0.088", "0.265", "no difference shown"],
        [m, p, "3, 3", "−0.35", "–", "–", "–", "no spread"],
        [m, q, "3, 3", "−0.45", "−0.55 to −0.35", "0.003", "0.013", "second is lower"],
        [p, q, "3, 3", "−0.10", "−0.20 to 0.00", "0.049", "0.198", "no difference shown"],
      ])
    #expect(
      tables[2] == [
        columns, ["discrete-tanh, ternary", t, "2, 3", "+0.20", "–", "–", "–", "too few seeds"],
      ])
    // Of four p-values.
    #expect(
      tables[3] == [
        columns, ["real", "discrete-tanh, ternary", "3, 2", "+0.30", "–", "–", "–", "too few seeds"],
        ["real", t, "3, 3", "+0.50", "+0.08 to +0.92", "0.032", "0.095", "no difference shown"],
        ["real", m, "3, 3", "+0.60", "+0.35 to +0.85", "0.009", "0.037", "second is higher"],
        ["real", p, "3, 3", "+0.25", "+0.00 to +0.50", "0.049", "0.099", "no difference shown"],
        ["real", q, "3, 3", "+0.15", "−0.06 to +0.36", "0.107", "0.107", "no difference shown"],
      ])
    // Of the short networks, one seed of each.
    #expect(tables[4].last == ["discrete against real weights", "1", "0", "0", "1", "0"] && tables.count == 6)
  }

  @Test(
    "what is missing costs its epochs times the seconds per epoch of the machine that was measured, or is not measured")
  func missing() throws {
    let tables = try read.section("missing").all("table").map(\.cells)
    #expect(
      tables[0] == [
        ["machine", "networks with a measured time", "of those missing", "hours for them"],
        // real: 7.2 s × 1000; discrete-sign: 18 s × 500 × (1 + 4 + 1).
        ["cpu, a processor, 2 of 3 cores", "7", "189", "17.0"],
        // real: 14.4 s × 1000; discrete-sign: 54 s × 500 × 6.
        ["gpu, another, 4 cores", "7", "189", "49.0"],
        // discrete-tanh: 36 s × 500 epochs × (2 + 4 + 4).
        ["unknown machine", "10", "189", "50.0"],
      ])
    // Numbers stand on the right, under their heads.
    for row in try read.section("missing").all("table")[1].all("tr") {
      let cells = row.all("th", "td")
      #expect(cells.indices.filter { cells[$0].classes.contains("number") } == [3, 4, 5, 6, 7], "\(row.text)")
    }
    // Networks that differ in their weights only share a row.
    let (cpu, gpu, unknown) = (
      "cpu, a processor, 2 of 3 cores", "gpu, another, 4 cores", "unknown machine"
    )
    #expect(
      tables[1][..<13] == [
        [
          "experiment", "network", "weights", "epochs", "seeds of each", "missing", "seconds per epoch", "hours",
          "machine",
        ],
        ["mnist-pi", "real", "real", "1000", "3 of 4", "1", "7.20", "2.00", cpu],
        ["mnist-pi", "real", "real", "1000", "3 of 4", "1", "14.4", "4.00", gpu],
        ["mnist-pi", "discrete-tanh", "ternary", "500", "2 of 4", "2", "36.0", "10.0", unknown],
        [
          "mnist-pi", "discrete-tanh", "quaternary-symmetric, quinary", "500", "0 of 4", "8", "36.0", "40.0",
          unknown + " (with ternary)",
        ],
        ["mnist-pi", "discrete-sign", "ternary", "500", "3 of 4", "1", "18.0", "2.50", cpu],
        ["mnist-pi", "discrete-sign", "ternary", "500", "3 of 4", "1", "54.0", "7.50", gpu],
        [
          "mnist-pi", "discrete-sign", "quaternary-symmetric", "500", "0 of 4", "4", "18.0", "10.0",
          cpu + " (with ternary, quaternary-minus, quaternary-plus, quinary)",
        ],
        [
          "mnist-pi", "discrete-sign", "quaternary-symmetric", "500", "0 of 4", "4", "54.0", "30.0",
          gpu + " (with ternary)",
        ],
        ["mnist-pi", "discrete-sign", "quinary", "500", "3 of 4", "1", "18.0", "2.50", cpu],
        ["mnist-pi", "discrete-sign", "quinary", "500", "3 of 4", "1", "54.0", "7.50", gpu + " (with ternary)"],
        [
          "mnist-pi", "discrete-sign-from-tanh", "ternary, quaternary-symmetric, quinary", "500", "0 of 4", "12",
          "not measured", "–", "–",
        ], ["mnist", "real", "real", "500", "0 of 4", "4", "not measured", "–", "–"],
      ])
    #expect(tables[1].count == 1 + 11 + 4 * 4)
    #expect(
      tables[1].last == [
        "svhn", "discrete-sign-from-tanh", "ternary, quaternary-symmetric, quinary", "100", "0 of 4", "12",
        "not measured", "–", "–",
      ])
    // With three seeds wanted, nothing of real is missing.
    let three = try ReadReport(
      TableReport(PaperTable(RoundTable.records, seedsWanted: 3), sources: ["a"]).html())
    #expect(
      try three.section("missing").all("table")[1].cells[1]
        == ["mnist-pi", "real", "real", "1000", "3 of 3", "0", "–", "0", "–"])
  }

  @Test("a table of which nothing is missing is complete, and says so")
  func complete() throws {
    let records = try PaperTable([]).networks.map { network in
      RoundTable.record(
        network.network, WeightGrid.all.first { $0.name == network.weights } ?? .ternary, seed: 1,
        of: try #require(Experiment.named(network.experiment)), test: 0.1, validation: 0.2, secondsPerEpoch: 1)
    }
    let page = try ReadReport(TableReport(PaperTable(records, seedsWanted: 1), sources: ["a"]).html())
    #expect(
      try page.section("paper-table").withClass("notice").map(\.text) == [
        "✓ Complete. 50 of the 50 networks of the paper’s table are trained as the paper says."
      ])
    let missing = try page.section("missing")
    #expect(missing.all("p").map(\.text) == ["Nothing of the paper’s table."] && missing.all("table").isEmpty)
  }

  @Test("published results name their sources, and the paper's own numbers are said to be left out")
  func published() throws {
    let section = try read.section("published")
    #expect(section.all("table")[0].cells.contains { $0.first == "PBNet-S, ternary" && $0.contains("10.30") })
    #expect(section.all("p").contains { $0.text.contains("The numbers of Roth et al. 2019 themselves are not known") })
  }
}
