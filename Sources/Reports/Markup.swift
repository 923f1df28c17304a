/// A piece of HTML or SVG. Text and attribute values are escaped when they are added, so a piece is always well-formed;
/// elements without content are closed as in XML, which HTML also accepts.
struct Markup {
  let source: String

  private init(source: String) { self.source = source }

  /// Text, escaped.
  init(_ text: String) { source = Self.escaped(text) }

  /// A style sheet of our own, which needs no escaping.
  static func style(_ sheet: StaticString) -> Markup { Markup(source: "<style>\n\(sheet)\n</style>") }

  /// The whole document with the element `html`.
  static func document(_ html: Markup) -> String { "<!DOCTYPE html>\n\(html.source)\n" }

  /// An element. Attributes that are nil are left out.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: [Markup] = []
  ) -> Markup {
    var source = "<" + name
    for (name, value) in attributes {
      if let value { source += " \(name)=\"\(escaped(value))\"" }
    }
    guard !content.isEmpty || !mayBeEmpty.contains(name) else { return Markup(source: source + "/>") }
    let separator = breaksLines.contains(name) ? "\n" : ""
    source += ">" + separator + content.map(\.source).joined(separator: separator) + separator
    return Markup(source: source + "</\(name)>")
  }

  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String
  ) -> Markup {
    element(name, attributes, [Markup(text)])
  }

  /// The void elements of HTML that we use, and the shapes of SVG.
  private static let mayBeEmpty: Set = ["meta", "br", "wbr", "path", "line", "rect"]

  /// The elements in which white space is not rendered.
  private static let breaksLines: Set = [
    "html", "head", "body", "main", "header", "footer", "section", "figure", "figcaption", "table", "thead", "tbody",
    "tr", "ul", "dl", "svg", "g", "details", "nav", "div",
  ]

  /// The text with `& < > " '` as entities, and without characters that XML does not allow.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
