import Files
import Training

/// The results of `signet reproduce`, as one JSON object or as a table of the same facts. Errors are fractions in JSON and
/// percentages in the table; digests are hexadecimal.
package struct ReproductionReport: Codable {
  package let version: String
  package let experiment: String
  package let architecture: String
  package let weights: String
  package let seed: UInt64
  package let threads: Int
  /// The variant of the kernels that ran.
  package let kernels: String
  package let data: [DataFile]
  /// A note on the data set; nil if there is none.
  package let dataNote: String?
  package let networks: [NetworkResult]

  package init(_ run: RunRecord, _ networks: [NetworkResult]) {
    version = run.signet
    experiment = run.experiment.name
    architecture = "\(run.experiment.architecture)"
    weights = run.weights
    seed = run.seed
    threads = run.host.threads
    kernels = run.host.kernels
    data = run.data
    dataNote = run.note
    self.networks = networks
  }

  package func json() throws -> String { try encodeJSON(self) }

  package func table() -> String {
    let header = [
      "network", "weights", "activation", "epochs (best)", "validation error", "test error", "seconds",
      "SHA-256 of the parameters",
    ]
    let rows = networks.map { result in
      [
        result.network.rawValue, result.weights, result.activation, "\(result.epochs) (\(result.bestEpoch))",
        percent(result.validationError), percent(result.testError), fixed(result.seconds, places: 1),
        result.parametersSHA256,
      ]
    }
    return withNote(alignedTable([header] + rows, rightAligned: [3, 4, 5, 6]), dataNote)
  }
}

/// A table, with the note on its data below it if there is one.
package func withNote(_ table: String, _ note: String?) -> String { table + (note.map { "\n\n\($0)" } ?? "") }

/// A table of several runs, with the notes on their data below it.
package func withNotes(_ table: String, _ runs: [(name: String, note: String?)]) -> String {
  let notes = namedNotes(of: runs)
  return withNote(table, notes.isEmpty ? nil : notes.joined(separator: "\n"))
}

/// The lines of the notes on the data of several runs: each once, behind the names of the runs that it is of.
package func namedNotes(of runs: [(name: String, note: String?)]) -> [String] {
  var lines: [(text: String, names: [String])] = []
  for run in runs {
    for text in run.note?.split(separator: "\n").map(String.init) ?? [] {
      if let place = lines.firstIndex(where: { $0.text == text }) {
        lines[place].names.append(run.name)
      } else {
        lines.append((text, [run.name]))
      }
    }
  }
  return lines.map { oneLine("\($0.names.joined(separator: ", ")): \($0.text)") }
}
