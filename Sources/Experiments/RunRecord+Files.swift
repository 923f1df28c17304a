import Files
import Networks
import Training

extension RunRecord {
  /// What a run's network has in common with the run.
  private struct Facts: Encodable {
    let experiment: Experiment
    let seed: UInt64
    let epochs: Int
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
    try Self.refuse(
      FieldDifference.all(
        between: Facts(experiment: experiment, seed: seed, epochs: epochs(of: result.network)),
        and: Facts(experiment: saved.experiment, seed: saved.seed, epochs: result.epochs)), in: path)
  }

  /// Refuses a checkpoint that is not this run's.
  ///
  /// - Parameter path: the checkpoint's file.
  /// - Throws: `RunDirectoryError`
  func require(_ checkpoint: Checkpoint, from path: String) throws {
    try Self.refuse(
      checkpoint.differences(
        from: experiment, seed: seed, epochs: epochs(of: checkpoint.network.kind), data: data.map(\.sha256)), in: path)
  }

  private static func refuse(_ differences: [FieldDifference], in path: String) throws(RunDirectoryError) {
    guard differences.isEmpty else { throw RunDirectoryError.otherRun(path: path, differences) }
  }
}
