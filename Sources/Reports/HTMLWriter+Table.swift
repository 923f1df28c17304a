extension HTMLWriter {
  /// A table as wide as the text. If a phone has no room for the columns, each row becomes a heading with the cells
  /// under it, each with its column's name.
  func write(_ table: Table) -> Markup {
    func cssClass(_ column: Int, _ cell: Table.Cell?) -> String? {
      let classes = [
        table.columns[column].isNumeric ? "number" : nil, cell?.tone?.rawValue, cell?.isCode == true ? "code" : nil,
      ].compactMap(\.self)
      return classes.isEmpty ? nil : classes.joined(separator: " ")
    }
    let head = table.columns.indices.map { column in
      Markup.element("th", ["scope": "col", "class": cssClass(column, nil)], text: table.columns[column].title)
    }
    let rows = table.rows.map { row in
      Markup.element(
        "tr", [:],
        row.enumerated().map { column, cell in
          .element(
            column == 0 ? "th" : "td",
            [
              "scope": column == 0 ? "row" : nil, "class": cssClass(column, cell),
              "data-column": column == 0 ? nil : table.columns[column].title,
            ],
            text: cell.text)
        })
    }
    return .element(
      "table", ["class": table.fitsPhone ? nil : table.columns.count == 2 ? "stacks in-pairs" : "stacks"],
      [.element("thead", [:], [.element("tr", [:], head)]), .element("tbody", [:], rows)])
  }
}

extension Table {
  /// Whether all columns fit side by side on the screen of a phone, judged by the characters of their longest cells;
  /// the first column may take two lines.
  fileprivate var fitsPhone: Bool {
    let widths = columns.indices.map { column in
      let longest = ([columns[column].title] + rows.map { $0[column].text }).map(\.count).max() ?? 0
      return column == 0 ? min(longest, 14) : longest
    }
    return widths.reduce(0, +) + 2 * columns.count <= 44
  }
}
