/// Writes sections as one self-contained HTML file: no script, font or picture from elsewhere.
struct HTMLWriter {
  let title: String
  let sections: [Section]

  func document() -> String {
    let figures = sections.flatMap(\.blocks.figures).map(\.id)
    let head = Markup.element(
      "head", [:],
      [
        .element("meta", ["charset": "utf-8"]),
        .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .element("meta", ["name": "color-scheme", "content": "light dark"]),
        .element("meta", ["name": "figures", "content": figures.joined(separator: " ")]),
        // Without this link, a browser asks the server for an icon.
        .element("link", ["rel": "icon", "href": "data:,"]),
        .element("title", text: title),
        .reportStyle,
      ])
    let contents = Markup.element(
      "nav", ["aria-label": "Contents"],
      [
        .element(
          "ul", [:],
          sections.dropFirst().map { .element("li", [:], [.element("a", ["href": "#\($0.id)"], text: $0.title)]) })
      ])
    let parts = sections.enumerated().map { index, section in
      Markup.element(
        index == 0 ? "header" : "section", ["aria-labelledby": section.id],
        [.element(index == 0 ? "h1" : "h2", ["id": section.id], text: section.title)]
          + (section.subtitle.isEmpty ? [] : [.element("p", ["class": "subtitle"], text: section.subtitle)])
          + section.blocks.map(write) + (index == 0 ? [contents] : []))
    }
    return Markup.document(
      .element("html", ["lang": "en"], [head, .element("body", [:], [.element("main", [:], parts)])]))
  }

  private func write(_ block: Block) -> Markup {
    switch block {
    case .paragraph(let words): .element("p", [:], words.map(write))
    case .notice(let tone, let words):
      .element("p", ["class": "notice \(tone.rawValue)"], [.element("span", [:], words.map(write))])
    case .facts(let facts):
      .element(
        "dl", [:],
        facts.flatMap { [.element("dt", text: $0.name), .element("dd", [:], $0.words.map(write))] })
    case .list(let items): .element("ul", [:], items.map { .element("li", [:], $0.map(write)) })
    case .heading(let text): .element("h3", text: text)
    case .table(let table): write(table)
    case .figure(let figure): write(figure)
    case .commands(let sentence, let commands):
      .element("div", ["class": "commands"], [.element("p", text: sentence), Self.write(commands: commands)])
    case .folded(let summary, let blocks):
      .element("details", [:], [.element("summary", text: summary)] + blocks.map(write))
    }
  }

  private func write(_ word: Word) -> Markup {
    switch word {
    case .plain(let text): Markup(text)
    case .strong(let text): .element("strong", text: text)
    case .code(let text): .element("code", text: text)
    }
  }

  func write(_ panel: any Panel, id: String) -> Markup {
    let note: [Markup] = panel.note.isEmpty ? [] : [Markup(" "), .element("span", ["class": "note"], text: panel.note)]
    let drawing = Markup.element(
      "svg",
      [
        "viewBox": "0 0 \(coordinate(panel.width)) \(coordinate(panel.height))", "role": "img",
        "aria-labelledby": "\(id)-title", "aria-describedby": "\(id)-description",
      ],
      [
        .element("title", ["id": "\(id)-title"], text: panel.title),
        .element("desc", ["id": "\(id)-description"], text: panel.description),
      ] + panel.elements())
    let title = Markup.element("p", ["class": "panel-title"], [.element("span", text: panel.title)] + note)
    return .element("div", ["class": "panel"], [title, drawing])
  }

  func legend(of figure: Figure) -> [Markup] {
    guard !figure.legend.isEmpty else { return [] }
    let keys = figure.legend.map { key in
      Markup.element("li", [:], [swatch(key.swatch), Markup(key.text)])
    }
    return [.element("ul", ["class": "legend"], keys)]
  }

  private func swatch(_ swatch: Figure.Key.Swatch) -> Markup {
    let (width, shapes): (Double, [Markup]) =
      switch swatch {
      case .series(let style):
        (34, [.path("line \(style.cssClass)", "M1 6H33"), .path("mark \(style.cssClass)", style.marker(17, 6))])
      case .shades:
        (
          Double(14 * Heatmap.levels),
          (1...Heatmap.levels).map { .path("heat-\($0)", "M\(14 * ($0 - 1)) 0h14V12h-14Z") }
        )
      }
    return .element(
      "svg",
      ["viewBox": "0 0 \(coordinate(width)) 12", "width": coordinate(width), "height": "12", "aria-hidden": "true"],
      shapes)
  }
}
