/// The verdict on a measure.
package enum ChangeVerdict: String, Codable, Sendable, CaseIterable {
  case better, worse, same
  /// The samples could not have shown a change of a size that matters.
  case tooFewData = "too few data"
  /// The measure was taken before, but no longer.
  case vanished
  /// The measure was taken before, but was not planned now.
  case notRun = "not run"
  case new

  /// The verdicts that are listed one by one, the worst first; all other measures stayed the same.
  package static let told: [ChangeVerdict] = [.worse, .vanished, .better, .tooFewData, .notRun, .new]

  /// True for verdicts that make a night fail.
  package var isAlarm: Bool { self == .worse || self == .vanished }
}

/// A measure compared with an earlier one: the samples of both, and the verdict.
package struct Change: Codable, Sendable, Equatable {
  package enum Measure: String, Codable, Sendable {
    /// Nanoseconds per iteration of a micro-benchmark.
    case time
    /// Fractions of the test images, one sample per seed.
    case testError = "test error"
  }

  package let measure: Measure
  /// What is measured: a benchmark's name; a training's experiment, network, weights and epochs.
  package let subject: String
  /// What the measure is compared with, in words: "night 2026-11-22T02-30-00Z", "base 0123abc".
  package let against: String
  package let before, after: [Double]
  /// The two-sided `p` of the rank-sum test; nil if there is nothing to test.
  package let p: Double?
  /// `p` after Holm's correction for all tests of this measure in the night.
  package let correctedP: Double?
  /// The Hodges–Lehmann estimate of the change and its 95 % interval: for times, the ratio after / before; for errors,
  /// the difference after − before; nil if one side is missing.
  package let estimate, low, high: Double?
  package let verdict: ChangeVerdict
  /// The reason for the verdict, in words.
  package let reason: String

  package init(
    measure: Measure, subject: String, against: String, before: [Double], after: [Double], p: Double?,
    correctedP: Double?, estimate: Double?, low: Double?, high: Double?, verdict: ChangeVerdict, reason: String
  ) {
    (self.measure, self.subject, self.against) = (measure, subject, against)
    (self.before, self.after, self.p, self.correctedP) = (before, after, p, correctedP)
    (self.estimate, self.low, self.high) = (estimate, low, high)
    (self.verdict, self.reason) = (verdict, reason)
  }
}
