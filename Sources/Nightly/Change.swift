/// What became of a measure.
package enum ChangeVerdict: String, Codable, Sendable, CaseIterable {
  case better, worse, same
  /// Samples that could not have shown a change of the size that matters.
  case tooFewData = "too few data"
  /// It was measured before, and no more.
  case vanished
  /// It was measured before, and was not to be measured now.
  case notRun = "not run"
  case new

  /// What is told one by one, the worst first; the rest stayed the same.
  package static let told: [ChangeVerdict] = [.worse, .vanished, .better, .tooFewData, .notRun, .new]

  /// True of those that make a night fail.
  package var isAlarm: Bool { self == .worse || self == .vanished }
}

/// A measure beside what it was: samples of both, and the verdict.
package struct Change: Codable, Sendable, Equatable {
  package enum Measure: String, Codable, Sendable {
    /// Nanoseconds an iteration of a micro-benchmark.
    case time
    /// Fractions of the test images, a sample each seed.
    case testError = "test error"
  }

  package let measure: Measure
  /// What is measured: a benchmark's name; a training's experiment, network, weights and epochs.
  package let subject: String
  /// What it is compared with, in words: "night 2026-11-22T02-30-00Z", "base 0123abc".
  package let against: String
  package let before, after: [Double]
  /// Two-sided, of the rank-sum test; nil where there is nothing to test.
  package let p: Double?
  /// `p` after Holm's correction for all tests of this measure in the night.
  package let correctedP: Double?
  /// The Hodges–Lehmann estimate of the change and its 95 % interval: of times the ratio after / before, of errors the
  /// difference after − before; nil where one side is missing.
  package let estimate, low, high: Double?
  package let verdict: ChangeVerdict
  /// Why, in words.
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
