/// Halves the learning rates when the validation error stops falling (`Method.md` §4).
///
/// After epoch `e`, with `b` the first epoch of the lowest error and `l` that of the last reduction (−1 at first): if
/// `e − l ≥ cooldown` and `e − max(b, l) ≥ patience`, the scale is halved and `l = e`.
public struct PlateauSchedule: Sendable, Equatable, Codable {
  /// The smallest number of epochs between two reductions.
  public let cooldown: Int
  /// The number of epochs without a lower error before a reduction.
  public let patience: Int
  /// The factor of every learning rate.
  public private(set) var scale: Double
  private var bestEpoch = 0
  /// The lowest error so far; nil before the first epoch.
  private var bestError: Double?
  private var lastReduction = -1

  /// A schedule at its start.
  public init(cooldown: Int, patience: Int, scale: Double = 1) {
    self.cooldown = cooldown
    self.patience = patience
    self.scale = scale
  }

  /// Whether a training with the constants of this phase can have this schedule after so many epochs.
  func isPossible(in phase: Experiment.Phase, after epochs: Int) -> Bool {
    let epochs = max(epochs, 0)
    // After more than a thousand reductions, the scale is 0.
    let smallest = Double(sign: .plus, exponent: -epochs, significand: 1)
    return cooldown == phase.cooldown && patience == phase.patience && (smallest...1).contains(scale)
      && (0..<max(epochs, 1)).contains(bestEpoch) && (-1..<epochs).contains(lastReduction)
  }

  /// Records an epoch's validation error; epochs are counted from 0.
  public mutating func record(epoch: Int, error: Double) {
    if error < bestError ?? .infinity { (bestEpoch, bestError) = (epoch, error) }
    if epoch - lastReduction >= cooldown && epoch - max(bestEpoch, lastReduction) >= patience {
      scale /= 2
      lastReduction = epoch
    }
  }
}
