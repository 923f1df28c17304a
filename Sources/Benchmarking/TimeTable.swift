import Files

/// Times as a table with an explanation.
package protocol TimeTable: Encodable {
  /// The header and the rows.
  var rows: [[String]] { get }
  /// How many columns, from the first, are words.
  var words: Int { get }
  /// What the columns mean.
  var legend: String { get }
}

extension TimeTable {
  /// The table as text.
  package func table() -> String { alignedTable(rows, rightAligned: Set(words..<rows[0].count)) + "\n\n" + legend }

  /// The table in Markdown.
  package func markdown() -> String { markdownTable(rows) + "\n\n" + legend }
}
