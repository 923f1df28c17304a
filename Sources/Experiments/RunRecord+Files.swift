import Files
import Networks
import Training

extension RunRecord {
  /// What a run's network or checkpoint has in common with the run.
  private struct Facts: Encodable {
    let experiment: Experiment
    let seed: UInt64
    let epochs: Int
    /// SHA-256 of the data's files; nil for a network, whose file does not say them.
    let data: [String]?
  }

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
      Facts(experiment: saved.experiment, seed: saved.seed, epochs: result.epochs, data: nil), of: result.network,
      from: path)
  }

  /// Refuses a checkpoint that is not this run's.
  ///
  /// - Parameter path: the checkpoint's file.
  /// - Throws: `RunDirectoryError`
  func require(_ checkpoint: Checkpoint, from path: String) throws {
    try require(
      Facts(
        experiment: checkpoint.experiment, seed: checkpoint.seed, epochs: checkpoint.epochs, data: checkpoint.facts.data
      ), of: checkpoint.network.kind, from: path)
  }

  private func require(_ found: Facts, of network: NetworkKind, from path: String) throws {
    let expected = Facts(
      experiment: experiment, seed: seed, epochs: epochs(of: network), data: found.data.map { _ in data.map(\.sha256) })
    let differences = try FieldDifference.all(between: expected, and: found)
    guard differences.isEmpty else { throw RunDirectoryError.otherRun(path: path, differences) }
  }
}
