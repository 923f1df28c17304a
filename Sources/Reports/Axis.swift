import Foundation

/// An axis of a chart: its range and its ticks.
package struct Axis {
  /// The quantity shown, or its unit.
  package let label: String
  package let range: ClosedRange<Double>
  package let isLogarithmic: Bool
  package let ticks: [Tick]

  package struct Tick: Equatable, Sendable {
    package let value: Double
    package let label: String
  }

  /// The position of a value: 0 at the start of the range, 1 at its end; values beyond are placed at the nearer end.
  package func position(_ value: Double) -> Double {
    func scale(_ x: Double) -> Double { isLogarithmic ? log(x) : x }
    let inside = min(max(value, range.lowerBound), range.upperBound)
    return (scale(inside) - scale(range.lowerBound)) / (scale(range.upperBound) - scale(range.lowerBound))
  }

  /// The position without bounds: below 0 or above 1 for values beyond the range, but at most a million ranges away.
  func unboundedPosition(_ value: Double) -> Double {
    guard !holds(value) else { return position(value) }
    if isLogarithmic && value <= 0 { return -1 }
    func scale(_ x: Double) -> Double { isLogarithmic ? log(x) : x }
    let (low, high) = (scale(range.lowerBound), scale(range.upperBound))
    return min(max((scale(value) - low) / (high - low), -1e6), 1e6)
  }

  /// Whether a value is within the range, allowing for rounding at its ends.
  func holds(_ value: Double) -> Bool {
    let slack = (range.upperBound - range.lowerBound) * 1e-9
    return range.lowerBound - slack <= value && value <= range.upperBound + slack
  }

  /// Axes do not reach beyond these magnitudes, so that no step overflows.
  private static let smallest = 1e-290
  private static let largest = 1e290

  /// A linear axis with ticks at multiples of 1, 2 or 5 times a power of ten, from the tick below the values to the
  /// tick above.
  package static func linear(
    _ label: String, covering values: [Double], fromZero: Bool = false, wholeNumbers: Bool = false, ticks count: Int = 5
  ) -> Axis {
    let finite = values.filter { abs($0) < largest }
    var low = min(finite.min() ?? 0, fromZero ? 0 : .infinity)
    var high = max(finite.max() ?? 1, fromZero ? 0 : -.infinity)
    // The ends are not far enough apart for ticks between them.
    if high - low <= max(abs(low), abs(high)) * 1e-9 || high - low < smallest {
      let room = max(abs(low), abs(high)) < smallest ? 1 : abs(low) * 0.1
      (low, high) = (fromZero && low >= 0 ? low : low - room, high + room)
    }
    let rough = (high - low) / Double(count)
    let power = pow(10, floor(log10(rough)))
    var step = power * ([1, 2, 5].first { $0 * power >= rough * 0.999 } ?? 10)
    if wholeNumbers { step = max(1, step) }
    let (first, last) = (floor(low / step + 1e-9), ceil(high / step - 1e-9))
    let places = max(0, Int(-floor(log10(step) + 1e-9)))
    let ticks = stride(from: first, through: max(last, first + 1), by: 1).map { index in
      Tick(value: index * step, label: Numbers.fixed(index * step, places: places))
    }
    return Axis(
      label: label, range: (first * step)...(max(last, first + 1) * step), isLogarithmic: false, ticks: ticks)
  }

  /// A logarithmic axis with ticks at 1, 2 and 5 times powers of ten, or at powers of ten alone if those are many.
  /// Values must be positive.
  package static func logarithmic(_ label: String, covering values: [Double]) -> Axis {
    let finite = values.filter { smallest < $0 && $0 < largest }
    let (low, high) = (finite.min() ?? 1, finite.max() ?? 10)
    let exponents = Int(floor(log10(low)))...(Int(floor(log10(high))) + 1)
    func within(_ candidates: [Double]) -> [Double] {
      // The lowest candidate is not above the values, and the highest ones are.
      let first = candidates.count { $0 <= low * 1.000001 } - 1
      let last = candidates.count { $0 < high * 0.999999 }
      return Array(candidates[first...max(last, first + 1)])
    }
    let powers = exponents.map { decimal(1, exponent: $0) }
    let fine = within(exponents.flatMap { exponent in [1, 2, 5].map { decimal($0, exponent: exponent) } })
    let values = fine.count <= 8 ? fine : within(powers)
    return Axis(
      label: label, range: values[0]...values[values.count - 1], isLogarithmic: true,
      ticks: values.map { Tick(value: $0, label: plain($0)) })
  }

  /// `digit · 10^exponent`, rounded once, as for a decimal literal.
  private static func decimal(_ digit: Double, exponent: Int) -> Double {
    exponent < 0 ? digit / pow(10, Double(-exponent)) : digit * pow(10, Double(exponent))
  }

  private static func plain(_ value: Double) -> String {
    Numbers.fixed(value, places: max(0, Int(-floor(log10(value) + 1e-9))))
  }

  /// A logarithmic axis with ticks at powers of two.
  package static func powersOfTwo(_ label: String, covering values: [Int]) -> Axis {
    let (low, high) = (max(1, values.min() ?? 1), max(2, values.max() ?? 1))
    let powers = (0..<63).map { 1 << $0 }.filter { $0 > low / 2 && $0 / 2 < high }
    return Axis(
      label: label, range: Double(powers[0])...Double(powers[powers.count - 1]), isLogarithmic: true,
      ticks: powers.map { Tick(value: Double($0), label: "\($0)") })
  }

  /// A logarithmic axis if the values are positive and span more than a decade, else a linear one from zero.
  package static func fitting(_ label: String, covering values: [Double]) -> Axis {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), low > smallest, high > 10 * low else {
      return linear(label, covering: values, fromZero: true)
    }
    return logarithmic(label.isEmpty ? "log scale" : label + ", log scale", covering: values)
  }

  /// A linear axis for curves that fall steeply at first: from their lowest value to the highest of their tails, if the
  /// part above would take up most of the chart. A tail leaves out the first fifth of a curve of eight points or more,
  /// and the highest fiftieth of the rest.
  package static func tail(_ label: String, of curves: [[Double]]) -> Axis {
    let curves = curves.map { $0.filter(\.isFinite) }.filter { !$0.isEmpty }
    let all = curves.flatMap(\.self)
    guard let low = all.min(), let high = all.max() else { return linear(label, covering: []) }
    let tops = curves.map { curve -> Double in
      guard curve.count >= 8 else { return curve.max() ?? high }
      let tail = curve.dropFirst(max(3, curve.count / 5)).sorted()
      return max(tail[tail.count - 1 - tail.count / 50], curve[curve.count - 1])
    }
    let top = tops.max() ?? high
    let isSteep = high - low > 1.7 * (top - low)
    // Curves that fall to their final value at once would leave no range.
    let reach = isSteep ? max(top, low + (high - low) * 0.02) : high
    return linear(label, covering: [low, reach])
  }

  /// An axis of places 0, 1, … with a name each, of which at most five are shown: the last, and others at equal distances.
  package static func places(_ label: String, names: [String]) -> Axis {
    let distance = max(1, (names.count + 4) / 5)
    let ticks = names.indices.filter { (names.count - 1 - $0) % distance == 0 }
    return Axis(
      label: label, range: -0.5...(max(Double(names.count), 1) - 0.5), isLogarithmic: false,
      ticks: ticks.map { Tick(value: Double($0), label: names[$0]) })
  }
}
