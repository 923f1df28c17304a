import Files
import Foundation

/// The runs in a directory.
package struct RunListing {
  package private(set) var runs: [RunSummary] = []
  /// The errors of the runs that are damaged.
  package private(set) var errors: [RunDirectoryError] = []
  private let directory: String
  /// True if the directory is itself a run's.
  private let isRun: Bool

  /// Reads every run in the directory.
  ///
  /// - Throws: `RunDirectoryError` if the directory cannot be read; errors from files that do not belong to a run.
  package init(_ directory: String) throws {
    self.directory = directory
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: directory)
    } catch {
      throw RunDirectoryError.unreadable(path: directory, reason: reason(of: error))
    }
    isRun = names.contains(RunDirectory.runName)
    for path in names.sorted().map({ "\(directory)/\($0)" })
    where FileManager.default.fileExists(atPath: "\(path)/\(RunDirectory.runName)") {
      do {
        runs.append(try RunSummary(path))
      } catch let error as RunDirectoryError {
        errors.append(error)
      }
    }
  }

  /// A row for each run with the notes on their data, or a line that says that there are none; nil if all runs are damaged.
  package func text() throws -> String? {
    if !runs.isEmpty { return try table() }
    return errors.isEmpty ? "\(directory): no runs\(isRun ? ", but is itself a run (use signet show)" : "")" : nil
  }

  private func table() throws -> String {
    let header = [
      "run", "begun (UTC)", "training", "experiment", "architecture", "weights", "seed", "state", "test errors",
      "changed options",
    ]
    func name(_ run: RunSummary) -> String { URL(plainPath: run.path).lastPathComponent }
    let rows = runs.map { run in
      [
        name(run),
        run.run.begun.map { String($0.prefix(16).replacing("T", with: " ")) } ?? "", duration(run.seconds),
        run.run.experiment.name, "\(run.run.experiment.architecture)", run.run.weights,
        "\(run.run.seed)", run.state,
        run.results.map { "\($0.network.rawValue) \(percent($0.testError))" }.joined(separator: ", "),
        (run.run.changedOptions + (run.run.realSHA256 == nil ? [] : ["real network from a file"]))
          .joined(separator: ", "),
      ]
    }
    return withNotes(
      alignedTable([header] + rows, rightAligned: [2, 6]), runs.map { (name: name($0), note: $0.run.note) })
  }
}

/// Seconds as `12.3 s`, or `h:mm:ss` from a minute on.
private func duration(_ seconds: Double) -> String {
  guard seconds >= 59.95 else { return fixed(seconds, places: 1) + " s" }
  let whole = Int(seconds.rounded())
  return String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
}
