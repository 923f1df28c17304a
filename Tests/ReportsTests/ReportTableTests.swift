import Experiments
import Foundation
import Networks
import Nightly
import Reports
import Testing
import Training

/// Every table and sentence with a number of a night's report, cell by cell.
@Suite("What a report says is what was measured")
struct ReportTableTests {
  private let report: ReadReport
  init() throws { report = try ReadReport(RoundNights.report().html()) }

  @Test("the head has state, counts, what became worse, and what failed or did not run")
  func head() throws {
    let head = try report.section("night")
    #expect(head.all("h1").map(\.text) == ["Signet, night of 8 Mar 2026, 04:30 UTC"])
    #expect(
      head.withClass("subtitle").map(\.text) == [
        "worse: 1 same, 2 worse, 1 vanished, 2 better, 1 too few data, 1 new, 2 not run, 1 failed"
      ])
    #expect(
      head.withClass("notice", "bad").map(\.text) == [
        "✗ Worse. Every suite passed. Worse than before: slower (time); digits, real (test error). "
          + "Measured in earlier nights, but not in this one: gone (time)."
      ])
    #expect(
      head.all("li").map(\.text).prefix(2) == [
        "failed: training digits_two: a loss", "not run: training digits_three: the night's time was up",
      ])
  }

  @Test(
    "changes have both medians in their unit, the size with its interval, the corrected p, and the colour of the verdict"
  )
  func changes() throws {
    let section = try report.section("changes")
    #expect(
      section.all("h3").map(\.text) == [
        "Time against night 7 Mar 2026, 04:30 UTC", "Test error against night 7 Mar 2026, 04:30 UTC",
      ])
    let head = ["subject", "verdict", "before → after", "change (95 % interval)", "corrected p", "reason"]
    let tables = section.all("table")
    try #require(tables.count == 3)
    #expect(
      tables[0].cells == [
        head,
        ["slower", "▲ worse", "21.0 ms → 32.0 ms", "+50.0 % (+25.0 … +75.0)", "0.004", "large enough"],
        ["gone", "✗ vanished", "7.00 µs → –", "–", "–", "no longer"],
        ["faster", "▼ better", "900 ns → 600 ns", "−37.5 % (−50.0 … −25.0)", "< 0.0001", "large enough, too"],
        ["few", "? too few data", "2.00 s → 3.00 s", "+12.5 %", "–", "1 and 1 samples"],
        ["left out", "– not run", "6.00 ms → –", "–", "–", "no --benchmarks"],
        ["added", "+ new", "– → 8.00 ms", "–", "–", "nothing to compare it with"],
      ])
    #expect(
      tables[1].cells == [
        head, ["same", "= same", "40.0 ms → 41.0 ms", "+2.5 % (−5.0 … +7.5)", "0.900", "no difference shown"],
      ])
    #expect(section.all("summary").map(\.text) == ["1 unchanged"])
    #expect(
      tables[2].cells == [
        head,
        ["digits, real", "▲ worse", "2.50 % → 6.00 %", "+3.50 points (+1.00 … +6.00)", "0.0004", "so"],
        ["digits, sign", "▼ better", "9.00 % → 4.00 %", "−5.00 points (−8.00 … −2.00)", "0.030", "thus"],
      ])
    let tones = tables.flatMap { $0.all("td").filter { $0["data-column"] == "verdict" }.map { $0.classes.joined() } }
    #expect(tones == ["bad", "bad", "good", "unsure", "unsure", "quiet", "quiet", "bad", "good"])
  }

  @Test("what was compared with several bases has a table for each")
  func bases() throws {
    var nights = RoundNights.nights()
    nights[7].changes = ["base a", "base b"].flatMap { base in
      ["sum", "\(base)'s own"].map { subject in
        SampleNights.change(
          .time, subject, against: base, before: [1e6], after: [2e6], p: 0.001, estimate: (2, 1.5, 2.5), .worse, "why")
      }
    }
    let section = try ReadReport(Report(nights: nights, sweeps: []).html()).section("changes")
    #expect(section.all("h3").map(\.text) == ["Time against base a", "Time against base b"])
    #expect(
      section.all("table").map { $0.cells.dropFirst().map { $0[0] } }
        == [["sum", "base a's own"], ["sum", "base b's own"]])
  }

  @Test("the paper's table has test errors, seeds and epochs of each network")
  func paper() throws {
    let section = try report.section("paper")
    let table = try #require(section.all("table").first)
    #expect(
      table.cells == [
        ["experiment", "network", "weights", "test error", "seeds", "epochs", "the paper’s epochs"],
        ["digits", "real", "real", "8.00 %", "1", "4", "60 (ours)"],
        ["digits", "discrete-sign", "ternary", "14.00 ± 3.61 %", "3", "4 + 3", "60 + 100 (ours)"],
        ["digits", "straight-through", "binary", "not finished", "0 of 1", "3", "100 (ours)"],
      ])
    #expect(table.all("td").filter { $0.classes.contains("unsure") }.map(\.text) == ["not finished"])
  }

  @Test(
    "a network's epochs are its own behind those of the networks that it starts from, of which the real one may be none"
  )
  func epochs() throws {
    func rows(_ experiment: String, realEpochs: Int) throws -> [[String]] {
      var nights = RoundNights.nights()
      nights[7].trainings = NetworkKind.allCases.map { network in
        TrainingRecord(
          experiment: experiment, architecture: "10", weights: "ternary", network: network, seed: 1, epochs: 5,
          realEpochs: realEpochs, command: "signet", curve: [], result: nil, peakMemory: nil)
      }
      let section = try ReadReport(Report(nights: nights, sweeps: []).html()).section("paper")
      return section.all("table")[0].cells.dropFirst().map { [$0[1]] + $0.suffix(2) }
    }
    #expect(
      try rows("mnist-pi", realEpochs: 7) == [
        ["real", "5", "1000"], ["discrete-tanh", "7 + 5", "1000 + 500"], ["discrete-sign", "7 + 5", "1000 + 500"],
        ["discrete-sign-from-tanh", "7 + 5 + 5", "1000 + 500 + 500"],
        ["straight-through", "5", "500 (of discrete networks)"],
      ])
    #expect(try rows("mine", realEpochs: 0).map { $0[1] } == ["5", "5", "5", "5 + 5", "5"])
    #expect(try rows("mine", realEpochs: 0).allSatisfy { $0[2] == "not in the paper" })
  }

  @Test("published results are those of Method.md")
  func published() throws {
    let table = try #require(try report.section("paper").all("table").last)
    #expect(
      table.cells.dropFirst().map { [$0[0], $0[1], $0[2], $0[3], $0[4], $0[5]].joined(separator: "; ") } == [
        "BNN, Torch7; binary; binary; 1.40 (dense); 10.15; 2.53",
        "BNN, Theano; binary; binary; 0.96 (dense); 11.40; 2.80",
        "PBNet-S, ternary; ternary; binary; 0.74 (conv.); 10.30; –",
        "PBNet-S, binary; binary; binary; 0.78 (conv.); 10.90; –",
        "PBNet-S, binary, 16 networks; binary; binary; 0.70 (conv.); 8.72; –",
        "LR-net; ternary; real; 0.50 (conv.); 6.74 (last layer real); –",
        "BinaryConnect, deterministic; binary; real; 1.29 ± 0.08 (dense); 9.90; 2.30",
      ])
    let (hubara, peters) = ("Hubara et al. 2016, NIPS", "Peters & Welling 2018, arXiv:1809.03368")
    let others = ["Shayer et al. 2018, ICLR", "Courbariaux et al. 2015, NIPS"]
    #expect(table.cells.map { $0[6] } == ["source", hubara, hubara, peters, peters, peters] + others)
  }

  @Test("the night itself: when, how long, what program, where, and each suite's cases")
  func circumstances() throws {
    let section = try report.section("circumstances")
    #expect(section.all("dt").map(\.text) == ["began", "took", "program", "host", "earlier nights"])
    #expect(
      section.all("dd").map(\.text) == [
        "8 Mar 2026, 04:30 UTC", "1 h 23 min", "Signet 1.2.3, commit 0123abc",
        "a processor, 3 cores, Linux 6.1, kernels for plain", "7",
      ])
    #expect(section.all("pre").map(\.text) == ["ci/nightly --budget 90"])
    #expect(section.all("li").map(\.text) == ["A remark."])
    #expect(
      section.all("table").map(\.cells) == [
        [
          ["suite", "verdict", "cases", "failures", "took"], ["ops", "passed", "17", "0", "5.0 s"],
          ["traces", "passed", "29", "0", "1 min 5 s"],
        ]
      ])
    let modified = try ReadReport(Report(nights: RoundNights.nights().dropLast(), sweeps: []).html())
    #expect(
      try modified.section("circumstances").all("dd")[2].text
        == "Signet 1.2.3, commit 0123abc, with uncommitted changes")
  }

  @Test("a night that was told no commit is of the one that its program was built from, if there is one")
  func commitOfProgram() throws {
    func program(_ commit: String?, isModified: Bool = false) throws -> String {
      let identity = ProgramIdentity(
        signet: "1.2.3", commit: commit, isModified: isModified, sha256: nil, traces: nil)
      let night = Night(
        name: "2026-03-08T04-30-00Z", number: 1, signet: "1.2.3", commit: nil, isModified: false, program: identity,
        host: .init(system: "", processor: "", cores: 1, kernels: ""), command: "signet night run")
      return try ReadReport(Report(nights: [night], sweeps: []).html()).section("circumstances").all("dd")[2].text
    }
    #expect(try program("0123abc") == "Signet 1.2.3, commit 0123abc")
    #expect(try program("0123abc", isModified: true) == "Signet 1.2.3, commit 0123abc, with uncommitted changes")
    #expect(try program(nil) == "Signet 1.2.3, built outside a git checkout")
  }

  @Test("suites that failed are red, with their failures; those without cases, too")
  func failures() throws {
    var nights = RoundNights.nights()
    nights[7].verification = [
      .init(suite: "ops", cases: 17, failures: ["one", "two"], seconds: 5),
      .init(suite: "sign", cases: 0, failures: [], seconds: 1),
    ]
    let read = try ReadReport(Report(nights: nights, sweeps: []).html())
    let section = try read.section("circumstances")
    #expect(
      section.all("table")[0].cells.dropFirst().map { Array($0.prefix(4)) } == [
        ["ops", "failed", "17", "2"], ["sign", "no cases", "0", "0"],
      ])
    #expect(section.all("td").filter { $0.classes == ["bad"] }.map(\.text) == ["failed", "no cases"])
    #expect(section.all("li").map(\.text) == ["A remark.", "ops: one", "ops: two"])
    #expect(
      try read.section("night").withClass("notice", "bad").map(\.text) == [
        "✗ Not verified. 2 of 2 suites failed or were empty: ops, sign. Worse than before: slower (time); digits, real (test "
          + "error). Measured in earlier nights, but not in this one: gone (time). The timings of this night do not count."
      ])
  }

  @Test("of more than ten failures ten are listed, and how many there are besides", arguments: [10, 11, 23])
  func manyFailures(count: Int) throws {
    var nights = RoundNights.nights()
    nights[7].verification = [("ops", 1...4), ("sign", 5...count)].map { suite, numbers in
      .init(suite: suite, cases: 40, failures: numbers.map { "\($0)" }, seconds: 5)
    }
    let section = try ReadReport(Report(nights: nights, sweeps: []).html()).section("circumstances")
    let ten = (1...10).map { "\($0 < 5 ? "ops" : "sign"): \($0)" }
    #expect(section.all("li").map(\.text) == ["A remark."] + ten + (count > 10 ? ["and \(count - 10) more"] : []))
  }

  @Test("in a terminal, each line of a drawing has its first, lowest and last value, and its course")
  func sketches() throws {
    let rows = RoundNights.report().markdown().split(separator: "\n").filter { $0.hasPrefix("| ") }.map { row in
      row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "; ")
    }
    for row in [
      // Eight heights between the ends of the axis, 0 and 80 %.
      "validation error, %; real; ▅▂▃▄; 40.00; 10.00; 30.00",
      "validation error, %; discrete-sign; ▇▅▃; 64.00; 28.00; 28.00",
      "validation error, %; straight-through; █; 80.00; 80.00; 80.00", "training loss; real; ▄▃▂▂; 4.00; 1.00; 1.00",
      "training loss; discrete-sign; ▇▅▅; 9.00; 5.00; 5.00",
      "digits; discrete-sign; ▆▄▃▂; 23.00 %; 14.00 %; 14.00 %", "sum; median; ▃▃▃▃▅▅▅▆; 11.0 ms; 11.0 ms; 26.0 ms",
      "sum; change; ; ; ; ▲ +88 %", "peak memory; digits; ▅▅▅▆▆▆▇▇; 100 MiB; 100 MiB; 180 MiB",
      "layer 1 of 2; weights in the highest bin; ▅▅▆; 50.0 %; 50.0 %; 70.0 %",
      "layer 2 of 2; weights in the highest bin; ▅▅▆; 54.0 %; 54.0 %; 74.0 %",
      "digits, 4 + 3 epochs; discrete-sign; ▅▃▄▃; 32.00 %; 14.00 %; 15.00 %",
      "digits, 4 + 3 epochs; discrete-sign, quaternary-minus and -plus; ▆▆; 41.00 %; 41.00 %; 47.00 %",
      "digits, 4 + 3 epochs; real; ; ; ; 8.00 %",
    ] { #expect(rows.contains(row), "\(row)") }
  }

  @Test("in a terminal, a long course is thinned to 30 heights, evenly from the first to the last")
  func longSketches() {
    var night = RoundNights.nights()[7]
    night.trainings = [
      TrainingRecord(
        experiment: "one", architecture: "10", weights: "ternary", network: .discreteSign, seed: 1, epochs: 59,
        realEpochs: 0, command: "signet train",
        // From none of 58 weights to all, of which every second epoch is shown.
        curve: (0...58).map { certain in
          let counts = [Int](repeating: 0, count: 18) + [58 - certain, certain]
          return EpochPoint(
            epoch: certain + 1, loss: 1, trainingError: 1, validationError: 1, learningRateScale: 1,
            certainty: [LayerCertainty(counts: counts, values: [58])])
        }, result: nil, peakMemory: nil)
    ]
    let cells = Report(nights: [night], sweeps: []).markdown().split(separator: "\n").map { row in
      row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    // 29 steps for 7 levels.
    let course = "▁▁▁▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇███"
    #expect(cells.contains(["layer 1 of 1", "weights in the highest bin", course, "0.0 %", "0.0 %", "100.0 %"]))
  }
}
