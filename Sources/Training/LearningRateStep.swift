/// A factor of the learning rates that applies after some number of epochs, in addition to the factors of earlier steps.
public struct LearningRateStep: Sendable, Equatable, Codable {
  /// The number of epochs after which the factor applies.
  public let epochs: Int
  /// The factor of each learning rate.
  public let factor: Double

  /// - Precondition: `epochs ≥ 1` and `factor > 0`.
  public init(epochs: Int, factor: Double) {
    precondition(epochs >= 1 && factor > 0, "LearningRateStep: factor \(factor) after \(epochs) epochs")
    (self.epochs, self.factor) = (epochs, factor)
  }
}

extension [LearningRateStep] {
  /// The product of the factors that apply after `epochs` completed epochs.
  func scale(after epochs: Int) -> Double {
    reduce(1) { $1.epochs <= epochs ? $0 * $1.factor : $0 }
  }
}
