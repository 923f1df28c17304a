import Files
import Foundation

extension Change {
  /// One line that says what changed, by how much, against what, and why.
  package var text: String {
    var parts: [String] = []
    if let estimate { parts.append(amount(estimate)) }
    if let low, let high { parts.append("from \(amount(low)) to \(amount(high))") }
    if let correctedPInWords { parts.append("p \(correctedPInWords)") }
    return "\(measure.rawValue) of \(subject): " + (parts + ["against \(against): \(reason)"]).joined(separator: ", ")
  }

  /// The corrected `p`, usually with two significant digits; nil if nothing was tested.
  package var correctedPInWords: String? {
    correctedP.map { p in pValue(p, digits: 2) { String(format: "%.\($0)g", p) } }
  }

  /// A ratio of times, or a difference of errors.
  private func amount(_ size: Double) -> String {
    switch measure {
    case .time: "× " + fixed(size, places: 3)
    case .testError: fixed(size * 100, places: 2) + " points"
    }
  }
}
