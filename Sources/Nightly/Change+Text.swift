import Files
import Foundation
import Statistics

extension Change {
  /// One line that says what changed, by how much, against what, and why.
  package var text: String {
    var parts: [String] = []
    if let estimate { parts.append(amount(estimate)) }
    if let low, let high { parts.append("from \(amount(low)) to \(amount(high))") }
    if let correctedP { parts.append("p \(String(format: "%.2g", correctedP))") }
    return "\(measure.rawValue) of \(subject): " + (parts + ["against \(against): \(reason)"]).joined(separator: ", ")
  }

  /// A ratio of times, or a difference of errors.
  private func amount(_ size: Double) -> String {
    switch measure {
    case .time: "× " + fixed(size, places: 3)
    case .testError: fixed(size * 100, places: 2) + " points"
    }
  }
}

extension [Change] {
  /// A table with a row for each benchmark of two programs.
  package var timeTable: String {
    func time(_ samples: [Double]) -> String {
      samples.isEmpty ? "" : fixed(median(samples) / 1e6, places: 3) + " ms"
    }
    let rows = map { change in
      [
        change.subject, time(change.before), time(change.after),
        change.estimate.map { "× " + fixed($0, places: 3) } ?? "",
        change.low.flatMap { low in change.high.map { "\(fixed(low, places: 3)) to \(fixed($0, places: 3))" } } ?? "",
        change.correctedP.map { String(format: "%.2g", $0) } ?? "", change.verdict.rawValue,
      ]
    }
    return alignedTable(
      [["benchmark", "base", "package", "ratio", "95 % interval", "corrected p", "verdict"]] + rows,
      rightAligned: [1, 2, 3, 4, 5])
  }
}
