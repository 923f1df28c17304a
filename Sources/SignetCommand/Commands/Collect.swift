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
      signet report --table read the file. A run that is damaged, a network of which it is not known exactly \
      what it depends on, and one of which the file has another result are reported and left out, and the exit code is \
      then 65 (74 if the last of them cannot be read).
      """)

  @Argument(help: ArgumentHelp("Directories of runs (--out), or directories of such directories.", valueName: "run"))
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The results file, or a directory that has a file for each experiment: EXPERIMENT.jsonl.",
      discussion: "A path that ends in / is that of a directory, which is made if there is none.", valueName: "file"))
  var results: String

  func run() throws {
    var lines = [["run", "network", "weights", "seed", "test error", ""]]
    var notes: [(name: String, note: String?)] = []
    var errors: [any Error] = []
    do {
      for path in paths { try collect(path, into: &lines, &notes, &errors) }
    } catch {
      // Without the results file, nothing else can be collected.
      errors.append(error)
    }
    if lines.count > 1 {
      try StandardOutput.print(withNotes(alignedTable(lines, rightAligned: [3, 4]), notes))
    }
    try report(errors)
  }

  /// Adds the networks of the runs at a path, and tells each one's row, the notes on the data of those in the table, and the errors that
  /// concern no other network.
  ///
  /// - Throws: `ResultsFileError`, `FileWriteError` if the results file cannot be used.
  private func collect(
    _ path: String, into lines: inout [[String]], _ notes: inout [(name: String, note: String?)],
    _ errors: inout [any Error]
  ) throws {
    let (runs, damaged) = runs(at: path)
    errors += damaged
    for run in runs {
      let before = lines.count
      defer { if lines.count > before { notes.append((run.path, run.run.note)) } }
      for result in run.results {
        do {
          lines.append(try add(try run.record(of: result), of: run))
        } catch let error as CollectionError {
          errors.append(error)
        } catch let error as ResultsFileError where error.isOfOneResult {
          errors.append(error)
        }
      }
      lines += run.untrained.map { [run.path, $0, "", "", "", "still to be trained"] }
    }
  }

  /// Adds a network to its file, and returns the row that says so.
  private func add(_ record: Sweep.Record, of run: RunSummary) throws -> [String] {
    let file = file(of: record.experiment)
    if results.hasSuffix("/") { try AtomicFile.makeDirectory(results) }
    let isNew = try ResultsFile(path: file, told: notice).append(record, from: run.path)
    return [
      run.path, record.result.network.rawValue, record.result.weights, "\(record.seed)",
      percent(record.result.testError), isNew ? "added to \(file)" : "already in \(file)",
    ]
  }

  /// The run in a directory, or those in its directories, and the errors of those that are damaged or missing.
  private func runs(at path: String) -> (runs: [RunSummary], damaged: [any Error]) {
    do {
      if FileManager.default.fileExists(atPath: "\(path)/\(RunDirectory.runName)") {
        return ([try RunSummary(path)], [])
      }
      let listing = try RunListing(path)
      guard !listing.runs.isEmpty || !listing.errors.isEmpty else {
        throw RunDirectoryError.missing(path: path, wanted: "a run's directory")
      }
      return (listing.runs, listing.errors)
    } catch {
      return ([], [error])
    }
  }

  private func file(of experiment: String) -> String {
    if results.hasSuffix("/") { return "\(results)\(experiment).jsonl" }
    return isDirectory(results) ? "\(results)/\(experiment).jsonl" : results
  }
}
