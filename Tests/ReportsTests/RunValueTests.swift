import Experiments
import Networks
import Nightly
import Reports
import TestSupport
import Testing

/// A run's report, tables and CSV files, cell by cell and point by point.
@Suite("What is shown of a run is what was measured")
struct RunValueTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func report(isDone: Bool = true) throws -> RunReport {
    RunReport([(try RoundRun.summary(folder, isDone: isDone), false)])
  }

  @Test("a report's sentences and tables have each network's own numbers")
  func tables() throws {
    let read = try ReadReport(report().html())
    let head = try read.section("run")
    #expect(head.withClass("subtitle").map(\.text) == ["digits, 256-256-10, ternary, seed 7"])
    #expect(
      head.withClass("notice", "good").map(\.text) == [
        "✓ Done. 2 networks in 3 min 10 s of training. The lowest validation error is 10.00 %, of real, whose test error is "
          + "8.00 %."
      ])
    #expect(
      head.all("table").map(\.cells) == [
        [
          ["network", "weights", "epochs (best)", "validation error", "test error", "seconds"],
          ["real", "real", "4 (2)", "10.00 %", "8.00 %", "9.0"],
          ["discrete-sign", "ternary", "3 (2)", "28.00 %", "24.00 %", "181.0"],
        ],
        [["network", "digest"], ["real", "4ea1"], ["discrete-sign", "516e"]],
      ])
    let values = try read.section("values")
    // Of the best epoch, the second.
    #expect(
      values.all("table")[0].cells == [
        ["network and layer", "most probable values"],
        ["discrete-sign, layer 1", "−1: 25.0 %, 0: 60.0 %, 1: 15.0 %"],
      ])
    let itself = try read.section("circumstances")
    let facts = zip(itself.all("dt").map(\.text), itself.all("dd").map(\.text)).map { "\($0): \($1)" }
    for fact in [
      "experiment: digits, drawn", "began: 2026-03-08T04:30:00Z", "took: 3 min 10 s of training, resumed 2 times",
      "host: a processor, 2 threads, Linux 6.1, kernels for plain", "changed options: real.epochs 4, discrete.epochs 3",
      "data: images 0a", "data: labels 0b",
    ] { #expect(facts.contains(fact), "\(fact) in \(facts)") }
  }

  @Test("of a network that is not done, the error is that of the best epoch so far, which stands beside it")
  func unfinished() throws {
    // Until after the third epoch of the second network.
    let summary = try RoundRun.summary(folder, changeLog: { Array($0.prefix(9)) })
    let read = try ReadReport(RunReport([(summary, false)]).html())
    let table = try #require(try read.section("run").all("table").first)
    #expect(table.cells.last == ["discrete-sign", "ternary", "3 of 3 (2)", "28.00 %", "unfinished", "180.0"])
    // Between two networks none is at an epoch.
    let half = try RoundRun.summary(folder, "half", changeLog: { Array($0.prefix(5)) })
    let begun = try RoundRun.summary(folder, "begun", isDone: false)
    for (run, progress) in [
      (half, "1 of 2 networks trained."), (begun, "1 of 2 networks trained; discrete-sign is at epoch 1 of 3."),
    ] {
      let notice = try ReadReport(RunReport([(run, false)]).html()).section("run").withClass("notice", "unsure")
      #expect(notice.map(\.text) == ["? Unfinished. stopped, \(progress)"])
    }
    // So are the values of its weights.
    #expect(
      try read.section("values").all("table")[0].cells.last
        == ["discrete-sign, layer 1", "−1: 25.0 %, 0: 60.0 %, 1: 15.0 %"])
  }

  @Test(
    "networks that are trained only as a start for others have rows, and the head tells that its lowest error is of the others"
  )
  func starts() throws {
    for (isDone, words) in [
      (
        true,
        "✓ Done. 2 networks in 3 min 10 s of training. The lowest validation error of those asked for is 28.00 %, of "
          + "discrete-sign, whose test error is 24.00 %."
      ), (false, "? Unfinished. stopped, 0 of 1 network trained; discrete-sign is at epoch 1 of 3."),
    ] {
      let summary = try RoundRun.summary(folder, isDone: isDone) {
        $0.replacing(#"["real","discrete-sign"]"#, with: #"["discrete-sign"]"#)
      }
      // They have their rows.
      let shown = ["real", "discrete-sign"]
      #expect(RunReport([(summary, false)]).resultsCSV().split(separator: "\n").count == 1 + shown.count)
      let head = try ReadReport(RunReport([(summary, false)]).html()).section("run")
      #expect(head.withClass("notice").map(\.text) == [words])
      #expect(head.all("table").map { $0.cells.dropFirst().map { $0[0] } } == [shown, shown])
    }
  }

  @Test("of a real network that was read from a file the head counts neither the network nor its seconds")
  func realFromFile() throws {
    let summary = try RoundRun.summary(folder) {
      $0.replacing(#"["real","discrete-sign"]"#, with: #"["discrete-sign"]"#)
        .replacing(#""seed":7"#, with: #""seed":7,"realSHA256":"4ea1""#)
    }
    let head = try ReadReport(RunReport([(summary, false)]).html()).section("run")
    #expect(
      head.withClass("notice").map(\.text) == [
        "✓ Done. 1 network in 3 min 1 s of training. The lowest validation error is 28.00 %, of discrete-sign, whose test "
          + "error is 24.00 %."
      ])
  }

  @Test("of several runs the head tells each one's layers and seed, and in which the error is lowest")
  func several() throws {
    let other = try RoundRun.summary(folder, "other") { text in
      [
        (#""seed":7"#, #""seed":8"#), (#""name":"digits""#, #""name":"custom""#), ("256-256-10", "8-10"),
        ("[0.1,0.2,0.2]", "[0,0.2]"), ("[0.1,0.1,0.1]", "[0,0.2]"),
      ].reduce(text) { $0.replacing($1.0, with: $1.1) }
    } changeLog: { lines in
      lines.map {
        $0.replacing(#""validationError":0.28,"testError":0.24"#, with: #""validationError":0.05,"testError":0.06"#)
      }
    }
    let head = try ReadReport(RunReport([(RoundRun.summary(folder), false), (other, false)]).html()).section("run")
    #expect(
      head.withClass("subtitle").map(\.text) == ["digits, 256-256-10, ternary; custom, 8-10, ternary; seeds 7, 8"])
    #expect(
      head.withClass("notice", "good").map(\.text) == [
        "✓ Done. 4 networks in 6 min 20 s of training. The lowest validation error is 5.00 %, of discrete-sign of other, "
          + "whose test error is 6.00 %."
      ])
  }

  @Test("of several runs each has its own line in a network's drawings, its own shares of values and its own certainty")
  func sideBySide() throws {
    let other = try RoundRun.summary(folder, "other") {
      $0.replacing(#""seed":7"#, with: #""seed":8"#)
    } changeLog: { lines in
      lines.map {
        $0.replacing(#""validationError":0.42,"#, with: #""validationError":0.5,"#)
          .replacing("[25,60,15]", with: "[30,60,10]").replacing(",0,90]", with: ",0,30]")
      }
    }
    let read = try ReadReport(RunReport([(RoundRun.summary(folder), false), (other, false)]).html())
    let drawing = try read.drawings("curves-discrete-sign")[0]
    for (style, name, last) in [("s0", "mine", 42.0), ("s1", "other", 50.0)] {
      expectNear(try drawing.lines("line", style).flatMap { $0 }, [[1, 64], [2, 28], [3, last]], within: 0.01)
      #expect(drawing.svg.withClass("end-name", style).map(\.text) == [name])
    }
    #expect(
      try read.section("values").all("table")[0].cells.dropFirst() == [
        ["mine", "discrete-sign, layer 1", "−1: 25.0 %, 0: 60.0 %, 1: 15.0 %"],
        ["other", "discrete-sign, layer 1", "−1: 30.0 %, 0: 60.0 %, 1: 10.0 %"],
      ])
    // After the last epoch, 90 of 100 weights in the highest bin, and 30 of 40.
    for (name, seed, share) in [("mine", 7, "90 %"), ("other", 8, "75 %")] {
      #expect(try read.drawings("certainty-\(name)").map(\.note) == [share])
      #expect(try read.figure("certainty-\(name)").text.contains("Layers of discrete-sign, ternary, seed \(seed)."))
    }
  }

  @Test("each layer's values are those of its own grid")
  func grids() throws {
    let bins = "[" + Array(repeating: "5", count: 20).joined(separator: ",") + "]"
    let layers = ["[10,20,40,20,10]", "[25,60,15]", "[30,70]"].map { #"{"counts":\#(bins),"values":\#($0)}"# }
    let certainty = #""certainty":[\#(layers.joined(separator: ","))],"peak"#
    let summary = try RoundRun.summary(folder) {
      $0.replacing(#"["ternary"]"#, with: #"["quinary","ternary","binary"]"#)
    } changeLog: { lines in
      lines.map { $0.replacing(/"certainty":\[.*\],"peak/, with: certainty) }
    }
    let values = try ReadReport(RunReport([(summary, false)]).html()).section("values")
    #expect(
      values.all("table")[0].cells.dropFirst() == [
        ["discrete-sign, layer 1", "−1: 10.0 %, −0.5: 20.0 %, 0: 40.0 %, 0.5: 20.0 %, 1: 10.0 %"],
        ["discrete-sign, layer 2", "−1: 25.0 %, 0: 60.0 %, 1: 15.0 %"],
        ["discrete-sign, layer 3", "−1: 30.0 %, 1: 70.0 %"],
      ])
  }

  @Test("a night's records of a run have each network's own epochs, curve and result, and its peak memory")
  func records() throws {
    let records = TrainingRecord.records(
      of: try RoundRun.summary(folder), [.real, .discreteSign], subject: "digits", command: "signet", data: "DIR")
    #expect(records.map(\.network) == [.real, .discreteSign] && records.map(\.data) == ["DIR", "DIR"])
    // As the run's options say, not as the experiment.
    #expect(
      records.map(\.series.subject) == ["digits, real, real, 4 epochs", "digits, discrete-sign, ternary, 4 + 3 epochs"])
    // After the last epoch.
    #expect(records.map(\.peakMemory) == [53_000_000, 52_000_000])
    #expect(records.map { $0.curve.map(\.validationError) } == [[0.4, 0.1, 0.2, 0.3], [0.64, 0.28, 0.42]])
    #expect(records.map { $0.result?.testError } == [0.08, 0.24] && records.map(\.epochs) == [4, 3])
  }

  @Test("its four drawings are the validation error, the loss, the training error and the factor, each its own")
  func drawings() throws {
    let drawings = try ReadReport(report().html()).drawings("curves-of-run")
    #expect(
      drawings.map(\.title) == [
        "validation error, %", "training loss", "training error, %", "factor of the learning rates",
      ])
    let real: [[Double]] = [[40, 10, 20, 30], [4, 3, 2, 1], [50, 25, 15, 5], [1, 1, 0.5, 0.25]]
    let sign: [[Double]] = [[64, 28, 42], [9, 5.75, 4.5], [74, 51, 35], [1, 0.5, 0.125]]
    func points(_ values: [Double]) -> [[Double]] { values.enumerated().map { [Double($0 + 1), $1] } }
    for (index, drawing) in drawings.enumerated() {
      let tolerance = [0.01, 0.002, 0.01, 0.001][index]
      expectNear(try drawing.lines("line", "s0").flatMap { $0 }, points(real[index]), within: tolerance)
      expectNear(try drawing.lines("line", "s2").flatMap { $0 }, points(sign[index]), within: tolerance)
      guard index < 3 else { continue }
      expectNear(try drawing.marks("best", "s0"), [[2, real[index][1]]], within: tolerance)
      expectNear(try drawing.marks("best", "s2"), [[2, sign[index][1]]], within: tolerance)
    }
  }

  @Test("the CSV files have a column for each quantity, errors as fractions")
  func csv() throws {
    let report = try report()
    let epochs = report.epochsCSV().split(separator: "\n")
    #expect(
      epochs[0]
        == "run,network,weights,seed,epoch,epochs,loss,trainingError,validationError,stepScale,isBest,seconds,peakMemory,parametersSHA256"
    )
    #expect(epochs.count == 8)
    #expect(epochs[3] == "mine,real,real,7,3,4,2,0.15,0.2,0.5,false,6,52000000,real3")
    #expect(epochs[6] == "mine,discrete-sign,ternary,7,2,3,5.75,0.51,0.28,0.5,true,120,51000000,discrete-sign2")
    #expect(
      report.resultsCSV().split(separator: "\n") == [
        "run,experiment,architecture,network,weights,activation,seed,state,epochs,bestEpoch,validationError,testError,seconds,parametersSHA256,dataNote",
        "mine,digits,256-256-10,real,real,tanh,7,done,4,2,0.1,0.08,9,4ea1,",
        "mine,digits,256-256-10,discrete-sign,ternary,sign,7,done,3,2,0.28,0.24,181,516e,",
      ])
    #expect(
      try self.report(isDone: false).resultsCSV().split(separator: "\n").last
        == "mine,digits,256-256-10,discrete-sign,ternary,sign,7,unfinished,1,1,0.64,,60,,")
    // Until after the first network's result.
    let half = RunReport([(try RoundRun.summary(folder, changeLog: { Array($0.prefix(5)) }), false)])
    #expect(
      half.resultsCSV().split(separator: "\n").suffix(2) == [
        "mine,digits,256-256-10,real,real,tanh,7,done,4,2,0.1,0.08,9,4ea1,",
        "mine,digits,256-256-10,discrete-sign,ternary,sign,7,not begun,0,,,,,,",
      ])
  }

  @Test("signet show: the head, each network's best epoch with its errors, and the curves' highest and lowest values")
  func shown() throws {
    let lines = try RoundRun.summary(folder).text(width: 80).split(separator: "\n").map(String.init)
    #expect(lines[0] == "\(folder.file("mine")): digits, 256-256-10, ternary, seed 7: done")
    #expect(lines[1].hasSuffix("; Swift, a processor, 2 threads, plain kernels"))
    #expect(
      lines[2...5] == ["begun 2026-03-08T04:30:00Z", "data images 0a", "data labels 0b", "resumed 2 times"])
    for line in [
      "real: epoch 4/4, 9.0 s, peak memory 53 MB", "  best epoch 2: validation error 10.00 %, test error 8.00 %",
      "  parameters 4ea1", "discrete-sign: epoch 3/3, 181.0 s, peak memory 52 MB",
      "  best epoch 2: validation error 28.00 %, test error 24.00 %", "  parameters 516e",
    ] { #expect(lines.contains(line), "\(line)") }
    // Of the errors, then of the losses.
    let ends = lines.filter { $0.contains("|") }.map { $0.prefix { $0 != "|" }.trimmingCharacters(in: .whitespaces) }
    #expect(
      ends.filter { !$0.isEmpty } == [
        "40.00 %", "10.00 %", "4.0000", "1.0000", "64.00 %", "28.00 %", "9.0000", "4.5000",
      ])
    // The axes of a training that goes on end at its last epoch so far, here the second of three.
    let begun = try RoundRun.summary(folder, "begun", changeLog: { Array($0.prefix(8)) }).text(width: 80)
    let axes = begun.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.last == "epoch" }
    #expect(axes == [["1", "4", "epoch"], ["1", "4", "epoch"], ["1", "2", "epoch"], ["1", "2", "epoch"]])
    let unfinished = try RoundRun.summary(folder, "other", isDone: false)
    #expect(unfinished.text(width: 80).contains("\ndiscrete-sign: epoch 1/3, 60.0 s, "))
    #expect(unfinished.state == "discrete-sign 1/3" && !unfinished.isDone && unfinished.seconds == 9 + 60)
  }

  @Test("signet runs: the columns")
  func listed() throws {
    _ = try RoundRun.summary(folder)
    let text = try #require(try RunListing(folder.path).text())
    let rows = tableRows(text)
    #expect(
      rows[1] == [
        "mine", "2026-03-08 04:30", "0:03:10", "digits", "256-256-10", "ternary", "7", "done",
        "real 8.00 %, discrete-sign 24.00 %", "real.epochs 4, discrete.epochs 3",
      ])
  }
}
