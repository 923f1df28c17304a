import Files
import Networks

extension Checkpoint {
  /// The contents of a checkpoint's metadata.
  package struct Facts: Codable, Equatable {
    package let version: Int
    package let experiment: Experiment
    package let seed: UInt64
    package let network: NetworkKind
    /// The SHA-256 of the data's files, in their order.
    package let data: [String]
    /// The total number of epochs, the number of completed epochs, and the number of completed steps of the next one.
    package let epochs, epoch, step: Int
    /// Seconds of training so far.
    package let seconds: Double
    let time: Int
    let schedule: PlateauSchedule
    let sums: EpochSums<Float>
    let bestEpoch: Int?
    let bestValidationError: Double?
  }
}

extension Checkpoint.Facts {
  /// The constants of the network's training.
  var phase: Experiment.Phase {
    var phase = experiment.phase(of: network)
    phase.epochs = epochs
    return phase
  }

  /// The name of the first fact that no training can have; nil if there is none.
  var fault: String? {
    let checks: [(name: String, holds: Bool)] = [
      ("epochs", Experiment.Phase.epochCounts.contains(epochs)),
      ("epoch", epoch >= 0 && epoch <= epochs),
      ("step", step >= 0 && (step == 0 || epoch < epochs)),
      ("seconds", possibleSeconds.contains(seconds)),
      ("time", time >= 0 && time <= 1 << 53),
      ("schedule", schedule.isSound),
      ("sums", sums.isSound),
      ("bestEpoch", epoch == 0 ? bestEpoch == nil : bestEpoch.map { $0 >= 1 && $0 <= epoch } ?? false),
      ("bestValidationError", (bestEpoch == nil) == (bestValidationError == nil)),
      ("bestValidationError", (0...1).contains(bestValidationError ?? 0)),
    ]
    return checks.first { !$0.holds }?.name
  }
}
