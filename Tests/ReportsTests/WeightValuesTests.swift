import Experiments
import Networks
import Nightly
import Reports
import TestSupport
import Testing
import Training
import WeightDistributions

@Suite("Test error by the number of weight values: each drawing is of networks that differ in grid and seed only")
struct WeightValuesTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// A run with another seed and test error of its sign network in percent, and with changes of `run.json` and of the log.
  private func run(
    _ name: String, seed: Int, error: Double, weights: String = "ternary", _ changes: [(old: String, new: String)] = [],
    changeLog: ([String]) -> [String] = { $0 }
  ) throws -> (RunSummary, Bool) {
    let all: [(old: String, new: String)] =
      changes + [(#""seed":7"#, #""seed":\#(seed)"#), (#"["ternary"]"#, #"["\#(weights)"]"#)]
    let summary = try RoundRun.summary(folder, name) { text in
      all.reduce(text) { $0.replacing($1.old, with: $1.new) }
    } changeLog: { lines in
      changeLog(lines).map {
        $0.replacing(#""testError":0.24"#, with: #""testError":\#(error / 100)"#)
          .replacing(#""weights":"ternary""#, with: #""weights":"\#(weights)""#)
      }
    }
    return (summary, false)
  }

  @Test("runs of other constants, layers or real networks have drawings of their own, each with its commands")
  func runs() throws {
    let runs = [
      try run("a", seed: 7, error: 24), try run("b", seed: 7, error: 40, weights: "binary"),
      // The same seed, and another one.
      try run("c", seed: 7, error: 60, [(#""batch":50"#, #""batch":200"#)]),
      try run("d", seed: 8, error: 64, [(#""batch":50"#, #""batch":200"#)]),
      try run(
        "e", seed: 9, error: 80, [(#""seed":7"#, #""seed":9,"realSHA256":"4ea7""#)],
        changeLog: { $0.filter { !$0.contains(#""network":"real""#) } }),
      try run(
        "f", seed: 10, error: 12,
        [
          (#""name":"digits""#, #""name":"custom""#), ("256-256-10", "8-10"), ("[0.1,0.2,0.2]", "[0,0.2]"),
          ("[0.1,0.1,0.1]", "[0,0.2]"),
        ]),
    ]
    let read = try ReadReport(RunReport(runs).html())
    let drawings = try read.drawings("weight-values")
    #expect(
      drawings.map(\.title) == [
        "digits, 4 + 3 epochs", "digits, batch 200 instead of 50, 4 + 3 epochs",
        "digits, 3 epochs, real network 4ea7…", "digits 8-10, 4 + 3 epochs",
      ])
    let points = [[[2.0, 40], [3, 24]], [[3, 62]], [[3, 80]], [[3, 12]]]
    for (drawing, points) in zip(drawings, points) {
      expectNear(try drawing.marks("mark", "s2"), points, within: 0.5)
    }
    // Real networks do not depend on the grid: those of the first two runs are one.
    #expect(drawings.map(\.note) == ["1 seed", "2 seeds", "1 seed", "1 seed"])
    // None for the network that starts from a file.
    let trained = "--weights ternary --networks real,discrete-sign --real-epochs 4 --discrete-epochs 3 --seed"
    #expect(
      try read.figure("weight-values").all("pre").flatMap { $0.all("code").map(\.text) } == [
        "signet sweep digits --weights binary,ternary --networks real,discrete-sign --seeds 7 --real-epochs 4 "
          + "--discrete-epochs 3",
        "signet reproduce digits \(trained) 7 --set batch-size=200",
        "signet reproduce digits \(trained) 8 --set batch-size=200",
        "signet train --architecture 8-10 --dataset digits \(trained) 10",
      ])
  }

  @Test("the commands of a drawing train its networks and no others: each kind and grid with its own seeds")
  func commands() throws {
    func record(_ network: NetworkKind, _ grid: WeightGrid = .ternary, seed: UInt64) -> Sweep.Record {
      RoundTable.record(
        network, grid, seed: seed, of: .digits, epochs: (4, 3), test: 0.5, validation: 0.5, secondsPerEpoch: 1)
    }
    let sweeps = [
      record(.real, seed: 1), record(.real, seed: 2), record(.discreteSign, seed: 1), record(.discreteSign, seed: 2),
      record(.discreteSign, .binary, seed: 2), record(.discreteTanh, .binary, seed: 2),
      record(.straightThrough, seed: 4), record(.discreteSign, seed: 3), record(.discreteSign, seed: 5),
    ]
    var night = RoundNights.nights()[7]
    night.trainings = []
    let figure = try ReadReport(Report(nights: [night], sweeps: sweeps).html()).figure("weight-values")
    let (real, discrete) = (" --real-epochs 4", " --discrete-epochs 3")
    let expected = [
      "--weights ternary --networks real,discrete-sign --seeds 1,2" + real + discrete,
      "--weights binary --networks real,discrete-tanh,discrete-sign --seeds 2" + real + discrete,
      "--weights ternary --networks discrete-sign --seeds 3,5" + real + discrete,
      "--networks straight-through --seeds 4" + discrete,
    ]
    let commands = figure.all("pre").flatMap { $0.all("code").map(\.text) }
    #expect(commands == expected.map { ".build/release/signet sweep digits \($0)" })
  }

  @Test("a grid without a place on the axis is named below the drawing that leaves it out, of runs and results files")
  func notDrawn() throws {
    let sentence = "Weights without a place on the axis are not drawn: -1,0,1/2."
    let records = [WeightGrid.ternary, "-1,0,1/2", .binary].map {
      RoundTable.record(.discreteSign, $0, seed: 1, test: 0.5, validation: 0.5, secondsPerEpoch: 1)
    }
    for (shown, isTold) in [(records, true), ([records[0], records[2]], false)] {
      let page = try ReadReport(TableReport(PaperTable(shown), sources: ["a"]).html())
      #expect(try page.figure("values-1").text.contains(sentence) == isTold)
    }
    let runs = [
      try run("a", seed: 7, error: 24), try run("b", seed: 7, error: 40, weights: "-1,0,1/2"),
      try run("c", seed: 7, error: 30, weights: "binary"),
    ]
    for (shown, isTold) in [(runs, true), ([runs[0], runs[2]], false)] {
      let report = try ReadReport(RunReport(shown).html())
      #expect(try report.figure("weight-values").text.contains(sentence) == isTold)
    }
  }

  @Test("a horizontal line is told of only if one is drawn, and no sentence says that axes which may begin at 0 do not")
  func horizontalLine() throws {
    let records = ([(.real, 0), (.discreteSign, 0.05)] as [(NetworkKind, Double)]).map { network, error in
      RoundTable.record(network, seed: 1, test: error, validation: 0.5, secondsPerEpoch: 1)
    }
    for shown in [records, [records[1]]] {
      let page = try ReadReport(TableReport(PaperTable(shown), sources: ["a"]).html())
      let (drawing, figure) = (try page.drawings("values-1")[0], try page.figure("values-1").text)
      let hasLine = try !drawing.lines("line", "s0").isEmpty
      #expect(hasLine == (shown.count == 2) && figure.contains("The horizontal line is ") == hasLine, "\(figure)")
      #expect((drawing.yTicks.first?.label == "0") == hasLine && figure.contains("The error axes need not begin at 0."))
    }
    for hasLine in [true, false] {
      let runs = try ["ternary", "binary"].map { grid in
        try run("\(grid), \(hasLine)", seed: 7, error: 24, weights: grid) { lines in
          lines.filter { hasLine || !$0.contains(#""network":"real""#) }
        }
      }
      let figure = try ReadReport(RunReport(runs).html()).figure("weight-values").text
      #expect(figure.contains("The horizontal line is ") == hasLine, "\(figure)")
    }
  }

  @Test("a run that another version resumed stands apart from those of the version that began it")
  func resumed() throws {
    let later = #"{"type":"program","version":1,"program":{"signet":"1.3.0"}}"#
    let runs = [
      try run("a", seed: 7, error: 24), try run("b", seed: 7, error: 40, weights: "binary"),
      try run("c", seed: 8, error: 60, changeLog: { Array($0[..<5] + [later] + $0[5...]) }),
    ]
    let drawings = try ReadReport(RunReport(runs).html()).drawings("weight-values")
    // The newer version first.
    #expect(drawings.map(\.title) == ["\(Self.night), Signet 1.2.3, 1.3.0", "\(Self.night), Signet 1.2.3"])
    for (drawing, points) in zip(drawings, [[[3, 60]], [[2.0, 40], [3, 24]]]) {
      expectNear(try drawing.marks("mark", "s2"), points, within: 0.5)
    }
  }

  @Test("a night's network with an experiment's name and other layers is none of that experiment")
  func otherLayers() throws {
    var night = RoundNights.nights()[7]
    night.trainings = [
      TrainingRecord(
        experiment: "digits", architecture: "8-10", weights: "ternary", network: .discreteSign, seed: 1, epochs: 3,
        realEpochs: 4, command: "signet train", curve: [],
        result: SampleNights.result(.discreteSign, "ternary", epochs: 3, testError: 0.2), peakMemory: nil)
    ]
    let drawings = try ReadReport(Report(nights: [night], sweeps: [Self.record()]).html()).drawings("weight-values")
    #expect(drawings.map(\.title) == [Self.night, "digits 8-10, 4 + 3 epochs"])
    for (drawing, error) in zip(drawings, [50.0, 20]) {
      expectNear(try drawing.marks("mark", "s2"), [[3, error]], within: 0.5)
    }
  }

  /// A record of a sweep that differs from a night's ternary network in more than its seed, and the names of the drawings.
  private struct Other: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let record: @Sendable () -> Sweep.Record
    let titles: [String]
    /// Which of the drawings is the record's, and which the night's.
    let own, tonight: Int
  }

  private static let night = "digits, 4 + 3 epochs"

  private static let others = [
    Other(
      testDescription: "another batch size", record: { Self.record { $0.batch = 200 } },
      titles: [night, "digits, batch 200 instead of 50, 4 + 3 epochs"], own: 1, tonight: 0),
    Other(
      testDescription: "another rate of the real network", record: { Self.record { $0.real.learningRate = 0.5 } },
      titles: [night, "digits, real.weightStep 0.5 instead of 0.001, 4 + 3 epochs"], own: 1, tonight: 0),
    Other(
      testDescription: "another version", record: { Self.record(version: "1.2.4") },
      titles: ["\(night), Signet 1.2.4", "\(night), Signet 1.2.3"], own: 0, tonight: 1),
    Other(
      testDescription: "other layers", record: { Self.record(of: .custom("8-10", on: .digits)) },
      titles: [night, "digits 8-10, 4 + 3 epochs"], own: 1, tonight: 0),
    // Nobody can say on which of two sets the night was.
    Other(
      testDescription: "other data", record: { Self.record(data: "0c") },
      titles: [
        "\(night), data not recorded", "\(night), images 0a…, labels 0b…", "\(night), images 0c…, labels 0b…",
      ], own: 2, tonight: 0),
  ]

  private static func record(
    of experiment: Experiment = .digits, data: String = "0a", version: String = "1.2.3",
    change: (inout Experiment) -> Void = { _ in }
  ) -> Sweep.Record {
    RoundTable.record(
      .discreteSign, seed: 9, of: experiment, epochs: (4, 3), test: 0.5, validation: 0.5, secondsPerEpoch: 1,
      data: data, version: version, change: change)
  }

  @Test(
    "in a night's report, what differs from tonight's networks in more than grid and seed stands apart",
    arguments: others)
  private func apart(_ other: Other) throws {
    let report = Report(nights: RoundNights.nights(), sweeps: RoundNights.sweeps + [other.record()])
    let drawings = try ReadReport(report.html()).drawings("weight-values")
    #expect(drawings.map(\.title) == other.titles)
    // Three ternary seeds with a mean of 14.
    expectNear(try drawings[other.own].marks("mark", "s2"), [[3, 50]], within: 0.5)
    let tonight = try drawings[other.tonight].marks("mark", "s2").filter { abs($0[0] - 3) < 0.2 }
    expectNear(tonight, [[3, 14]], within: 0.5)
  }

  @Test("a night's networks are of the data that the night recorded, and join those of a sweep on the same data")
  func recordedData() throws {
    var night = RoundNights.nights()[7]
    for index in night.trainings.indices {
      night.trainings[index].dataFiles = [.init(file: "images", sha256: "0c"), .init(file: "labels", sha256: "0b")]
    }
    let report = Report(nights: [night], sweeps: [Self.record(), Self.record(data: "0c")])
    let drawings = try ReadReport(report.html()).drawings("weight-values")
    #expect(Set(drawings.map(\.title)) == ["\(Self.night), images 0a…", "\(Self.night), images 0c…"])
    // Of 11, 13, 18 and 50.
    let joined = try #require(drawings.first { $0.title.hasSuffix("images 0c…") })
    expectNear(try joined.marks("mark", "s2").filter { abs($0[0] - 3) < 0.2 }, [[3, 23]], within: 0.5)
  }

  @Test(
    "a network of the same constants joins the seeds of the night, and one that does not say what it depends on none")
  func together() throws {
    let unknown = Sweep.Record(
      experiment: "digits", seed: 8, realEpochs: 4,
      result: SampleNights.result(.discreteSign, "ternary", epochs: 3, testError: 0.9))
    let report = Report(nights: RoundNights.nights(), sweeps: RoundNights.sweeps + [Self.record(), unknown])
    let drawings = try ReadReport(report.html()).drawings("weight-values")
    #expect(drawings.map(\.title) == [Self.night] && drawings.map(\.note) == ["1 to 4 seeds"])
    // Of 11, 13, 18 and 50.
    expectNear(try drawings[0].marks("mark", "s2").filter { abs($0[0] - 3) < 0.2 }, [[3, 23]], within: 0.5)
  }
}
