import Files
import Foundation

/// A table of facts, one row per network or epoch, for programs that read CSV or JSON lines; a missing value is an empty cell, or left out.
package struct RecordTable {
  /// A value of a row.
  private enum Cell: Encodable {
    case text(String)
    case integer(Int)
    case number(Double)
    case flag(Bool)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .integer(let number): try container.encode(number)
      case .number(let number): try container.encode(number)
      case .flag(let flag): try container.encode(flag)
      }
    }

    var csv: String {
      switch self {
      case .text(let text): text
      case .integer(let number): "\(number)"
      case .number(let number): CSV.number(number)
      case .flag(let flag): "\(flag)"
      }
    }
  }

  private let columns: [String]
  private let rows: [[String: Cell]]

  /// A header, then one line per row.
  package var csv: String { CSV.text([columns] + rows.map { row in columns.map { row[$0]?.csv ?? "" } }) }

  /// One JSON object per row, each on a line of its own.
  package func jsonLines() throws -> String { try rows.map { try encodeLine($0) + "\n" }.joined() }
}

extension RecordTable {
  /// The networks of runs, those of each run in the order of training. A run without a finished network has one row.
  package init(networksOf runs: [RunSummary]) {
    columns = [
      "run", "begun", "experiment", "data", "architecture", "seed", "state", "network", "weights", "activation",
      "epochs",
      "bestEpoch", "validationError", "testError", "seconds", "parametersSHA256", "signet", "commit", "programs",
      "realSHA256", "dataNote",
    ]
    rows = runs.flatMap { run -> [[String: Cell]] in
      let record = run.run
      // Readers that take numbers as doubles, as JavaScript's do, can confuse integers from 2^53 on.
      let seed: Cell = record.seed < 1 << 53 ? .integer(Int(record.seed)) : .text("\(record.seed)")
      var facts: [String: Cell] = [
        "run": .text(URL(plainPath: run.path).lastPathComponent), "experiment": .text(record.experiment.name),
        "data": .text(record.experiment.data.name), "architecture": .text("\(record.experiment.architecture)"),
        "seed": seed, "state": .text(run.state),
        "signet": .text(record.signet), "programs": .text(run.programsInWords),
      ]
      if let begun = record.begun { facts["begun"] = .text(begun) }
      if let commit = record.commit { facts["commit"] = .text(commit) }
      if let real = record.realSHA256 { facts["realSHA256"] = .text(real) }
      if let note = record.note { facts["dataNote"] = .text(note) }
      if run.results.isEmpty { return [facts] }
      return run.results.map { result in
        facts.merging([
          "network": .text(result.network.rawValue), "weights": .text(result.weights),
          "activation": .text(result.activation), "epochs": .integer(result.epochs),
          "bestEpoch": .integer(result.bestEpoch), "validationError": .number(result.validationError),
          "testError": .number(result.testError), "seconds": .number(result.seconds),
          "parametersSHA256": .text(result.parametersSHA256),
        ]) { $1 }
      }
    }
  }

  /// The epochs of a run.
  package init(epochsOf run: RunSummary) {
    columns = [
      "network", "epoch", "loss", "trainingError", "validationError", "isBest", "stepScale", "seconds", "peakMemory",
      "parametersSHA256",
    ]
    rows = run.epochs.map { epoch in
      let report = epoch.report
      var row: [String: Cell] = [
        "network": .text(report.network.rawValue), "epoch": .integer(report.epoch), "loss": .number(report.loss),
        "trainingError": .number(report.trainingError), "validationError": .number(report.validationError),
        "isBest": .flag(report.isBest), "stepScale": .number(report.learningRateScale),
        "seconds": .number(epoch.seconds), "parametersSHA256": .text(epoch.parametersSHA256),
      ]
      if let memory = epoch.peakMemory { row["peakMemory"] = .integer(memory) }
      return row
    }
  }
}
