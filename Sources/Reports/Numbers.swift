import Files
import Foundation
import Statistics

/// How the report writes numbers.
package enum Numbers {
  /// The text for a missing number.
  static let none = "–"

  package static func fixed(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return none }
    let text = String(format: "%.\(places)f", value)
    // A rounded −0 becomes 0, and a hyphen becomes a minus sign.
    guard text.hasPrefix("-") else { return text }
    return text.contains { ("1"..."9").contains($0) } ? "−" + text.dropFirst() : String(text.dropFirst())
  }

  package static func signed(_ value: Double, places: Int) -> String {
    let text = fixed(value, places: places)
    return value.isFinite && value > 0 && !text.hasPrefix("−") ? "+" + text : text
  }

  /// A fraction as a percentage, such as `3.01 %`.
  package static func percent(_ fraction: Double, places: Int = 2) -> String {
    fraction.isFinite ? fixed(fraction * 100, places: places) + " %" : none
  }

  /// A number with three significant digits, or all digits before the point.
  package static func significant(_ value: Double) -> String {
    let size = abs(value)
    if size >= 1e7 && value.isFinite { return String(format: "%.2e", value) }
    return fixed(value, places: size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3)
  }

  /// A number with at most `digits` significant digits and no more than it needs, such as `0.125`, with a point in
  /// every locale.
  package static func shortest(_ value: Double, digits: Int) -> String {
    value.isFinite ? String(format: "%.\(digits)g", value) : ""
  }

  /// How many seeds networks have: `3 seeds`, or `1 to 3 seeds` if they do not have the same number.
  static func seeds(_ counts: [Int]) -> String {
    let (fewest, most) = (counts.min() ?? 0, counts.max() ?? 0)
    return fewest == most ? counted(most, "seed", "seeds") : "\(fewest) to \(most) seeds"
  }

  /// The mean and deviation of fractions, such as `3.01 ± 0.05 %`.
  static func percent(_ spread: Spread) -> String {
    guard let deviation = spread.deviation else { return percent(spread.mean) }
    return "\(fixed(spread.mean * 100, places: 2)) ± \(percent(deviation))"
  }

  /// Nanoseconds in a readable unit, such as `12.3 µs`.
  package static func time(_ nanoseconds: Double) -> String {
    let unit = TimeUnit(for: nanoseconds)
    return nanoseconds.isFinite ? "\(significant(nanoseconds / unit.nanoseconds)) \(unit.rawValue)" : none
  }

  enum TimeUnit: String {
    case ns, µs, ms, s

    var nanoseconds: Double {
      switch self {
      case .ns: 1
      case .µs: 1e3
      case .ms: 1e6
      case .s: 1e9
      }
    }

    /// The largest unit that the time reaches at least once.
    init(for nanoseconds: Double) {
      self = nanoseconds < 1e3 ? .ns : nanoseconds < 1e6 ? .µs : nanoseconds < 1e9 ? .ms : .s
    }
  }

  /// Seconds as a readable duration: `1 h 23 min`, `4 min 5 s`, `3.2 s`.
  package static func duration(_ seconds: Double) -> String {
    guard abs(seconds) < 1e9 else { return none }
    let whole = Int(seconds.rounded())
    if whole >= 3600 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
    return whole >= 60 ? "\(whole / 60) min \(whole % 60) s" : fixed(seconds, places: 1) + " s"
  }

  /// Hours with three significant digits, or all digits before the point; small ones as `< 0.001`.
  static func hours(_ hours: Double) -> String { hours > 0 && hours < 0.001 ? "< 0.001" : significant(hours) }

  static let bytesInMebibyte = 1_048_576.0

  package static func probability(_ p: Double?) -> String {
    guard let p, p.isFinite else { return none }
    return p < 0.0001 ? "< 0.0001" : pValue(p, digits: p < 0.001 ? 4 : 3) { fixed(p, places: $0) }
  }

  /// The day in a night's name: `2026-11-23T02-30-00Z` becomes `23 Nov`; other texts stay as they are.
  package static func day(ofNight name: String) -> String {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = name.prefix(10).split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...12).contains(parts[1]) else { return name }
    return "\(parts[2]) \(months[parts[1] - 1])"
  }

  /// The date and time in a night's name: `2026-11-23T02-30-00Z` becomes `23 Nov 2026, 02:30 UTC`, and `…Z-2` becomes
  /// `23 Nov 2026, 02:30 UTC (2)`; other texts stay as they are.
  package static func moment(ofNight name: String) -> String {
    let parts = name.split(separator: "Z", omittingEmptySubsequences: false)
    let halves = parts[0].split(separator: "T")
    guard parts.count == 2, halves.count == 2, case let time = halves[1].split(separator: "-"), time.count == 3 else {
      return name
    }
    let place = parts[1].isEmpty ? "" : " (\(parts[1].dropFirst()))"
    return "\(day(ofNight: name)) \(name.prefix(4)), \(time[0]):\(time[1]) UTC\(place)"
  }
}

/// The distribution of some numbers.
struct Spread {
  let count: Int
  let mean, median, low, high: Double
  /// The standard deviation, with `n − 1`; nil for a single number.
  let deviation: Double?

  /// Summarizes the finite numbers; nil if there are none.
  init?(_ numbers: [Double]) {
    let sorted = numbers.filter(\.isFinite).sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    let moments = Moments(sorted)
    (count, mean, deviation) = (moments.count, moments.mean, moments.deviation)
    (median, low, high) = (Statistics.median(sorted), first, last)
  }
}
