import ArgumentParser
import Foundation
import Training

/// What a run's directory tells of it.
struct RunSummary: Encodable {
  let path: String
  let run: RunRecord
  let epochs: [LogLine.Epoch]
  let results: [NetworkResult]
  /// How often it was resumed.
  let resumptions: Int

  private enum CodingKeys: CodingKey { case path, run, epochs, results, resumptions }

  /// - Throws: `RunDirectoryError`, also if the directory holds no run.
  init(_ path: String) throws {
    guard let run = try RunDirectory.record(in: path) else {
      throw RunDirectoryError.damaged(path: "\(path)/run.json", expected: "a run's record", found: "none")
    }
    let log = try RunDirectory.log(in: path)
    self.path = path
    self.run = run
    epochs = log.compactMap { if case .epoch(let epoch) = $0 { epoch } else { nil } }
    results = log.compactMap { if case .network(let result) = $0 { result } else { nil } }
    resumptions = log.count { if case .resumed = $0 { true } else { false } }
  }

  /// The network that is trained last or now, and how far it is.
  var state: String {
    guard let last = epochs.last?.report else { return "begun" }
    let isDone = run.networks.allSatisfy { network in results.contains { $0.network == network } }
    return isDone ? "done" : "\(last.network.rawValue) \(last.epoch)/\(last.epochs)"
  }

  /// The epochs of a network.
  func epochs(of network: NetworkKind) -> [LogLine.Epoch] { epochs.filter { $0.report.network == network } }
}

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs in a directory.",
    discussion: "Runs are directories that signet reproduce or signet train wrote with --out.")

  @Argument(help: "The directory of the runs' directories.")
  var directory = "."

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
      throw RunDirectoryError.damaged(path: directory, expected: "a directory", found: "none")
    }
    let runs = try names.sorted().map { "\(directory)/\($0)" }
      .filter { FileManager.default.fileExists(atPath: "\($0)/run.json") }.map { try RunSummary($0) }
    if json { return print(try encodeJSON(runs)) }
    let header = ["run", "experiment", "weights", "seed", "state", "test errors"]
    let rows = runs.map { run in
      [
        URL(filePath: run.path).lastPathComponent, run.run.experiment.name, run.run.experiment.method.weights,
        "\(run.run.seed)", run.state,
        run.results.map { "\($0.network.rawValue) \(percent($0.testError))" }.joined(separator: ", "),
      ]
    }
    print(alignedTable([header] + rows, rightAligned: [3]))
  }
}

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a run: what it was a function of, its networks, and their learning curves.")

  @Argument(help: ArgumentHelp("The run's directory.", valueName: "run"))
  var path: String

  @Flag(help: "Print one JSON object with every epoch.")
  var json = false

  func run() throws {
    let summary = try RunSummary(path)
    if json { return print(try encodeJSON(summary)) }
    let (run, host) = (summary.run, summary.run.host)
    var lines = [
      "\(path): \(run.experiment.name), \(run.experiment.architecture), \(run.experiment.method.weights), "
        + "seed \(run.seed): \(summary.state)",
      "signet \(run.signet)" + (run.commit.map { ", commit \($0.prefix(12))" } ?? "") + ", \(run.compiler), "
        + "\(host.processor), \(host.threads) threads, \(host.kernels) kernels",
    ]
    for file in run.data { lines.append("data \(file.file) \(file.sha256)") }
    if summary.resumptions > 0 { lines.append("resumed \(summary.resumptions) times") }
    let networks = NetworkKind.allCases.filter { !summary.epochs(of: $0).isEmpty }
    for network in networks { lines += [""] + curve(network, summary) }
    print(lines.joined(separator: "\n"))
  }

  private func curve(_ network: NetworkKind, _ summary: RunSummary) -> [String] {
    let epochs = summary.epochs(of: network)
    let result = summary.results.first { $0.network == network }
    let last = epochs[epochs.count - 1]
    let best = epochs.min { $0.report.validationError < $1.report.validationError } ?? last
    let memory = last.peakMemory.map { ", peak memory \(fixed(Double($0) / 1e6, places: 0)) MB" } ?? ""
    let errors = epochs.map(\.report.validationError)
    return [
      "\(network.rawValue): epoch \(last.report.epoch)/\(last.report.epochs), "
        + "\(fixed(last.seconds, places: 1)) s\(memory)",
      "  validation error  \(sparkline(errors))  \(percent(errors[0])) → \(percent(errors[errors.count - 1]))",
      "  training loss     \(sparkline(epochs.map(\.report.loss)))  "
        + "\(fixed(epochs[0].report.loss, places: 4)) → \(fixed(last.report.loss, places: 4))",
      "  best epoch \(best.report.epoch): validation error \(percent(best.report.validationError))"
        + (result.map { ", test error \(percent($0.testError))" } ?? ""),
    ] + (result.map { ["  parameters \($0.parametersSHA256)"] } ?? [])
  }
}

/// Numbers as bars of eight heights, at most 60 of them, each the mean of as many numbers.
func sparkline(_ numbers: [Double], width: Int = 60) -> String {
  let bars = Array("▁▂▃▄▅▆▇█")
  let columns = min(width, numbers.count)
  let means = (0..<columns).map { column in
    let part = numbers[numbers.count * column / columns..<numbers.count * (column + 1) / columns]
    return part.reduce(0, +) / Double(part.count)
  }
  guard let low = means.min(), let high = means.max(), high > low else {
    return String(repeating: bars[0], count: columns)
  }
  return String(means.map { bars[Int(($0 - low) / (high - low) * 7.999)] })
}

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say where two runs part: what they are functions of, then the first epoch and step whose bits differ.",
    discussion: "The exit code is 0 if all bits of both are the same, 65 if they part.")

  @Argument(help: ArgumentHelp("The first run's directory.", valueName: "run"))
  var first: String

  @Argument(help: ArgumentHelp("The second run's directory.", valueName: "run"))
  var second: String

  func run() throws {
    let (a, b) = (try RunSummary(first), try RunSummary(second))
    var parts = false
    if let (what, one, other) = b.run.difference(from: a.run) {
      print("\(what): \(one) | \(other)")
      parts = true
    }
    for network in NetworkKind.allCases {
      guard let difference = difference(of: network, a, b) else { continue }
      print("\(network.rawValue): \(difference)")
      parts = true
    }
    guard !parts else { throw NotVerified(what: "difference of \(first) and \(second)", count: 1) }
    print("the same bits in \(a.epochs.count) epochs")
  }

  /// Where the trainings of a network part; nil if they do not.
  private func difference(of network: NetworkKind, _ a: RunSummary, _ b: RunSummary) -> String? {
    let (ours, theirs) = (a.epochs(of: network), b.epochs(of: network))
    for (one, other) in zip(ours, theirs) {
      if let step = firstDifference(one.report.lossBits, other.report.lossBits) {
        return "epoch \(one.report.epoch), step \(step): the loss differs"
      }
      if one.parametersSHA256 != other.parametersSHA256 {
        return "epoch \(one.report.epoch): all losses are the same, the parameters after it differ"
      }
    }
    return ours.count == theirs.count
      ? nil
      : "the same bits in \(min(ours.count, theirs.count)) epochs; then one has \(abs(ours.count - theirs.count)) more"
  }

  /// The first step, from 1, of 8 digits each, that differs; nil if none does.
  private func firstDifference(_ a: String, _ b: String) -> Int? {
    guard a != b else { return nil }
    let same = zip(a.utf8, b.utf8).prefix { $0 == $1 }.count
    return same / 8 + 1
  }
}
