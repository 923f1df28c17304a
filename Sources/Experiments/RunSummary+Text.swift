import Files
import Networks
import Training

extension RunSummary {
  /// What determined the run's result, its networks, and their learning curves.
  ///
  /// - Parameter width: the terminal's width in characters.
  package func text(width: Int) -> String {
    let host = run.host
    var lines = [
      "\(path): \(run.experiment.name), \(run.experiment.architecture), \(run.weights), "
        + "seed \(run.seed): \(state)",
      "signet \(programsInWords); \(run.compiler), "
        + "\(host.processor), \(counted(host.threads, "thread", "threads")), \(host.kernels) kernels"
        + (host.device.map { ", computed on \($0)" } ?? ""),
    ]
    if let begun = run.begun { lines.append("begun \(begun)") }
    for file in run.data { lines.append("data \(file.file) \(file.sha256)") }
    if let real = run.realNetworkInWords { lines.append("real network \(real)") }
    if let note = run.note { lines += note.split(separator: "\n").map(String.init) }
    if resumptions > 0 { lines.append("resumed \(counted(resumptions, "time", "times"))") }
    for network in NetworkKind.allCases where !epochs(of: network).isEmpty {
      lines += [""] + curve(of: network, width: width)
    }
    return lines.map(oneLine).joined(separator: "\n")
  }

  private func curve(of network: NetworkKind, width: Int) -> [String] {
    let epochs = epochs(of: network)
    let result = result(of: network)
    let last = epochs[epochs.count - 1]
    let lowest = bestEpoch(of: network) ?? last
    let memory = last.peakMemory.map { ", peak memory \(fixed(Double($0) / 1e6, places: 0)) MB" } ?? ""
    let range = (first: epochs[0].report.epoch, last: last.report.epoch)
    let charts = [
      TerminalChart(
        title: "validation error", values: epochs.map(\.report.validationError), epochs: range, format: percent),
      TerminalChart(
        title: "training loss", values: epochs.map(\.report.loss), epochs: range,
        format: { fixed($0, places: 4) }),
    ]
    let best =
      "  best epoch \(lowest.report.epoch): validation error \(percent(lowest.report.validationError))"
      + (result.map { ", test error \(percent($0.testError))" } ?? "")
    let head =
      "\(network.rawValue): epoch \(last.report.epoch)/\(last.report.epochs), "
      + "\(fixed(result?.seconds ?? last.seconds, places: 1)) s\(memory)"
    return [head, best] + (result.map { ["  parameters \($0.parametersSHA256)"] } ?? [])
      + charts.flatMap { $0.lines(width: width) }
  }
}
