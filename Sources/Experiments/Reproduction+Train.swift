import Files
import Networks
import Tensors
import Training

extension Reproduction {
  /// Trains networks, and all networks that they start from, to the end.
  ///
  /// - Parameters:
  ///   - known: networks that are trained already, to start from.
  ///   - real: a real network from a file, to start from, as in `SavedNetwork.asStart(of:)`; it is kept in the directory with its
  ///     errors on the data, and its result is the first.
  ///   - directory: the run's directory, to resume from and to save to; networks finished there are not trained again.
  ///   - line: where to show the progress of training.
  ///   - learned: called with the report of each epoch that is trained.
  ///   - finished: called with each trained network and its result.
  /// - Returns: the results in the order of training.
  /// - Throws: what `trainings(of:startingWith:from:)` throws; `TrainingError`; with a directory, `InterruptionError` if the process is
  ///   asked to stop, and errors from writing files.
  package func train(
    _ networks: Set<NetworkKind>, startingWith known: [NetworkKind: Network<Float>] = [:],
    from real: SavedNetwork? = nil, in directory: RunDirectory? = nil, showing line: ProgressLine? = nil,
    learned: (EpochReport) -> Void = { _ in }, finished: (NetworkResult, Network<Float>) throws -> Void = { _, _ in }
  ) throws -> [NetworkResult] {
    let keeper = directory.map { CheckpointKeeper($0, on: device) }
    var saved = directory?.finished ?? []
    if let real, !saved.contains(where: { $0.result.network == .real }) {
      let start = real.asStart(of: self)
      try directory?.save(start)
      saved.insert(start, at: 0)
    }
    var results = saved.map(\.result)
    var trainings = try trainings(
      of: networks.subtracting(results.map(\.network)),
      startingWith: known.merging(saved.map { ($0.result.network, $0.network) }) { $1 },
      from: directory?.takeCheckpoint())
    while var run = try trainings.next() {
      try directory?.logResumption(with: run)
      while !run.isFinished {
        while let step = try run.step() {
          line?.show(step, of: run)
          try keeper?.keep(run)
        }
        let epoch = run.finishEpoch()
        line?.show(epoch, of: run)
        learned(epoch)
        try keeper?.keep(run, after: epoch)
      }
      guard let network = run.best?.network else { preconditionFailure("Reproduction.train: no epochs") }
      let result = trainings.finish(run)
      results.append(result)
      try directory?.save(
        SavedNetwork(network, of: experiment, seed: seed, result: result, dataNote: experiment.data.note(on: data)))
      try finished(result, network)
    }
    return results
  }
}
