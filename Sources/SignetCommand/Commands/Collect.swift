import ArgumentParser
import Experiments
import Files
import Foundation

struct Collect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Add the trained networks of runs to a results file, with their learning curves.",
    discussion: """
      A line has what the network is a function of (version, SHA-256 of the data's files, every constant, seed), the digest of its \
      parameters, its errors, the program, the machine, the time, and the loss and errors of each epoch. A network is added when its training is done, \
      while others of the run are still in training; one that the file has already is not added again. Sweeps and \
      signet report --table read the file.
      """)

  @Argument(help: ArgumentHelp("Directories of runs (--out), or directories of such directories.", valueName: "run"))
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The results file, or a directory that has a file for each experiment: EXPERIMENT.jsonl.", valueName: "file"))
  var results: String

  func run() throws {
    var lines = [["run", "network", "weights", "seed", "test error", ""]]
    for path in paths {
      for run in try runs(at: path) {
        for record in try run.records() {
          let file = file(of: record.experiment)
          let isNew = try ResultsFile(path: file).append(record)
          lines.append([
            run.path, record.result.network.rawValue, record.result.weights, "\(record.seed)",
            percent(record.result.testError), isNew ? "added to \(file)" : "already in \(file)",
          ])
        }
        if !run.isDone { lines.append([run.path, run.state, "", "", "", "still to be trained"]) }
      }
    }
    try StandardOutput.print(alignedTable(lines, rightAligned: [3, 4]))
  }

  /// The run in a directory, or those in its directories.
  private func runs(at path: String) throws -> [RunSummary] {
    if FileManager.default.fileExists(atPath: "\(path)/run.json") { return [try RunSummary(path)] }
    let listing = try RunListing(path)
    if let error = listing.errors.first { throw error }
    guard !listing.runs.isEmpty else { throw RunDirectoryError.missing(path: path, wanted: "a run's directory") }
    return listing.runs
  }

  private func file(of experiment: String) -> String {
    var isDirectory: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: results, isDirectory: &isDirectory)
    return isThere && isDirectory.boolValue ? "\(results)/\(experiment).jsonl" : results
  }
}
