import Foundation
import FoundationXML
import Testing

/// A report as its reader sees it: sections with their tables, and figures with the values at which their lines are drawn, read back
/// from the places of the axes' ticks.
struct ReadReport {
  let root: Node

  init(_ html: String) throws { root = try Node(parsing: html) }

  /// The section, or the head, with this identifier.
  func section(_ id: String) throws -> Node {
    try #require(root.all("section", "header").first { $0["aria-labelledby"] == id }, "no section \(id)")
  }

  func figure(_ id: String) throws -> Node {
    try #require(root.all("figure").first { $0["id"] == id }, "no figure \(id)")
  }

  /// The drawings of a figure.
  func drawings(_ figure: String) throws -> [Drawing] { try self.figure(figure).withClass("panel").map(Drawing.init) }

  /// The contents of the link under a figure.
  func csv(_ figure: String) throws -> [String] {
    let link = try #require(try self.figure(figure).all("a").first { $0["download"] == "\(figure).csv" })
    let data = try #require(link["href"]?.removingPercentEncoding)
    try #require(data.hasPrefix("data:text/csv;charset=utf-8,"))
    return data.dropFirst("data:text/csv;charset=utf-8,".count).components(separatedBy: "\n").filter { !$0.isEmpty }
  }
}

/// An element of the document.
final class Node {
  let name: String
  let attributes: [String: String]
  private(set) var children: [Node] = []
  /// The text of the element and of all within it, in order.
  private(set) var text = ""

  init(_ name: String, _ attributes: [String: String]) { (self.name, self.attributes) = (name, attributes) }

  convenience init(parsing source: String) throws {
    self.init("document", [:])
    let reader = Reader(self)
    let parser = XMLParser(data: Data(source.utf8))
    parser.delegate = reader
    let isWellFormed = parser.parse()
    try #require(isWellFormed, "line \(parser.lineNumber): \(String(describing: parser.parserError))")
  }

  subscript(attribute: String) -> String? { attributes[attribute] }

  var classes: [String] { (self["class"] ?? "").split(separator: " ").map(String.init) }

  /// All elements within this one with one of the names, in order.
  func all(_ names: String...) -> [Node] {
    children.flatMap { (names.contains($0.name) ? [$0] : []) + $0.all(names) }
  }
  private func all(_ names: [String]) -> [Node] {
    children.flatMap { (names.contains($0.name) ? [$0] : []) + $0.all(names) }
  }

  /// All elements within this one that have all of the classes.
  func withClass(_ classes: String...) -> [Node] { filtered { Set(classes).isSubset(of: $0.classes) } }
  private func filtered(_ isMeant: (Node) -> Bool) -> [Node] {
    children.flatMap { (isMeant($0) ? [$0] : []) + $0.filtered(isMeant) }
  }

  /// The cells of a table: the head, then the rows.
  var cells: [[String]] { all("tr").map { $0.all("th", "td").map(\.text) } }

  private final class Reader: NSObject, XMLParserDelegate {
    private var open: [Node]
    init(_ root: Node) { open = [root] }

    func parser(
      _: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      let element = Node(name, attributes)
      open[open.count - 1].children.append(element)
      open.append(element)
    }

    func parser(_: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
      open.removeLast()
    }

    func parser(_: XMLParser, foundCharacters characters: String) { for element in open { element.text += characters } }
  }
}

/// A drawing with two axes.
struct Drawing {
  let title, note, description: String
  let svg: Node
  /// The ticks of the axes with their places, in the order in which they are drawn.
  let xTicks, yTicks: [(label: String, at: Double)]
  /// Every other text.
  let texts: [String]

  init(_ panel: Node) throws {
    let picture = try #require(panel.all("svg").first)
    svg = picture
    let spans = try #require(panel.withClass("panel-title").first).all("span")
    (title, note) = (spans[0].text, spans.count > 1 ? spans[1].text : "")
    description = picture.all("desc").first?.text ?? ""
    let labels = picture.all("text")
    func number(_ element: Node, _ attribute: String) -> Double { element[attribute].flatMap(Double.init) ?? .nan }
    let ticks = labels.filter { $0.classes == ["tick"] }
    // The labels of the horizontal axis are in a line above its name.
    let middle = ticks.filter { $0["text-anchor"] == "middle" }
    let line = middle.map { number($0, "y") }.min() ?? 0
    let (below, beside) = (middle.filter { number($0, "y") == line }, ticks.filter { $0["text-anchor"] == "end" })
    // A tick is a short stroke at the axis, or a line across the drawing.
    func strokes(_ classes: String) throws -> [[(x: Double, y: Double)]] {
      try picture.all("path").filter { $0["class"] == classes }.flatMap { try Self.parts(of: $0["d"] ?? "") }
    }
    let upright = try strokes("axis").filter { $0[0].x == $0[1].x }.map { $0[0].x }
    let across = try strokes("grid") + strokes("axis").filter { $0[0].y == $0[1].y && abs($0[0].x - $0[1].x) == 3 }
    try #require(upright.count == below.count && across.count == beside.count, "a label for each tick")
    for (label, tick) in zip(beside, across) {
      #expect(abs(number(label, "y") - 4 - tick[0].y) <= 0.52, "beside its tick")
    }
    xTicks = zip(below.map(\.text), upright).map { ($0, $1) }
    yTicks = zip(beside.map(\.text), across.map { $0[0].y }).map { ($0, $1) }
    texts = labels.filter { !($0.classes == ["tick"] && ($0["text-anchor"] == "end" || number($0, "y") == line)) }
      .map(\.text)
  }

  /// The value at a place, from the first and the last tick: between them it grows evenly, or on a logarithmic axis its logarithm. A
  /// label such as `2 binary` or `8 Mar` is its number, `1/3` a third.
  private static func scale(_ ticks: [(label: String, at: Double)], isLogarithmic: Bool = false) throws -> (Double) ->
    Double
  {
    let values = try ticks.map { tick -> (value: Double, at: Double) in
      let parts = tick.label.replacing("−", with: "-").prefix { $0 != " " }.split(separator: "/").map { Double($0) }
      let number = try #require(parts[0], "\(tick.label)") / (try #require(parts.count > 1 ? parts[1] : 1))
      return (isLogarithmic ? log2(number) : number, tick.at)
    }
    let (first, last) = (try #require(values.first), try #require(values.last))
    return { place in
      let value = first.value + (place - first.at) / (last.at - first.at) * (last.value - first.value)
      return isLogarithmic ? exp2(value) : value
    }
  }

  func y(_ place: Double) throws -> Double { try Self.scale(yTicks)(place) }
  func x(_ place: Double) throws -> Double {
    try Self.scale(xTicks, isLogarithmic: texts.contains { $0.hasSuffix("log scale") })(place)
  }

  /// The paths of the classes as separate parts, each a list of places.
  func parts(_ classes: String...) throws -> [[(x: Double, y: Double)]] {
    let paths = svg.all("path").filter { $0.classes == classes }
    return try paths.flatMap { try Self.parts(of: $0["d"] ?? "") }
  }

  /// Each line of the classes as the values of its points.
  func lines(_ classes: String...) throws -> [[[Double]]] {
    try svg.all("path").filter { $0.classes == classes }.flatMap { try Self.parts(of: $0["d"] ?? "") }.map {
      try $0.map { [try x($0.x), try y($0.y)] }
    }
  }

  /// The middles of the marks of the classes as values.
  func marks(_ classes: String...) throws -> [[Double]] {
    try svg.all("path").filter { $0.classes == classes }.flatMap { try Self.parts(of: $0["d"] ?? "") }.map { part in
      let (xs, ys) = (part.map(\.x), part.map(\.y))
      let middle = { (values: [Double]) in ((values.min() ?? .nan) + (values.max() ?? .nan)) / 2 }
      return [try x(middle(xs)), try y(middle(ys))]
    }
  }

  /// The whiskers of the classes as `(x, low, high)`: each is a vertical line and a cap of five units at either end.
  func whiskers(_ classes: String...) throws -> [[Double]] {
    let parts = try svg.all("path").filter { $0.classes == classes }.flatMap { try Self.parts(of: $0["d"] ?? "") }
    let uprights = parts.filter { $0.count == 2 && $0[0].x == $0[1].x }
    let caps = parts.filter { $0.count == 2 && $0[0].y == $0[1].y }
    #expect(caps.count == 2 * uprights.count, "each whisker has two caps")
    #expect(Set(caps.map(\.[0].y)) == Set(uprights.flatMap { $0.map(\.y) }), "at its ends")
    return try uprights.map { [try x($0[0].x), try y($0[0].y), try y($0[1].y)] }
  }

  /// The points of an SVG path with the commands M, L, H, V, h, v, a, Z, a list for each part that begins with M.
  static func parts(of path: String) throws -> [[(x: Double, y: Double)]] {
    var parts: [[(x: Double, y: Double)]] = []
    var (x, y) = (0.0, 0.0)
    for match in path.matches(of: /([MLHVhvaZ])([^MLHVhvaZ]*)/) {
      let numbers = match.2.split { " ,".contains($0) }.compactMap { Double($0) }
      switch match.1 {
      case "M":
        parts.append([])
        (x, y) = (numbers[0], numbers[1])
      case "L": (x, y) = (numbers[0], numbers[1])
      case "H": x = numbers[0]
      case "V": y = numbers[0]
      case "h": x += numbers[0]
      case "v": y += numbers[0]
      case "a": (x, y) = (x + numbers[5], y + numbers[6])
      default: continue
      }
      try #require(!parts.isEmpty && x.isFinite && y.isFinite)
      parts[parts.count - 1].append((x, y))
    }
    return parts
  }
}

/// Expects lists of numbers to be equal but for the rounding of coordinates to a hundredth of a unit, and names the first that is not.
func expectNear(
  _ actual: [[Double]], _ expected: [[Double]], within tolerance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.map(\.count) == expected.map(\.count), "\(actual)", sourceLocation: sourceLocation)
  for (index, (one, other)) in zip(actual, expected).enumerated() {
    for (place, (a, b)) in zip(one, other).enumerated() where !(abs(a - b) <= tolerance) {
      Issue.record("\(index), \(place): expected \(b), found \(a)", sourceLocation: sourceLocation)
      return
    }
  }
}
