import Files
import Statistics

/// The rules for when a change counts, and the only place with the night's constants (**ours**).
package struct Judgement: Sendable {
  /// The chance of any false alarm among a night's tests of one measure.
  package let alpha: Double
  /// The minimum number of samples on either side.
  package let minimumSamples = 5

  package init(alpha: Double = 0.01) { self.alpha = alpha }

  /// The smallest change that matters, however significant: 5 % of a time, 0.2 percentage points of an error.
  package func threshold(of measure: Change.Measure) -> Double {
    switch measure {
    case .time: 1.05
    case .testError: 0.002
    }
  }

  /// The worsening that samples must exclude before they count as the same: 15 % of a time, 2 percentage points of an error.
  package func resolution(of measure: Change.Measure) -> Double {
    switch measure {
    case .time: 1.15
    case .testError: 0.02
    }
  }

  /// The two sides of a measure; either may be missing.
  package struct Pair: Sendable {
    package let subject: String
    /// A description of the first side.
    package let against: String
    package let before, after: [Double]
    /// The verdict that is known without a test, and why; nil if the sides must be tested.
    package let known: (verdict: ChangeVerdict, reason: String)?

    package init(
      _ subject: String, against: String, before: [Double], after: [Double],
      known: (verdict: ChangeVerdict, reason: String)? = nil
    ) {
      (self.subject, self.against, self.known) = (subject, against, known)
      (self.before, self.after) = (before, after)
    }
  }

  /// The verdicts on all measures of one kind. Holm's correction counts only those that are tested.
  package func changes(_ pairs: [Pair], of measure: Change.Measure) -> [Change] {
    let tested = pairs.indices.filter { isTested(pairs[$0]) }
    let p = tested.map { RankSum(before: pairs[$0].before, after: pairs[$0].after).p }
    var found = [(p: Double, corrected: Double)?](repeating: nil, count: pairs.count)
    for (index, p) in zip(tested, zip(p, holm(p))) { found[index] = p }
    return zip(pairs, found).map { change($0, of: measure, p: $1, tests: tested.count) }
  }

  private func isTested(_ pair: Pair) -> Bool {
    pair.known == nil && min(pair.before.count, pair.after.count) >= minimumSamples
  }

  private func change(
    _ pair: Pair, of measure: Change.Measure, p: (Double, corrected: Double)?, tests: Int
  ) -> Change {
    var shift: (estimate: Double, interval: ClosedRange<Double>?)?
    if !pair.before.isEmpty && !pair.after.isEmpty {
      shift = RankSum(before: pair.before, after: pair.after).shift {
        measure == .time ? $1 / $0 : $1 - $0
      }
    }
    let (verdict, reason) = verdict(pair, of: measure, p: p?.corrected, shift: shift, tests: tests)
    return Change(
      measure: measure, subject: pair.subject, against: pair.against, before: pair.before, after: pair.after, p: p?.0,
      correctedP: p?.corrected, estimate: shift?.estimate, low: shift?.interval?.lowerBound,
      high: shift?.interval?.upperBound, verdict: verdict, reason: reason)
  }

  private func verdict(
    _ pair: Pair, of measure: Change.Measure, p: Double?, shift: (estimate: Double, interval: ClosedRange<Double>?)?,
    tests: Int
  ) -> (ChangeVerdict, String) {
    let (n, m) = (pair.before.count, pair.after.count)
    if let known = pair.known { return known }
    // First what is missing now: of a series that no good night measured, both sides are empty.
    if m == 0 { return (.vanished, "it was measured before, but no longer is") }
    if n == 0 { return (.new, "nothing to compare it with") }
    guard let p, let shift else {
      return (.tooFewData, "\(n) and \(m) samples; at least \(minimumSamples) are needed")
    }
    let none = measure == .time ? 1.0 : 0.0
    let threshold = threshold(of: measure)
    let least = 2 * none - threshold
    if p < alpha, shift.estimate >= threshold { return (.worse, "p < \(alpha), and large enough to matter") }
    if p < alpha, shift.estimate <= least { return (.better, "p < \(alpha), and large enough to matter") }
    if RankSum.smallestP(n, m) * Double(tests) >= alpha {
      return (.tooFewData, "\(n) and \(m) samples cannot reach p < \(alpha) among \(tests) tests")
    }
    guard let interval = shift.interval, interval.upperBound < resolution(of: measure) else {
      let more =
        measure == .time
        ? "\(fixed((resolution(of: measure) - 1) * 100, places: 0)) %"
        : "\(fixed(resolution(of: measure) * 100, places: 0)) points"
      return (.tooFewData, "noisy: the interval does not exclude \(more) more")
    }
    return (.same, p < alpha && shift.estimate != none ? "a difference too small to matter" : "no difference shown")
  }
}
