/// What a training tells while it goes on. Telling changes nothing.
public enum TrainingEvent: Sendable {
  case step(StepReport)
  case epoch(EpochReport)
}

/// After a step. Loss and error are running means over the epoch so far, of the sampled network.
public struct StepReport: Sendable {
  public let network: NetworkKind
  public let epoch, epochs: Int
  public let step, steps: Int
  public let loss: Double
  public let trainingError: Double
}

/// After an epoch. Errors are fractions.
public struct EpochReport: Sendable, Codable {
  public let network: NetworkKind
  public let epoch, epochs: Int
  /// The mean training loss of the sampled network, without the regularizer.
  public let loss: Double
  public let trainingError: Double
  /// Of the deployed network.
  public let validationError: Double
  /// True for the lowest validation error so far.
  public let isBest: Bool
  /// The schedule's factor in this epoch.
  public let stepScale: Double
}
