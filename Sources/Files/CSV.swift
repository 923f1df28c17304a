/// Rows as comma-separated values (RFC 4180): cells with a comma, a quotation mark or a line end are quoted.
package enum CSV {
  /// One line per row, each ending in a line break.
  package static func text(_ rows: some Sequence<[String]>) -> String { rows.map(line).joined() }

  /// One row, ending in a line break.
  package static func line(_ cells: [String]) -> String { cells.map(quoted).joined(separator: ",") + "\n" }

  private static func quoted(_ cell: String) -> String {
    guard cell.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return cell }
    return "\"\(cell.replacing("\"", with: "\"\""))\""
  }

  /// The shortest text that reads back as the same number; empty for a number that is missing or not finite.
  package static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
