import Foundation

// Numbers and tables as text, and lists in options.

/// A fraction as a percentage: `3.01 %`.
package func percent(_ fraction: Double) -> String { fixed(fraction * 100, places: 2) + " %" }

/// A number with `places` digits after the decimal point.
package func fixed(_ value: Double, places: Int) -> String { String(format: "%.\(places)f", value) }

/// A p-value's text with at least so many digits, and with more where these would round it up to a 1, 2 or 5 of a decimal place: to a
/// level of significance, such as 0.05, that it is below.
package func pValue(_ p: Double, digits: Int, _ text: (_ digits: Int) -> String) -> String {
  func isRoundedUp(_ written: String) -> Bool {
    let digits = written.prefix { $0 != "e" }.filter { ("1"..."9").contains($0) }
    return (Double(written) ?? p) > p && ["1", "2", "5"].contains(digits)
  }
  var digits = digits
  while digits < 20, isRoundedUp(text(digits)) { digits += 1 }
  return text(digits)
}

/// A number of things: `1 thread`, `2 threads`.
package func counted(_ number: Int, _ one: String, _ many: String) -> String {
  "\(number) \(number == 1 ? one : many)"
}

/// Rows of cells, in columns two spaces apart; each row is one line, whatever its cells say.
package func alignedTable(_ rows: [[String]], rightAligned: Set<Int>) -> String {
  let rows = rows.map { $0.map(oneLine) }
  let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    var line = ""
    for (column, cell) in row.enumerated() {
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      line += (column == 0 ? "" : "  ") + (rightAligned.contains(column) ? padding + cell : cell + padding)
    }
    return withoutTrailingSpaces(line)
  }.joined(separator: "\n")
}

/// A line without the spaces at its end.
package func withoutTrailingSpaces(_ line: String) -> String {
  var line = line[...]
  while line.last == " " { line.removeLast() }
  return String(line)
}

/// Rows of cells as a Markdown table, the first one its head.
package func markdownTable(_ rows: [[String]]) -> String {
  let rule = Array(repeating: "---", count: rows.first?.count ?? 0)
  return (rows.prefix(1) + [rule] + rows.dropFirst()).map { "| " + $0.joined(separator: " | ") + " |" }
    .joined(separator: "\n")
}

/// The remaining time: `1:02:03 left`.
package func timeLeft(_ seconds: Double) -> String {
  let seconds = Int(min(seconds, 1e9).rounded())
  let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
  return hours > 0
    ? String(format: "%d:%02d:%02d left", hours, minutes, seconds % 60)
    : String(format: "%d:%02d left", minutes, seconds % 60)
}

/// The values of a comma-separated list; nil if an element is not a value.
package func commaSeparated<Value>(_ text: String, of value: (String) -> Value?) -> [Value]? {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false)
  let values = parts.compactMap { value(String($0)) }
  return values.count == parts.count ? values : nil
}
