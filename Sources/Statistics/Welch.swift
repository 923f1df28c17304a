/// Welch's test (1947) that two samples have the same mean, when their variances may differ.
///
/// With means `x̄`, `ȳ` and squared standard errors `u = s²_x / n`, `v = s²_y / m`, the statistic is
/// `t = (ȳ − x̄) / √(u + v)`, compared with Student's distribution of `ν = (u + v)² / (u² / (n − 1) + v² / (m − 1))` degrees of
/// freedom. It takes the samples as independent, and their means as normal.
package struct Welch: Sendable {
  /// The difference of the means, the second less the first.
  package let difference: Double
  /// The standard error of the difference.
  package let error: Double
  /// `ν`.
  package let freedom: Double

  /// Nil if a sample has fewer than two numbers, or if in neither of them one number differs from another: then there is
  /// no test.
  package init?(_ first: [Double], _ second: [Double]) {
    guard first.count > 1, second.count > 1 else { return nil }
    let (x, y) = (Moments(first), Moments(second))
    let sum = x.squaredError + y.squaredError
    guard sum > 0, sum.isFinite else { return nil }
    difference = y.mean - x.mean
    error = sum.squareRoot()
    // Of shares of the sum, so that no square underflows.
    let (u, v) = (x.squaredError / sum, y.squaredError / sum)
    freedom = 1 / (u * u / Double(first.count - 1) + v * v / Double(second.count - 1))
  }

  /// `t`.
  package var statistic: Double { difference / error }

  /// The two-sided p-value, `P(|T| ≥ |t|)`.
  package var p: Double { Self.tails(statistic, freedom: freedom) }

  /// The confidence interval of the difference.
  package func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
    let reach = Self.quantile(1 - confidence, freedom: freedom) * error
    return difference - reach...difference + reach
  }

  /// `P(|T| ≥ |t|) = I_{ν/(ν + t²)}(ν/2, 1/2)` for Student's `T`.
  package static func tails(_ t: Double, freedom: Double) -> Double {
    incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
  }

  /// The `t > 0` with `P(|T| ≥ t) = p`, by bisection to the last digit.
  static func quantile(_ p: Double, freedom: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while tails(high, freedom: freedom) > p { high *= 2 }
    while true {
      let middle = low + (high - low) / 2
      guard low < middle && middle < high else { return high }
      if tails(middle, freedom: freedom) > p { low = middle } else { high = middle }
    }
  }
}

/// Mean and squared standard error of two numbers or more.
private struct Moments {
  let mean, squaredError: Double

  init(_ sample: [Double]) {
    // The mean of equal numbers may be rounded, and would leave a variance that they do not have.
    if sample.allSatisfy({ $0 == sample[0] }) {
      (self.mean, self.squaredError) = (sample[0], 0)
      return
    }
    let n = Double(sample.count)
    let mean = sample.reduce(0, +) / n
    self.mean = mean
    squaredError = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n
  }
}
