import Networks

/// What a step of a training came to, of the sampled network.
public struct StepReport: Sendable {
  /// Which network.
  public let network: NetworkKind
  /// This epoch, from 1, and how many there are.
  public let epoch, epochs: Int
  /// This step, from 1, and how many an epoch has.
  public let step, steps: Int
  /// The batch's own mean loss, without the regularizer.
  public let batchLoss: Double
  /// The mean loss of the epoch so far.
  public let loss: Double
  /// The error of the epoch so far, a fraction.
  public let trainingError: Double
}

/// What an epoch of a training came to. Errors are fractions.
public struct EpochReport: Sendable, Codable {
  /// Which network.
  public let network: NetworkKind
  /// This epoch, from 1, and how many there are.
  public let epoch, epochs: Int
  /// The mean training loss of the sampled network, without the regularizer.
  public let loss: Double
  /// The running error, a fraction.
  public let trainingError: Double
  /// The validation error of the deployed network.
  public let validationError: Double
  /// True for the lowest validation error so far.
  public let isBest: Bool
  /// The schedule's factor of the learning rates in this epoch.
  public let learningRateScale: Double
  /// The bits of each step's own loss, in hexadecimal, 8 digits each in single precision.
  public let lossBits: String

  // As log files have had them from the beginning.
  private enum CodingKeys: String, CodingKey {
    case network, epoch, epochs, loss, trainingError, validationError, isBest
    case learningRateScale = "stepScale"
    case lossBits
  }
}
