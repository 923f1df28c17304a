import Files
import Verification

extension [SuiteResult] {
  /// A table with a row for each suite.
  package var summaryTable: String {
    let header = ["suite", "cases", "fields", "bit-exact", "within tolerance", "failures", "seconds"]
    let rows = map { result in
      [
        result.suite, "\(result.cases)", "\(result.counts.fields)", "\(result.counts.bitExact)",
        "\(result.counts.withinTolerance)", "\(result.failures.count)", fixed(result.seconds, places: 1),
      ]
    }
    return alignedTable([header] + rows, rightAligned: [1, 2, 3, 4, 5, 6])
  }

  /// A table with a row for each operation: its largest error and the allowed one.
  package var operationTable: String {
    let header = ["operation, precision", "fields", "bit-exact", "largest error", "allowed"]
    let rows = flatMap { $0.operations.sorted { $0.key < $1.key } }.map { name, counts in
      let errors = counts.unit.map { unit in
        [(counts.largestError, 2), (counts.allowedError, 0)].map { "\(fixed($0, places: $1)) \(unit.rawValue)" }
      }
      return [name, "\(counts.fields)", "\(counts.bitExact)"] + (errors ?? ["0", ""])
    }
    return alignedTable([header] + rows, rightAligned: [1, 2, 3, 4])
  }
}

/// A verification found differences from the goldens.
package struct NotVerified: Error, CustomStringConvertible {
  /// The things that should not have been found, such as failures.
  package let what: String
  package let count: Int

  package init(what: String, count: Int) { (self.what, self.count) = (what, count) }

  package var description: String { "expected no \(what), found \(count)" }
}
