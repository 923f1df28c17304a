import Benchmarking
import Foundation
import Nightly
import Reports
import TestSupport
import Training
import Verification
import VerificationSuites

/// A history as it might be, by the rules of real nights: plans, verdicts and states are computed as `signet night run` computes
/// them. One benchmark became slower in the seventh night, which somebody accepted; tonight another did, one vanished, a training
/// failed, and the time was over before the last.
enum SampleNights {
  static let benchmarks: [(name: String, nanoseconds: Double)] = [
    ("matrix product 100×784×1200", 3_410_000), ("convolution 32C5, batch 100", 18_600_000),
    ("erf of 1,000,000 floats", 2_120_000), ("training step, digits discrete-sign", 412_000),
    ("Philox, 1,000,000 words", 1_840_000), ("packed product 1200×1200 & \"threshold\" <sign>", 912),
    ("gradient_of_the_reparameterized_convolution_with_batch_normalization_in_float", 48_200_000),
  ]

  static let host = Night.Host(system: "Linux 6.1", processor: "AMD EPYC 7B13", cores: 2, kernels: "avx2")

  /// Nights without trouble tonight.
  static func nights(_ count: Int = 12) -> [Night] { nights(count, isTroubled: false) }

  /// The same with trouble tonight.
  static func history() -> [Night] { troubled }
  private static let troubled = nights(12, isTroubled: true)

  private static func nights(_ count: Int, isTroubled: Bool) -> [Night] {
    var noise = TestNumbers(seed: 7)
    var nights: [Night] = []
    for index in 0..<count {
      nights.append(
        night(index, after: nights, isLast: index == count - 1, isTroubled: isTroubled && index == count - 1, &noise))
    }
    return nights
  }

  private static func night(
    _ index: Int, after nights: [Night], isLast: Bool, isTroubled: Bool, _ noise: inout TestNumbers
  ) -> Night {
    let history = NightHistory(nights)
    let suites = VerificationSuite.allCases.map(\.rawValue)
    var night = Night(
      name: "2026-11-\(12 + index)T02-30-00Z", number: history.nextNumber,
      plan: Night.plan(suites: suites, benchmarks: true, baseline: history.lastTimed, jobs: jobs),
      signet: "0.6.0", commit: "1dfcee7f0c2a", isModified: false, host: host,
      command: "ci/nightly --data data/mnist --budget 90")
    night.seconds = 4_980 + 60 * noise.normal()
    for (place, suite) in suites.enumerated() {
      night.add(.init(suite: suite, cases: 18 + 31 * place, failures: [], seconds: 2 + 9 * noise.uniform()))
    }
    night.benchmarks = rounds(index, isTroubled: isTroubled, &noise)
    night.mark(all: .benchmarks, .done)
    if let base = history.lastTimed, let place = nights.firstIndex(of: base) {
      night.changes += Judgement().timeChanges(
        night.benchmarks,
        against: [("night \(base.name) (1dfcee7f0c2a)", rounds(place, isTroubled: false, &noise))])
      night.mark(all: .comparison, .done)
    }
    train(&night, isLast: isLast, isTroubled: isTroubled)
    night.changes += Judgement().errorChanges(history, tonight: night)
    if index == 6 { night.accepted = "the convolution has an order of its sums now" }
    night.isFinished = true
    return night
  }

  /// A night's rounds of all benchmarks. One vanishes in a night with trouble, and another is slower.
  private static func rounds(_ index: Int, isTroubled: Bool, _ noise: inout TestNumbers) -> [BenchmarkSamples] {
    var samples = benchmarks.enumerated().map { place, benchmark in
      let level = place == 1 && index >= 6 ? 1.14 : place == 4 && index >= 3 ? 0.88 : 1
      let tonight = level * (isTroubled && place == 1 ? 1.112 : 1) * (1 + 0.003 * noise.normal())
      return BenchmarkSamples(
        name: benchmark.name,
        rounds: (0..<10).map { _ in benchmark.nanoseconds * tonight * (1 + 0.012 * abs(noise.normal())) })
    }
    if isTroubled { samples.removeLast() }
    return samples
  }

  static func change(
    _ measure: Change.Measure, _ subject: String, against: String, before: [Double], after: [Double], p: Double?,
    estimate: (middle: Double, low: Double, high: Double)?, _ verdict: ChangeVerdict, _ reason: String
  ) -> Change {
    Change(
      measure: measure, subject: subject, against: against, before: before, after: after, p: p, correctedP: p,
      estimate: estimate?.middle, low: estimate?.low, high: estimate?.high, verdict: verdict, reason: reason)
  }
}
