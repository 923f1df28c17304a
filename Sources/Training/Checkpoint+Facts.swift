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
      ("schedule", schedule.isPossible(in: phase, after: epoch)),
      ("sums", sums.isSound),
      ("bestEpoch", epoch == 0 ? bestEpoch == nil : bestEpoch.map { $0 >= 1 && $0 <= epoch } ?? false),
      ("bestValidationError", (bestEpoch == nil) == (bestValidationError == nil)),
      ("bestValidationError", (0...1).contains(bestValidationError ?? 0)),
    ]
    return checks.first { !$0.holds }?.name
  }
}

/// A checkpoint is not one of a reproduction's trainings, or not as it was written.
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
  /// The file that the checkpoint was read from; nil if it was taken from a training.
  public let path: String?
  /// The network that the checkpoint is of.
  public let network: NetworkKind
  /// What a checkpoint of it must be, and what this one is.
  public let expected, found: String

  public var description: String {
    (path.map { "\($0): " } ?? "")
      + "the checkpoint of \(network.rawValue): expected \(expected), found \(found)"
  }
}

/// What a training has in common with its checkpoint, and with the network that it trained.
package struct TrainingFacts: Encodable {
  private let experiment: Experiment
  private let seed: UInt64
  private let epochs: Int
  private let data: [String]?

  /// - Parameter data: the SHA-256 of the data's files, in their order; nil if a network is compared, whose file does not say them.
  package init(_ experiment: Experiment, seed: UInt64, epochs: Int, data: [String]?) {
    (self.experiment, self.seed, self.epochs, self.data) = (experiment, seed, epochs, data)
  }
}

extension Checkpoint {
  /// The facts of the training that it is of.
  package var training: TrainingFacts {
    TrainingFacts(facts.experiment, seed: facts.seed, epochs: facts.epochs, data: facts.data)
  }

  /// Refuses a checkpoint that is not of one of the networks that a reproduction trains.
  ///
  /// - Throws: `CheckpointError`
  func require(oneOf networks: [NetworkKind], of reproduction: Reproduction) throws {
    let (kind, data) = (facts.network, reproduction.data)
    func refuse(_ expected: String, _ found: String) -> CheckpointError {
      CheckpointError(path: path, network: kind, expected: expected, found: found)
    }
    guard networks.contains(kind) else {
      let names = networks.map(\.rawValue).joined(separator: ", ")
      throw refuse(networks.isEmpty ? "no network to train" : "one of \(names)", kind.rawValue)
    }
    let differences = try FieldDifference.ofConstants(
      between: TrainingFacts(
        reproduction.experiment, seed: reproduction.seed, epochs: reproduction.epochs(of: kind),
        data: data.fileDigests.map(\.sha256)),
      and: training)
    guard differences.isEmpty else {
      throw refuse(differences.words(of: \.first), differences.words(of: \.second))
    }
    let (expected, found) = (reproduction.specification(of: kind), network.specification)
    guard expected == found else { throw refuse(expected.startInWords(as: kind), found.startInWords(as: found.kind)) }
    let steps = Batches.count(samples: data.train.count, batch: reproduction.experiment.batch)
    guard step <= steps else { throw refuse("a step of an epoch's \(steps)", "\(step)") }
  }
}
