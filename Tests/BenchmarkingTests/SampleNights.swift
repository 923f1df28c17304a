import Benchmarking
import Foundation
import Training

/// A history as it might be: twelve nights with noise, one benchmark that became slower in the seventh, and a verdict
/// "worse" tonight.
enum SampleNights {
  /// Numbers between 0 and 1 that look random.
  struct Noise {
    var state: UInt64
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    /// About normal, of deviation 1.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + next() } }
  }

  static let benchmarks: [(name: String, nanoseconds: Double)] = [
    ("matrix product 100×784×1200", 3_410_000), ("convolution 32C5, batch 100", 18_600_000),
    ("erf of 1,000,000 floats", 2_120_000), ("training step, digits discrete-sign", 412_000),
    ("Philox, 1,000,000 words", 1_840_000), ("packed product 1200×1200 & \"threshold\" <sign>", 912),
    ("gradient_of_the_reparameterized_convolution_with_batch_normalization_in_float", 48_200_000),
  ]

  static let host = Night.Host(system: "Linux 6.1", processor: "AMD EPYC 7B13", cores: 2, kernels: "avx2")

  static func nights(_ count: Int = 12) -> [Night] {
    var noise = Noise(state: 7)
    return (0..<count).map { index in
      let day = 12 + index
      var night = Night(
        name: "2026-11-\(day)T02-30-00Z", signet: "0.6.0", commit: "1dfcee7f0c2a", isModified: false, host: host,
        command: "ci/nightly --experiments digits,mnist-pi --budget 90m")
      night.seconds = 4_980 + 60 * noise.normal()
      night.verification = [("ops", 518), ("sign", 42), ("gradients", 318), ("traces", 29), ("results", 3)].map {
        .init(suite: $0.0, cases: $0.1, failures: [], seconds: 2 + 9 * noise.next())
      }
      night.benchmarks = benchmarks.enumerated().map { place, benchmark in
        let level = place == 1 && index >= 6 ? 1.14 : place == 4 && index >= 3 ? 0.88 : 1
        let tonight = level * (1 + 0.006 * noise.normal())
        return BenchmarkSamples(
          name: benchmark.name,
          rounds: (0..<9).map { _ in benchmark.nanoseconds * tonight * (1 + 0.012 * abs(noise.normal())) })
      }
      night.trainings = trainings(&noise, withCurves: index == count - 1)
      return night
    }
  }

  /// The same with tonight's verdicts.
  static func history() -> [Night] {
    var nights = nights()
    nights[nights.count - 1].changes = changes(nights)
    nights[nights.count - 1].remarks = ["The time of the night ended before cifar-10: 0 of its 5 trainings were begun."]
    return nights
  }

  private static func changes(_ nights: [Night]) -> [Change] {
    let (before, after) = (nights[nights.count - 2], nights[nights.count - 1])
    let against = "night \(before.name)"
    func rounds(_ night: Night, _ place: Int) -> [Double] { night.benchmarks[place].rounds }
    func time(_ place: Int, _ verdict: ChangeVerdict, _ ratio: Double, p: Double, _ reason: String) -> Change {
      change(
        .time, benchmarks[place].name, against: against,
        before: rounds(before, place).map { verdict == .worse ? $0 / ratio : $0 }, after: rounds(after, place), p: p,
        estimate: (ratio, ratio - 0.014, ratio + 0.013), verdict, reason)
    }
    return [
      time(0, .same, 1.003, p: 1, "the interval lies within ±3 %"),
      time(1, .worse, 1.112, p: 0.00004, "slower by more than 3 %, p below 0.01"),
      time(2, .same, 0.997, p: 1, "the interval lies within ±3 %"),
      time(3, .tooFewData, 1.021, p: 0.31, "9 rounds could not have shown a change of 3 % in this noise"),
      time(4, .same, 1.001, p: 1, "the interval lies within ±3 %"),
      change(
        .time, "softmax of 100×10", against: against, before: [8_120, 8_200, 8_090], after: [], p: nil, estimate: nil,
        .vanished, "measured in the night before, not tonight"),
      change(
        .testError, "mnist-pi discrete-sign ternary, 3 + 3 epochs", against: against,
        before: [0.0304, 0.0299, 0.0299], after: [0.0287, 0.0291, 0.0284], p: 0.2, estimate: (-0.0013, -0.002, -0.0008),
        .better, "all seeds are lower"),
      change(
        .testError, "digits real, 60 epochs", against: "base 0123abc", before: [0.0225, 0.0250],
        after: [0.0225, 0.0250], p: 1, estimate: (0, 0, 0), .same, "the same bits"),
    ]
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
