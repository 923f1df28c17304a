import Foundation

extension HTMLWriter {
  func write(_ figure: Figure) -> Markup {
    let columns = figure.panels.count == 1 ? 1 : (figure.panels.first?.width ?? 0) < 300 ? 3 : 2
    let panels = figure.panels.enumerated().map { index, panel in write(panel, id: "\(figure.id)-\(index + 1)") }
    return .element(
      "figure", ["id": figure.id, "class": columns == 1 ? "single" : nil],
      [.element("h3", text: figure.title)] + legend(of: figure)
        + [
          .element("div", ["class": "panels in-\(columns)"], panels),
          .element(
            "figcaption", [:],
            [.element("p", text: "\(figure.caption) \(figure.reading)"), Self.dataLink(of: figure)]
              + commands(of: figure)),
        ])
  }

  /// A link under the figure that saves its numbers; the link itself contains them.
  private static func dataLink(of figure: Figure) -> Markup {
    let data = figure.csv.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    return .element(
      "p", ["class": "data"],
      [
        .element(
          "a", ["download": "\(figure.id).csv", "href": "data:text/csv;charset=utf-8,\(data)"],
          text: "Data of this figure (CSV)")
      ])
  }

  /// The characters that a `data:` address contains unescaped.
  private static let unreserved: CharacterSet = {
    var set = CharacterSet(charactersIn: "a"..."z")
    set.insert(charactersIn: "A"..."Z")
    set.insert(charactersIn: "0"..."9")
    set.insert(charactersIn: "-._~,;:/+*=()!@")
    return set
  }()

  private func commands(of figure: Figure) -> [Markup] {
    let commands = Self.write(commands: figure.commands)
    switch figure.commands.count {
    case 0: return []
    case 1...2: return [.element("p", text: "To reproduce it:"), commands]
    case let count:
      return [.element("details", [:], [.element("summary", text: "\(count) commands that reproduce it"), commands])]
    }
  }

  /// Commands, one per line, each selected by one click. A long command takes several lines on the screen, broken at
  /// spaces and after commas, but pastes as one line.
  static func write(commands: [String]) -> Markup {
    let lines = commands.map { command in
      let words = command.split(separator: " ", omittingEmptySubsequences: false).map { word in
        word.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      let pieces = words.enumerated().flatMap { index, parts -> [Markup] in
        let space = index == 0 ? [] : [Markup(" ")]
        return space
          + parts.enumerated().flatMap { place, part -> [Markup] in
            let isLast = place == parts.count - 1
            let piece = Markup.element("span", text: part + (isLast ? "" : ","))
            return isLast ? [piece] : [piece, .element("wbr")]
          }
      }
      return Markup.element("code", [:], pieces)
    }
    return .element("pre", ["tabindex": "0"], lines)
  }
}
