import Networks
import Training

extension RunSummary {
  /// The record of one of the run's results, with its learning curve.
  ///
  /// - Throws: `CollectionError` if it is not known exactly what the network depends on, or if the log is not the network's.
  package func record(of result: NetworkResult) throws -> Sweep.Record {
    let versions = Set(programs.map(\.signet))
    func refused(_ found: String) -> CollectionError {
      CollectionError(path: path, network: result.network, found: found)
    }
    guard versions.count == 1 else {
      throw refused("a run of several: \(versions.sorted().joined(separator: ", "))")
    }
    let order = NetworkKind.trainingOrder(of: [result.network], initialization: run.experiment.method.initialization)
    if run.realSHA256 != nil && order.contains(.real) { throw refused("a real network that was read from a file") }
    let epochs = epochs(of: result.network).map(\.report)
    guard !epochs.isEmpty, epochs.count == result.epochs, epochs.map(\.epoch) == Array(1...epochs.count) else {
      throw refused("\(epochs.count) epochs in the log of a network of \(result.epochs)")
    }
    let record = Sweep.Record(
      experiment: run.experiment.name, seed: run.seed, realEpochs: run.effectiveExperiment.real.epochs, result: result,
      origin: run.origin(of: result.network),
      run: Sweep.Record.Run(
        programs: programs.map(\.description), machine: .init(run.host), begun: run.begun, resumptions: resumptions,
        dataNote: run.note),
      learningCurve: .init(epochs))
    guard record.isConsistent else { throw refused("a result that is not that of the run's settings or of its log") }
    return record
  }
}

/// A network's result cannot be recorded, because what it depends on is not known exactly.
package struct CollectionError: Error, CustomStringConvertible {
  package let path: String
  package let network: NetworkKind
  package let found: String

  package var description: String {
    "\(path): expected \(network.rawValue), trained by one version from the run's own settings and data, found \(found)"
  }
}
