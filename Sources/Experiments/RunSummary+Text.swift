import Files
import Networks
import Training

extension RunSummary {
  /// What the run was a function of, its networks, and their learning curves.
  package var text: String {
    let host = run.host
    var lines = [
      "\(path): \(run.experiment.name), \(run.experiment.architecture), \(run.experiment.method.weights), "
        + "seed \(run.seed): \(state)",
      "signet \(run.program), \(run.compiler), "
        + "\(host.processor), \(host.threads) \(host.threads == 1 ? "thread" : "threads"), \(host.kernels) kernels",
    ]
    if let begun = run.begun { lines.append("begun \(begun)") }
    for file in run.data { lines.append("data \(file.file) \(file.sha256)") }
    if resumptions > 0 { lines.append("resumed \(resumptions) times") }
    for network in NetworkKind.allCases where !epochs(of: network).isEmpty { lines += [""] + curve(of: network) }
    return lines.joined(separator: "\n")
  }

  private func curve(of network: NetworkKind) -> [String] {
    let epochs = epochs(of: network)
    let result = results.first { $0.network == network }
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
private func sparkline(_ numbers: [Double], width: Int = 60) -> String {
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
