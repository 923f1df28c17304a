/// Lines over two axes.
struct Chart: Panel {
  let title: String
  var note = ""
  let description: String
  let x, y: Axis
  var lines: [Line] = []
  /// Horizontal lines across the chart.
  var rules: [Rule] = []
  /// Vertical lines where something changed.
  var marks: [Mark] = []
  var size = Size.large
  /// How a sketch writes a value.
  let format: (Double) -> String

  enum Size { case large, small }

  struct Point {
    let x, y: Double
    /// The ends of a whisker.
    var low: Double?
    var high: Double?

    var isFinite: Bool { x.isFinite && y.isFinite }
  }

  struct Line {
    let name: String
    let style: SeriesStyle
    let points: [Point]
    /// One of several whose middle is drawn, too.
    var isThin = false
    /// Points that no line joins.
    var isLoose = false
  }

  struct Rule {
    let name: String
    let style: SeriesStyle
    let y: Double
  }

  struct Mark {
    let label: String
    let tone: Tone
    let x: Double
  }

  var width: Double { size == .large ? 380 : 300 }
  var height: Double { size == .large ? 250 : 160 }
  private var left: Double { 46 }
  private var right: Double { width - 20 }
  private var top: Double { 26 }
  private var bottom: Double { height - 36 }

  func elements() -> [Markup] {
    var drawn = grid() + rules.filter(\.y.isFinite).map(draw) + marks.flatMap(draw)
    drawn += lines.filter(\.isThin).flatMap(draw)
    drawn += lines.filter { !$0.isThin }.flatMap(draw)
    return drawn
  }

  private func place(_ point: Point) -> (x: Double, y: Double) { (place(x: point.x), place(y: point.y)) }
  private func place(x value: Double) -> Double { left + x.position(value) * (right - left) }
  private func place(y value: Double) -> Double { bottom - y.position(value) * (bottom - top) }

  /// Axes, ticks and their labels.
  private func grid() -> [Markup] {
    var drawn: [Markup] = []
    for tick in y.ticks {
      let at = place(y: tick.value)
      drawn.append(.path("grid", "M\(coordinate(left)) \(coordinate(at))H\(coordinate(right))"))
      drawn.append(.label(tick.label, x: left - 6, y: at + 3.5, anchor: "end"))
    }
    drawn.append(.path("axis", "M\(coordinate(left)) \(coordinate(bottom))H\(coordinate(right))"))
    for tick in x.ticks {
      let at = place(x: tick.value)
      drawn.append(.path("axis", "M\(coordinate(at)) \(coordinate(bottom))v4"))
      drawn.append(.label(tick.label, x: at, y: bottom + 15, anchor: "middle"))
    }
    if !y.label.isEmpty { drawn.append(.label(y.label, x: 2, y: 10, anchor: "start")) }
    drawn.append(.label(x.label, x: (left + right) / 2, y: height - 4, anchor: "middle"))
    return drawn
  }

  private func draw(_ rule: Rule) -> Markup {
    let path = "M\(coordinate(left)) \(coordinate(place(y: rule.y)))H\(coordinate(right))"
    return .path("line \(rule.style.cssClass)", path)
  }

  private func draw(_ mark: Mark) -> [Markup] {
    let at = place(x: mark.x)
    let anchor = at > right - 30 ? "end" : at < left + 30 ? "start" : "middle"
    return [
      .path("change \(mark.tone.rawValue)", "M\(coordinate(at)) \(coordinate(top))V\(coordinate(bottom))"),
      .label(mark.label, x: at, y: top - 3, anchor: anchor, "change-label \(mark.tone.rawValue)"),
    ]
  }

  private func draw(_ line: Line) -> [Markup] {
    let points = line.points.filter(\.isFinite)
    guard !points.isEmpty else { return [] }
    var drawn: [Markup] = []
    let places = points.map(place)
    if points.count > 1 && !line.isLoose {
      let path = "M" + places.map { "\(coordinate($0.x)) \(coordinate($0.y))" }.joined(separator: "L")
      drawn.append(.path("\(line.isThin ? "thin" : "line") \(line.style.cssClass)", path))
    }
    if line.isThin { return drawn }
    let whiskers = zip(points, places).compactMap { whisker($0, at: $1.x) }
    if !whiskers.isEmpty { drawn.append(.path("whisker \(line.style.cssClass)", whiskers.joined())) }
    // Of many points some have markers, the last among them.
    let distance = max(1, places.count / 8)
    let marked = places.enumerated().filter { places.count <= 16 || (places.count - 1 - $0.offset) % distance == 0 }
    let markers = marked.map { line.style.marker($0.element.x, $0.element.y) }.joined()
    drawn.append(.path("mark \(line.isLoose ? "loose " : "")\(line.style.cssClass)", markers))
    return drawn
  }

  private func whisker(_ point: Point, at x: Double) -> String? {
    guard let low = point.low, let high = point.high, low.isFinite, high.isFinite, high > low else { return nil }
    func end(_ value: Double) -> Double { place(y: min(max(value, y.range.lowerBound), y.range.upperBound)) }
    let ends = [end(low), end(high)].map(coordinate)
    let caps = ends.map { "M\(coordinate(x - 2.5)) \($0)h5" }.joined()
    return "M\(coordinate(x)) \(ends[0])V\(ends[1])" + caps
  }

  var sketches: [Sketch] {
    let drawn = lines.filter { !$0.isThin }.map { line in
      let values = line.points.filter(\.isFinite).map(\.y)
      return Sketch(
        name: line.name, sparkline: sparkline(values.map(y.position)), first: values.first.map(format) ?? Numbers.none,
        lowest: values.min().map(format) ?? Numbers.none, last: values.last.map(format) ?? Numbers.none)
    }
    let rules = rules.map { Sketch(name: $0.name, sparkline: "", first: "", lowest: "", last: format($0.y)) }
    return drawn + rules + marks.map { Sketch(name: "change", sparkline: "", first: "", lowest: "", last: $0.label) }
  }
}

extension Markup {
  static func path(_ cssClass: String, _ d: String) -> Markup { element("path", ["class": cssClass, "d": d]) }

  static func label(
    _ text: String, x: Double, y: Double, anchor: String, _ cssClass: String = "tick"
  ) -> Markup {
    element(
      "text", ["class": cssClass, "x": coordinate(x), "y": coordinate(y), "text-anchor": anchor], text: text)
  }
}
