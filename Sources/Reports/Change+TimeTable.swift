import Files
import Nightly
import Statistics

extension [Change] {
  /// A table with a row for each benchmark of two programs.
  package var timeTable: String {
    func time(_ samples: [Double]) -> String { samples.isEmpty ? "" : Numbers.time(median(samples)) }
    let rows = map { change in
      [
        change.subject, time(change.before), time(change.after),
        change.estimate.map { "× " + fixed($0, places: 3) } ?? "",
        change.low.flatMap { low in change.high.map { "\(fixed(low, places: 3)) to \(fixed($0, places: 3))" } } ?? "",
        change.correctedPInWords ?? "", change.verdict.rawValue,
      ]
    }
    return alignedTable(
      [["benchmark", "base", "package", "ratio", "95 % interval", "corrected p", "verdict"]] + rows,
      rightAligned: [1, 2, 3, 4, 5])
  }
}
