import Files
import Golden
import Tensors
import Training
import Verification

/// Compares short trainings with their golden traces, bit for bit.
package enum TraceSuite {
  package static func cases(_ folder: GoldenFolder, on device: Device) -> [VerificationCase] {
    TraceExperiment.all.map { trace in
      let place = device.identity == nil ? counted(device.threads, "thread", "threads") : device.name
      return VerificationCase("\(trace.name), \(place)") {
        let golden = try Trace.decode("traces/\(trace.name).json", from: folder)
        return [result(of: trace.name, try trace.record(on: device), golden)]
      }
    }
  }

  /// The result for a trace: bit-exact, or outside with the first divergence.
  package static func result(of name: String, _ trace: Trace, _ golden: Trace) -> FieldResult {
    let what =
      "\(name) (Golden/traces/\(name).json; if intended: signet golden accept traces/\(name).json --reason …)"
    let deviation = trace.firstDivergence(from: golden).map {
      Deviation(kind: .bits, description: "\(what): first divergence: \($0)")
    }
    return FieldResult(what, operation: "trace, Float", deviation.map { .outside($0) } ?? .bitExact)
  }
}
