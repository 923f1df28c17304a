import Experiments
import Foundation
import Networks
import Nightly
import Reports
import TestSupport
import Testing
import Training
import Verification

@Suite("What the report of a night says")
struct ReportContentTests {
  @Test("A planted slower benchmark is shown in the head, in the first row of the changes, and as a change point")
  func worse() throws {
    let report = Report(nights: SampleNights.history(), sweeps: [])
    let document = try ParsedHTML(report.html())
    #expect(document.elements.contains { $0.attributes["class"] == "notice bad" })
    let verdicts = document.texts.filter { ["▲ worse", "✗ vanished", "▼ better", "= same"].contains($0) }
    #expect(verdicts.first == "▲ worse")
    #expect(document.texts.contains("✗ Worse."))
    #expect(document.texts.contains { $0.contains("Worse than before: convolution 32C5, batch 100 (time)") })
    #expect(document.elements.contains { $0.attributes["class"] == "change bad" })
    let lines = report.markdown().split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("> **✗ Worse.** Every suite passed.") })
    let change = try #require(SampleNights.history().last?.changes.first { $0.verdict == .worse }?.estimate)
    #expect(1.05 < change && change < 1.2)
    #expect(
      lines.first { $0.contains("▲ worse") }?.contains("+\(Numbers.fixed((change - 1) * 100, places: 1)) %") == true)
  }

  @Test("The first line has the night's state and counts, and what failed comes before everything else")
  func first() throws {
    let night = try #require(SampleNights.history().last)
    let lines = Report(nights: SampleNights.history(), sweeps: []).markdown().split(separator: "\n")
    #expect(lines.first?.hasSuffix(" – \(night.headline)") == true)
    #expect(night.headline.hasPrefix("worse: ") && night.headline.hasSuffix("1 not run, 1 failed"))
    #expect(lines[2] == "### Failed or not run")
    #expect(
      lines[3].hasPrefix("- **failed**: training digits_ternary")
        && lines[4].hasPrefix("- **not run**: training mnist-pi"))
  }

  @Test("The verdict in the head is the night's state, and every suite passed only if every suite ran")
  func verdicts() {
    func head(_ nights: [Night] = SampleNights.nights(), _ change: (inout Night) -> Void) -> String {
      var nights = nights
      change(&nights[nights.count - 1])
      let lines = Report(nights: nights, sweeps: []).markdown().split(separator: "\n")
      return lines.first { $0.hasPrefix("> ") }.map(String.init) ?? ""
    }
    #expect(head { _ in } == "> **✓ Good.** Every suite passed. Nothing became worse or vanished.")
    #expect(head(SampleNights.history()) { $0.accepted = "it is correct" }.contains("Accepted: it is correct."))
    #expect(head(SampleNights.history()) { $0.accepted = "It is so." }.hasSuffix("Accepted: It is so."))
    let missing = head { night in
      night.verification.removeAll { $0.suite == "traces" }
      night.mark(.suite, "traces", .notRun, "left out")
    }
    #expect(missing.hasPrefix("> **? Incomplete.** 1 of 7 suites did not run; the others passed."))
    #expect(head { $0.verification = [] }.hasPrefix("> **✗ Not verified.**"))
    #expect(
      head { $0.add(.init(suite: "sign", cases: 1, failures: ["wrong"], seconds: 1)) }
        .hasPrefix("> **✗ Not verified.** 1 of 8 suites failed or were empty: sign."))
    #expect(head { $0.isFinished = false }.contains("The night is not over, or was killed."))
    let older = "An older version recorded the night without its plan, so it is unknown whether everything ran."
    #expect(head { $0.plan = nil } == "> **? Incomplete.** \(older)")
    #expect(head { ($0.verification, $0.benchmarks, $0.trainings) = ([], [], []) }.hasPrefix("> **✗ Empty.**"))
  }

  @Test("The commands of the report work as printed: only their output directory is refused")
  func commands() throws {
    let markdown = Report(nights: SampleNights.history(), sweeps: SampleNights.sweeps()).markdown()
    let commands = markdown.split(separator: "\n").filter { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }
    #expect(commands.count > 10)
    for command in Set(commands).sorted() {
      let parts = command.split(separator: " ", maxSplits: 1)
      let arguments = try #require(parts.last)
      switch (parts[0], arguments.split(separator: " ")[0]) {
      case ("ci/nightly", _):
        #expect(try exitCode("night run --results results --check \(arguments)") == 0, "\(command)")
      case (".build/release/signet", "sweep"):
        #expect(try exitCode("\(arguments) --results /dev/null/results") == 74, "\(command)")
      case (".build/release/signet", "evaluate"):
        // The run is what the command before it makes.
        #expect(try exitCode(String(arguments)) != 64, "\(command)")
      case (".build/release/signet", _): #expect(try exitCode("\(arguments) --out /dev/null/run") == 74, "\(command)")
      default: Issue.record("neither ci/nightly nor .build/release/signet: \(command)")
      }
    }
    #expect(try exitCode("reproduce digits --seeds 1 --out /dev/null/run") == 64, "the check can fail")
  }

  /// The built program's exit code, with arguments that a shell splits.
  private func exitCode(_ arguments: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "exec \"$0\" \(arguments)", buildFolder.appending(path: "signet").path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test("The epochs trained are shown beside the paper's, and experiments that were not trained are named")
  func epochs() {
    let markdown = Report(nights: SampleNights.history(), sweeps: []).markdown()
    let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("| mnist-pi") }
    func row(_ network: String) -> String { rows.first { $0.contains("| \(network) ") }.map(String.init) ?? "" }
    #expect(row("discrete-sign").contains("10 + 20 |") && row("discrete-sign").contains("1000 + 500 |"))
    #expect(row("real").contains(" 10 |") && row("real").contains(" 1000 |"))
    #expect(row("discrete-sign-from-tanh").contains("1000 + 500 + 500 |"))
    #expect(row("straight-through").contains("500 (of discrete networks) |"))
    #expect(markdown.contains("\n    .build/release/signet reproduce cifar-10 --data data/cifar-10\n"))
    #expect(markdown.contains("not the paper’s result"))
    // Of the paper's experiments only mnist-pi was trained.
    #expect(markdown.contains("\nNot trained tonight: mnist, cifar-10, cifar-100, svhn. To train them:\n"))
  }

  @Test("Timings of unverified nights and of other machines are left out, and the report says so")
  func comparable() throws {
    func measured(_ change: (inout [Night]) -> Void) -> String {
      var nights = SampleNights.nights(4)
      for index in nights.indices { nights[index].benchmarks = [.init(name: "erf", rounds: [Double(index + 1)])] }
      change(&nights)
      let markdown = Report(nights: nights, sweeps: []).markdown()
      let speed = markdown.components(separatedBy: "## Speed")[1]
      return String(speed.prefix { $0 != "#" }) + (speed.split(separator: "\n").first { $0.hasPrefix("| erf") } ?? "")
    }
    let all = measured { _ in }
    #expect(all.contains("▁▃▆█") && !all.contains("Left out"))
    let unverified = measured { $0[1].verification = [] }
    #expect(unverified.contains("1 night that failed verification") && unverified.contains("▁▆█"))
    // Of a night that timed nothing there is nothing to leave out.
    let untimed = measured { nights in
      nights[1].verification = []
      nights[1].benchmarks = []
    }
    #expect(!untimed.contains("Left out") && untimed.contains("▁▆█"))
    for (processor, cores, kernels) in [
      ("another", 2, "avx2"), ("AMD EPYC 7B13", 3, "avx2"), ("AMD EPYC 7B13", 2, "plain"),
    ] {
      let elsewhere = measured { nights in
        var other = Night(
          name: nights[0].name, signet: "", commit: nil, isModified: false,
          host: .init(system: "Linux", processor: processor, cores: cores, kernels: kernels), command: "")
        (other.verification, other.benchmarks) = (nights[0].verification, nights[0].benchmarks)
        nights[0] = other
      }
      #expect(elsewhere.contains("1 night of another machine or other kernels") && elsewhere.contains("▁▅█"))
    }
  }

  @Test("A heat map's shade is the square root of the share, compared with the largest")
  func shades() throws {
    var night = SampleNights.nights(1)[0]
    // Of eight shades, the darkest for the largest share; 1/64 of that has the lightest.
    let counts = [Int](repeating: 0, count: 18) + [1, 64]
    night.trainings = [Self.certain(counts, values: [1, 2, 1])]
    let report = Report(nights: [night], sweeps: [])
    let shades = try ParsedHTML(report.html()).elements.compactMap { $0.attributes["class"] }.filter {
      $0.hasPrefix("heat-")
    }
    // The legend has each, and so the others are the drawing's.
    let drawn = Dictionary(grouping: shades, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
    #expect(drawn == ["heat-1", "heat-8"])
    #expect(report.markdown().contains("98.5 %"))
  }

  @Test("The heat map of weights with a single value begins at 0")
  func singleValue() throws {
    var night = SampleNights.nights(1)[0]
    night.trainings = [Self.certain([Int](repeating: 0, count: 18) + [1, 64], values: [65])]
    let drawing = try #require(
      try ReadReport(Report(nights: [night], sweeps: []).html()).drawings("certainty-one").first)
    #expect(drawing.yTicks.map(\.label) == ["0", "0.75", "1"])
    // The last two of twenty bins, from their lower to their upper ends.
    for (shade, ends) in [("heat-1", [0.9, 0.95]), ("heat-8", [0.95, 1])] {
      let corners = try #require(try drawing.parts(shade).first)
      expectNear([[try drawing.y(corners[2].y), try drawing.y(corners[0].y)]], [ends], within: 0.001)
    }
  }

  @Test("The line of undecided weights is at one divided by the number of values of the layer's own grid")
  func undecided() throws {
    var night = SampleNights.nights(1)[0]
    let counts = [Int](repeating: 0, count: 18) + [1, 64]
    night.trainings = [Self.certain(counts, values: [30, 35], [10, 10, 15, 10, 20], [20, 25, 20])]
    let drawings = try ReadReport(Report(nights: [night], sweeps: []).html()).drawings("certainty-one")
    #expect(
      drawings.map { $0.yTicks.map(\.label) } == [["1/2", "0.75", "1"], ["1/5", "0.75", "1"], ["1/3", "0.75", "1"]])
    for (drawing, values) in zip(drawings, [2.0, 5, 3]) {
      let line = try #require(try drawing.parts("even").first)
      // From the ticks of 0.75 and 1, which are the same for every grid.
      let (lower, upper) = (drawing.yTicks[1].at, drawing.yTicks[2].at)
      expectNear([[0.75 + (line[0].y - lower) / (upper - lower) * 0.25]], [[1 / values]], within: 0.005)
    }
  }

  /// A training of one epoch after which its layers' weights are certain like this.
  private static func certain(_ counts: [Int], values: [Int]...) -> TrainingRecord {
    TrainingRecord(
      experiment: "one", architecture: "10", weights: "ternary", network: .discreteSign, seed: 1, epochs: 1,
      realEpochs: 0, command: "signet train",
      curve: [
        EpochPoint(
          epoch: 1, loss: 1, trainingError: 1, validationError: 1, learningRateScale: 1,
          certainty: values.map { LayerCertainty(counts: counts, values: $0) })
      ], result: nil, peakMemory: nil)
  }

  @Test("A training both in a sweep and tonight counts once")
  func onceEach() throws {
    var noise = TestNumbers(seed: 1)
    var night = SampleNights.nights(1)[0]
    night.trainings = [
      SampleNights.training(
        "digits", "256-256-10", .discreteSign, seed: 1, realEpochs: 60, epochs: 100, final: 0.1, &noise)
    ]
    let tonight = try #require(night.trainings[0].result).testError
    let report = Report(
      nights: [night],
      sweeps: [
        SampleNights.swept(.discreteSign, "ternary", seed: 1, error: tonight),
        SampleNights.swept(.discreteSign, "ternary", seed: 2, error: tonight + 0.02),
      ])
    // The mean of two is in the middle; of three it would not be.
    let middle = String(format: "%.2f %%", (tonight + 0.01) * 100)
    let section = report.markdown().components(separatedBy: "## The number of weight values")[1]
    #expect(section.components(separatedBy: "\n## ")[0].contains(middle))
  }
}
