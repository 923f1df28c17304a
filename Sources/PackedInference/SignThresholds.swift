/// Where the sign of each channel of a layer changes, as a rule on its integer sum: −1 where `(sum < threshold) ≠ flip`, else +1
/// (`Method.md` §6).
///
/// The sign of the deployed network is that of a chain of operations in Scalar, each of which never falls, or never rises, as the
/// integer grows: multiplication by a constant, subtraction of a mean, multiplication by a factor, addition of a shift; rounding never
/// changes an order. So there is at most one change, which bisection finds by evaluating that chain itself. No algebra is done, and
/// so there are no ties to lose.
struct SignThresholds: Equatable, Sendable {
  /// Of a channel whose sign never changes, the least number.
  private(set) var thresholds: [Int32]
  private(set) var flips: [Bool]

  /// The rules for the sums in `reachable`, one range a channel.
  ///
  /// - Parameter arePositive: whether the chain's result is at least 0, given a sum for each channel.
  init(over reachable: [ClosedRange<Int32>], _ arePositive: ([Int32]) -> [Bool]) {
    var (low, high) = (reachable.map(\.lowerBound), reachable.map(\.upperBound))
    let (first, last) = (arePositive(low), arePositive(high))
    // From here on `low` has the sign of the least sum and `high` that of the largest one, in every channel that changes.
    while zip(low, high).contains(where: { $1 - $0 > 1 }) {
      let middle = zip(low, high).map { $0 + ($1 - $0) / 2 }
      for (channel, isPositive) in arePositive(middle).enumerated() {
        if isPositive == first[channel] { low[channel] = middle[channel] } else { high[channel] = middle[channel] }
      }
    }
    thresholds = high
    flips = first
    for channel in first.indices where first[channel] == last[channel] {
      (thresholds[channel], flips[channel]) = (.min, !first[channel])
    }
  }

  /// Rules that are known already.
  init(thresholds: [Int32], flips: [Bool]) { (self.thresholds, self.flips) = (thresholds, flips) }
}
