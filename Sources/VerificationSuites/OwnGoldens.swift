import Files
import Tensors
import Verification

// Every golden of our own except the help texts, which the program adds.

extension OwnGolden {
  /// The traces, the results and the tolerance table.
  package static func all(on device: Device) -> [OwnGolden] {
    [tolerances] + TraceExperiment.all.map { trace($0, on: device) }
      + ErrorExperiment.all.map { results($0, on: device) }
  }

  private static func trace(_ trace: TraceExperiment, on device: Device) -> OwnGolden {
    OwnGolden("traces/\(trace.name).json") {
      try encodeJSON(trace.record(on: device)) + "\n"
    } differences: { golden, found in
      let (golden, found) = (try decode(Trace.self, golden), try decode(Trace.self, found))
      return [found.firstDivergence(from: golden).map { "first divergence: \($0)" } ?? "no bit differs"]
    }
  }

  private static func results(_ experiment: ErrorExperiment, on device: Device) -> OwnGolden {
    OwnGolden("results/\(experiment.name).json") {
      try encodeJSON(experiment.run(on: device)) + "\n"
    } differences: { golden, found in
      let (golden, found) = (try decode(ErrorResults.self, golden), try decode(ErrorResults.self, found))
      guard golden.networks.map(\.network) == found.networks.map(\.network) else {
        return ["expected \(golden.trainings)", "found \(found.trainings)"]
      }
      return zip(golden.networks, found.networks).map {
        "\($0.network.rawValue): mean test error \($0.mean), now \($1.mean)"
      }
    }
  }

  private static let tolerances = OwnGolden("tolerances.json") {
    // One row per line, so that a changed row is a single line of a diff.
    let rows = try ToleranceTable.rows.sorted { ($0.operation, $0.scalar) < ($1.operation, $1.scalar) }.map(encodeLine)
    return "[\n" + rows.joined(separator: ",\n") + "\n]\n"
  }
}

private func decode<Value: Decodable>(_: Value.Type, _ path: String) throws -> Value {
  try Value.decode(GoldenError.contents(of: path), named: path)
}
