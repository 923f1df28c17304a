import Files
import Networks
import Training

extension RunRecord {
  /// Refuses a network that is not this run's. Of a real one from another run (`--real`), the digest is recorded.
  ///
  /// - Parameter path: the network's file.
  /// - Throws: `RunDirectoryError`
  func require(_ saved: SavedNetwork, from path: String) throws {
    let result = saved.result
    if result.network == .real, let realSHA256 {
      guard result.parametersSHA256 == realSHA256 else {
        throw RunDirectoryError.otherRun(
          path: path,
          [FieldDifference(field: "parametersSHA256", first: realSHA256, second: result.parametersSHA256)])
      }
      return
    }
    try require(
      TrainingFacts(saved.experiment, seed: saved.seed, epochs: result.epochs, data: nil), of: result.network,
      data: nil, from: path)
  }

  /// Refuses a checkpoint that is not this run's.
  ///
  /// - Parameter path: the checkpoint's file.
  /// - Throws: `RunDirectoryError`
  func require(_ checkpoint: Checkpoint, from path: String) throws {
    try require(checkpoint.training, of: checkpoint.network.kind, data: data.map(\.sha256), from: path)
  }

  private func require(_ found: TrainingFacts, of network: NetworkKind, data: [String]?, from path: String) throws {
    let expected = TrainingFacts(experiment, seed: seed, epochs: epochs(of: network), data: data)
    let differences = try FieldDifference.ofConstants(between: expected, and: found)
    guard differences.isEmpty else { throw RunDirectoryError.otherRun(path: path, differences) }
  }
}
