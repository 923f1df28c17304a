import Experiments
import Foundation
import Reports
import TestSupport
import Testing

@Suite("The report of runs")
struct RunReportTests {
  /// A run's directory with the epochs and the results of a log that was made for it.
  private func run(
    _ folder: TemporaryFolder, _ name: String, epochs: Int = 20, isDone: Bool = true, isTraining: Bool = false
  ) throws -> (summary: RunSummary, isTraining: Bool) {
    let path = folder.file(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try SampleRun.record.write(toFile: "\(path)/run.json", atomically: true, encoding: .utf8)
    let lines = (1...epochs).map(SampleRun.epoch) + (isDone ? [SampleRun.result(epochs)] : [])
    try (lines.joined(separator: "\n") + "\n").write(toFile: "\(path)/log.jsonl", atomically: true, encoding: .utf8)
    return (try RunSummary(path), isTraining)
  }

  @Test("One run: its numbers are first, each figure is listed and has its data, and the document is well-formed")
  func one() throws {
    let folder = try TemporaryFolder()
    let report = RunReport([try run(folder, "mine")])
    let document = try ParsedHTML(report.html())
    #expect(document.texts.contains("✓ Done."))
    let (numbers, curves) = (document.texts.firstIndex(of: "2.75 %"), document.texts.firstIndex(of: "Learning curves"))
    #expect(try #require(numbers) < #require(curves))
    let figures = document.elements.filter { $0.name == "figure" }.compactMap { $0.attributes["id"] }
    #expect(figures == ["curves-of-run", "certainty-discrete-sign"])
    let links = document.elements.compactMap { $0.attributes["download"] }
    #expect(links == figures.map { "\($0).csv" })
    let data = document.elements.filter { $0.attributes["download"] != nil }.compactMap {
      $0.attributes["href"]?.removingPercentEncoding
    }
    // Four measures of 20 epochs, and 20 epochs of one layer, under the names.
    #expect(data.map { $0.split(separator: "\n").count } == [1 + 4 * 20, 1 + 20])
    #expect(data[0].contains("\nvalidation error, %".replacing("validation error, %", with: "\"validation error, %\"")))
    #expect(report.markdown().hasPrefix("# Run mine – digits, 256-256-10, ternary, seed 1\n"))
  }

  @Test("A curve that falls steeply is drawn by its tail, with its best epoch marked and a note of what lies above")
  func tail() throws {
    let folder = try TemporaryFolder()
    let document = try ParsedHTML(RunReport([try run(folder, "mine")]).html())
    #expect(document.elements.contains { $0.attributes["class"] == "best s2" })
    #expect(document.texts.contains { $0.hasPrefix("▲ up to 50.00 at epoch 1") })
    #expect(document.texts.contains("3.00 at 20"))
  }

  @Test("An unfinished run is reported as in training or stopped, and never as done")
  func unfinished() throws {
    let folder = try TemporaryFolder()
    let stopped = RunReport([try run(folder, "a", epochs: 3, isDone: false)]).markdown()
    #expect(stopped.contains("> **? Unfinished.** stopped, 0 of 1 network trained; discrete-sign is at epoch 3 of 20."))
    #expect(stopped.contains(" 3 of 20 (3) |") && stopped.contains(" unfinished |") && !stopped.contains("Done"))
    let training = RunReport([try run(folder, "b", epochs: 3, isDone: false, isTraining: true)])
    #expect(training.markdown().contains("in training, 0 of 1 network"))
    #expect(training.resultsCSV().contains("discrete-sign,ternary,sign,1,unfinished,3,3,0.0822"))
    let both = RunReport([try run(folder, "c"), try run(folder, "d", epochs: 3, isDone: false)]).markdown()
    #expect(both.contains("Unfinished.** d: stopped") && !both.contains("✓"))
  }

  @Test("Several runs have a line each in one figure per network, and distinct names")
  func several() throws {
    let folder = try TemporaryFolder()
    let report = RunReport([try run(folder, "x/run"), try run(folder, "y/run")])
    let document = try ParsedHTML(report.html())
    let figures = document.elements.filter { $0.name == "figure" }.compactMap { $0.attributes["id"] }
    #expect(figures.first == "curves-discrete-sign" && figures.count == 3)
    #expect(report.markdown().contains("> **✓ Done.** 2 networks in 3.0 s of training. The lowest "))
    #expect(report.markdown().contains("| x/run | discrete-sign |") && report.markdown().contains("| y/run |"))
    let rows = report.epochsCSV().split(separator: "\n")
    #expect(rows.count == 1 + 2 * 20 && rows[1].hasPrefix("x/run,discrete-sign,ternary,1,1,20,"))
    #expect(report.markdown().hasPrefix("# 2 runs: x/run, y/run – digits, 256-256-10, ternary; seed 1\n"))
    // One run given twice is told apart by its place.
    let same = RunReport([try run(folder, "z"), try run(folder, "z")]).resultsCSV()
    #expect(["z (1),digits", "z (2),digits"].allSatisfy { same.contains($0) }, "\(same)")
    #expect(
      report.resultsCSV().contains("y/run,digits,256-256-10,discrete-sign,ternary,sign,1,done,20,20,0.03,0.0275,1.5,"))
  }

  @Test("Six of many runs have markers of their own in the legend, which the runs after them have again")
  func markers() throws {
    let folder = try TemporaryFolder()
    let report = RunReport(try (1...14).map { try run(folder, "\($0)") })
    let legend = try #require(try ReadReport(report.html()).figure("curves-discrete-sign").withClass("legend").first)
    // Around the point (17, 6): a circle, a square, a triangle, a diamond, an inverted triangle, a cross.
    let markers = [
      "M14.4 6a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0Z", "M14.5 3.5L19.5 3.5L19.5 8.5L14.5 8.5Z",
      "M17 2.7L20.2 8.4L13.8 8.4Z", "M17 2.4L20.6 6L17 9.6L13.4 6Z", "M17 9.3L20.2 3.6L13.8 3.6Z",
      "M14 4L15 3L17 5L19 3L20 4L18 6L20 8L19 9L17 7L15 9L14 8L16 6Z",
    ]
    #expect(legend.withClass("mark").compactMap { $0["d"] } == (0..<14).map { markers[$0 % 6] })
  }
}

/// The files of a run that nobody trained.
private enum SampleRun {
  static let record = """
    {"version":1,"signet":"0.2.0","compiler":"Swift","host":{"system":"Linux","processor":"none","cores":2,"threads":1,\
    "kernels":"plain"},"networks":["discrete-sign"],"seed":1,"discreteEpochs":20,"data":[{"file":"f","sha256":"00"}],\
    "experiment":\(experiment)}
    """

  private static let experiment = """
    {"name":"digits","title":"digits","data":"digits","architecture":"256-256-10","batch":50,\
    "real":{"epochs":60,"weightStep":0.001,"otherStep":0.001,"cooldown":15,"patience":5,"regularization":0.0001,\
    "dropout":[0,0,0]},"discrete":{"epochs":100,"weightStep":0.01,"otherStep":0.001,"cooldown":15,"patience":8,\
    "regularization":1e-10,"dropout":[0,0,0]},"method":{"grids":["ternary"],"parameterization":"logits",\
    "initialization":"probability","regularizer":{"squares":{}},"sampling":"every-layer","estimator":"relaxed",\
    "temperature":1,"loss":"cross-entropy"}}
    """

  /// An error of 50 % that falls to 3 %.
  static func epoch(_ epoch: Int) -> String {
    let error = 0.03 + 0.47 * (epoch == 20 ? 0 : 1 / Double(epoch * epoch))
    let counts = (0..<20).map { $0 < 6 ? "0" : "\($0 * epoch)" }.joined(separator: ",")
    return """
      {"type":"epoch","version":1,"epoch":{"parametersSHA256":"ab","seconds":\(epoch),"certainty":[{"counts":[\(counts)],\
      "values":[1,2,1]}],"report":{"network":"discrete-sign","epoch":\(epoch),"epochs":20,"loss":\(2 * error),\
      "trainingError":\(error),"validationError":\(error),"isBest":true,"stepScale":1,"lossBits":""}}}
      """
  }

  static func result(_ epochs: Int) -> String {
    """
    {"type":"network","version":1,"result":{"network":"discrete-sign","weights":"ternary","activation":"sign",\
    "epochs":\(epochs),"bestEpoch":\(epochs),"validationError":0.03,"testError":0.0275,"seconds":1.5,\
    "parametersSHA256":"cd"}}
    """
  }
}
