import Files
import Networks

/// The results of a training step, for the sampled network.
public struct StepReport: Sendable {
  /// Which network.
  public let network: NetworkKind
  /// The epoch, counted from 1, and the total number of epochs.
  public let epoch, epochs: Int
  /// The step, counted from 1, and the number of steps in an epoch.
  public let step, steps: Int
  /// The batch's own mean loss, without the regularizer.
  public let batchLoss: Double
  /// The mean loss of the epoch so far.
  public let loss: Double
  /// The error of the epoch so far, a fraction.
  public let trainingError: Double
}

/// The results of an epoch of training. Errors are fractions.
public struct EpochReport: Sendable, Codable {
  /// Which network.
  public let network: NetworkKind
  /// The epoch, counted from 1, and the total number of epochs.
  public let epoch, epochs: Int
  /// The mean training loss of the sampled network, without the regularizer.
  public let loss: Double
  /// The running training error, a fraction.
  public let trainingError: Double
  /// The validation error of the deployed network.
  public let validationError: Double
  /// True if the validation error is the lowest so far.
  public let isBest: Bool
  /// The schedule's factor of the learning rates in this epoch.
  public let learningRateScale: Double
  /// The bits of each step's own loss, in hexadecimal, 8 digits each in single precision.
  public let lossBits: String

  // The keys that log files have had from the beginning.
  private enum CodingKeys: String, CodingKey {
    case network, epoch, epochs, loss, trainingError, validationError, isBest
    case learningRateScale = "stepScale"
    case lossBits
  }
}

extension EpochReport {
  /// Reads a report, each number of which is one that a training can have.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    network = try values.decode(NetworkKind.self, forKey: .network)
    epochs = try values.decode(.epochs, in: Experiment.Phase.epochCounts)
    epoch = try values.decode(.epoch, in: 1...epochs)
    loss = try values.decode(Double.self, forKey: .loss)
    trainingError = try values.decode(.trainingError, in: 0...1)
    validationError = try values.decode(.validationError, in: 0...1)
    isBest = try values.decode(Bool.self, forKey: .isBest)
    learningRateScale = try values.decode(.learningRateScale, in: 0...Double.greatestFiniteMagnitude)
    lossBits = try values.decode(String.self, forKey: .lossBits)
  }
}
