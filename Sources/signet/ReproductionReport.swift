import Foundation
import Training

/// What `signet reproduce` came to: one JSON object, or a table of the same facts. Errors are fractions in JSON and
/// percentages in the table; digests are hexadecimal.
struct ReproductionReport: Codable {
  let version: String
  let experiment: String
  let architecture: String
  let weights: String
  let seed: UInt64
  let threads: Int
  /// The variant of the kernels that ran.
  let kernels: String
  let data: [DataFile]
  /// What is to be said of the data set; nil where there is nothing.
  let dataNote: String?
  let networks: [NetworkResult]

  init(_ run: RunRecord, _ networks: [NetworkResult]) {
    version = run.signet
    experiment = run.experiment.name
    architecture = "\(run.experiment.architecture)"
    weights = run.experiment.method.weights
    seed = run.seed
    threads = run.host.threads
    kernels = run.host.kernels
    data = run.data
    dataNote = run.experiment.data.note
    self.networks = networks
  }

  func json() throws -> String { try encodeJSON(self) }

  func table() -> String {
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
    return alignedTable([header] + rows, rightAligned: [3, 4, 5, 6]) + (dataNote.map { "\n\n\($0)" } ?? "")
  }
}

/// JSON with sorted keys, indented.
func encodeJSON(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

func percent(_ fraction: Double) -> String { fixed(fraction * 100, places: 2) + " %" }

func fixed(_ value: Double, places: Int) -> String { String(format: "%.\(places)f", value) }

/// Rows of cells, in columns two spaces apart.
func alignedTable(_ rows: [[String]], rightAligned: Set<Int>) -> String {
  let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    var line = ""
    for (column, cell) in row.enumerated() {
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      line += (column == 0 ? "" : "  ") + (rightAligned.contains(column) ? padding + cell : cell + padding)
    }
    while line.last == " " { line.removeLast() }
    return line
  }.joined(separator: "\n")
}
