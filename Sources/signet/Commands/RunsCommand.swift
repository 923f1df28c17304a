import ArgumentParser
import Files
import Foundation
import Training

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs in a directory.",
    discussion: """
      Runs are directories that signet reproduce or signet train wrote with --out. The changed options are those that differ \
      from the experiment's own. A run that is damaged is reported and left out, and the exit code is then 65 (74 if it cannot \
      be read).
      """)

  @Argument(help: "The directory of the runs' directories.")
  var directory = "."

  @Flag(help: "Print a JSON array of the runs, each as signet show --json prints it.")
  var json = false

  func run() throws {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: directory)
    } catch {
      throw RunDirectoryError.unreadable(path: directory, reason: reason(of: error))
    }
    let paths = names.sorted().map { "\(directory)/\($0)" }
      .filter { FileManager.default.fileExists(atPath: "\($0)/run.json") }
    var (runs, errors) = ([RunSummary](), [RunDirectoryError]())
    for path in paths {
      do {
        runs.append(try RunSummary(path))
      } catch let error as RunDirectoryError {
        errors.append(error)
      }
    }
    if json {
      try StandardOutput.print(try encodeJSON(runs))
    } else if paths.isEmpty {
      let isRun = names.contains("run.json")
      try StandardOutput.print("\(directory): no runs\(isRun ? ", but a run itself (signet show shows it)" : "")")
    } else if !runs.isEmpty {
      try StandardOutput.print(try table(runs))
    }
    // The last is told by who catches it.
    for error in errors.dropLast() { notice("\(error)") }
    if let last = errors.last { throw last }
  }

  private func table(_ runs: [RunSummary]) throws -> String {
    let header = [
      "run", "begun (UTC)", "training", "experiment", "architecture", "weights", "seed", "state", "test errors",
      "changed options",
    ]
    let rows = try runs.map { run in
      [
        URL(filePath: run.path).lastPathComponent,
        run.run.begun.map { String($0.prefix(16).replacing("T", with: " ")) } ?? "", duration(run.seconds),
        run.run.experiment.name, "\(run.run.experiment.architecture)", run.run.experiment.method.weights,
        "\(run.run.seed)", run.state,
        run.results.map { "\($0.network.rawValue) \(percent($0.testError))" }.joined(separator: ", "),
        try run.run.changedOptions().joined(separator: ", "),
      ]
    }
    return alignedTable([header] + rows, rightAligned: [2, 6])
  }
}

/// Seconds as `12.3 s`, or `h:mm:ss` from a minute on.
private func duration(_ seconds: Double) -> String {
  guard seconds >= 60 else { return fixed(seconds, places: 1) + " s" }
  let whole = Int(seconds.rounded())
  return String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
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
    if json { return try StandardOutput.print(try encodeJSON(summary)) }
    let (run, host) = (summary.run, summary.run.host)
    var lines = [
      "\(path): \(run.experiment.name), \(run.experiment.architecture), \(run.experiment.method.weights), "
        + "seed \(run.seed): \(summary.state)",
      "signet \(run.program), \(run.compiler), "
        + "\(host.processor), \(host.threads) threads, \(host.kernels) kernels",
    ]
    if let begun = run.begun { lines.append("begun \(begun)") }
    for file in run.data { lines.append("data \(file.file) \(file.sha256)") }
    if summary.resumptions > 0 { lines.append("resumed \(summary.resumptions) times") }
    let networks = NetworkKind.allCases.filter { !summary.epochs(of: $0).isEmpty }
    for network in networks { lines += [""] + curve(network, summary) }
    try StandardOutput.print(lines.joined(separator: "\n"))
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
