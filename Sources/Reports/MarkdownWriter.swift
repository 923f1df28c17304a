/// Writes sections as Markdown to read in a terminal: tables in columns, curves as sparklines.
struct MarkdownWriter {
  let sections: [Section]

  func document() -> String {
    let parts = sections.enumerated().map { index, section in
      ([
        "\(index == 0 ? "#" : "##") \(line(section.title + (section.subtitle.isEmpty ? "" : " – " + section.subtitle)))"
      ] + section.blocks.map(write)).joined(separator: "\n\n")
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func write(_ block: Block) -> String {
    switch block {
    case .paragraph(let words): write(words)
    case .notice(_, let words): "> " + write(words)
    case .facts(let facts): facts.map { "- \(line($0.name)): \(write($0.words))" }.joined(separator: "\n")
    case .list(let items): items.map { "- " + write($0) }.joined(separator: "\n")
    case .heading(let text): "### " + line(text)
    case .table(let table): write(table)
    case .figure(let figure): write(figure)
    case .commands(let sentence, let commands): ([line(sentence)] + [write(commands)]).joined(separator: "\n\n")
    case .folded(let summary, let blocks): (["**\(line(summary))**"] + blocks.map(write)).joined(separator: "\n\n")
    }
  }

  private func write(_ words: [Word]) -> String {
    words.map { word in
      switch word {
      case .plain(let text): line(text)
      case .strong(let text): "**\(line(text))**"
      case .code(let text): "`\(line(text))`"
      }
    }.joined()
  }

  /// A table with columns padded to the widest cell; bars in cells are escaped.
  private func write(_ table: Table) -> String {
    let rows = [table.columns.map(\.title)] + table.rows.map { $0.map(\.text) }
    let cells = rows.map { $0.map { line($0).replacing("|", with: "\\|") } }
    let widths = table.columns.indices.map { column in max(3, cells.map { $0[column].count }.max() ?? 0) }
    func write(_ row: [String]) -> String {
      let padded = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return table.columns[column].isNumeric ? padding + cell : cell + padding
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    let separator = table.columns.indices.map { column in
      let dashes = String(repeating: "-", count: widths[column] - 1)
      return table.columns[column].isNumeric ? dashes + ":" : dashes + "-"
    }
    return ([write(cells[0]), "| " + separator.joined(separator: " | ") + " |"] + cells.dropFirst().map(write))
      .joined(separator: "\n")
  }

  private func write(_ figure: Figure) -> String {
    let rows = figure.panels.flatMap { panel in
      panel.sketches.map { [panel.title, $0.name, $0.sparkline, $0.first, $0.lowest, $0.last].map { Table.Cell($0) } }
    }
    let table = Table(
      columns: [
        .init(title: "drawing"), .init(title: "line"), .init(title: "course"),
        .init(title: "first", isNumeric: true), .init(title: "lowest", isNumeric: true),
        .init(title: "last", isNumeric: true),
      ], rows: rows)
    let commands = write(figure.commands)
    return
      (["### " + line(figure.title), write(table), line(figure.caption)]
      + (commands.isEmpty ? [] : ["To reproduce it:", commands])).joined(separator: "\n\n")
  }

  private func write(_ commands: [String]) -> String { commands.map { "    " + line($0) }.joined(separator: "\n") }

  /// The text as one line, without characters that control a terminal.
  private func line(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}
