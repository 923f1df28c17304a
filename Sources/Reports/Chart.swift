/// A chart of lines over two axes.
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
  var size = PanelSize.half
  /// Whether each line's name is shown at its end, so that no legend is needed.
  var labelsEnds = false
  /// Formats a value for sketches and labels.
  let format: (Double) -> String

  struct Point {
    let x, y: Double
    /// The ends of the point's whisker.
    var low: Double?
    var high: Double?
    /// The name of the point's place, if it has one.
    var name: String?

    var isFinite: Bool { x.isFinite && y.isFinite }
  }

  struct Line {
    let name: String
    let style: SeriesStyle
    let points: [Point]
    /// Whether this is one of several lines whose median is also drawn.
    var isThin = false
    /// Whether the points are not joined by a line.
    var isLoose = false
    /// The point to mark with a dot and its value.
    var best: Point?
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

  var width: Double { size.width }
  var height: Double { size == .half ? 250 : 164 }
  var top: Double { 26 }
  var bottom: Double { height - 36 }
  /// The left edge of the plot, which leaves the room that the tick labels need.
  var left: Double { 8 + textWidth(y.ticks.map(\.label.count).max() ?? 0) }
  var right: Double { width - (labelsEnds ? labelColumn : 1) }

  func elements() -> [Markup] {
    var drawn = grid() + rules.filter(\.y.isFinite).map(draw) + marks.flatMap(draw)
    drawn += lines.filter(\.isThin).flatMap(draw)
    drawn += lines.filter { !$0.isThin }.flatMap(draw)
    drawn += lines.compactMap(drawBest) + clippingNote()
    return labelsEnds ? drawn + endLabels() : drawn
  }

  func place(_ point: Point) -> (x: Double, y: Double) { (place(x: point.x), place(y: point.y)) }
  func place(x value: Double) -> Double { left + x.position(value) * (right - left) }
  func place(y value: Double) -> Double { bottom - y.position(value) * (bottom - top) }

  /// The axes, ticks and tick labels.
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
      let half = textWidth(tick.label.count) / 2
      let inside = min(max(at, half), width - half)
      drawn.append(.label(tick.label, x: inside, y: bottom + 15, anchor: "middle"))
    }
    if !y.label.isEmpty { drawn.append(.label(y.label, x: 0, y: 10, anchor: "start")) }
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
}

/// The approximate width of a drawing's text, in the drawing's units; no font of the style sheet is much wider.
func textWidth(_ characters: Int) -> Double { 6.7 * Double(characters) }

extension Markup {
  static func path(_ cssClass: String, _ d: String) -> Markup { element("path", ["class": cssClass, "d": d]) }

  static func label(
    _ text: String, x: Double, y: Double, anchor: String, _ cssClass: String = "tick"
  ) -> Markup {
    element(
      "text", ["class": cssClass, "x": coordinate(x), "y": coordinate(y), "text-anchor": anchor], text: text)
  }
}
