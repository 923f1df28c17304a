import Files

extension Chart {
  func draw(_ line: Line) -> [Markup] {
    let points = line.points.filter(\.isFinite)
    guard !points.isEmpty else { return [] }
    var drawn: [Markup] = []
    if points.count > 1 && !line.isLoose {
      let path = clippedPath(points)
      if !path.isEmpty { drawn.append(.path("\(line.isThin ? "thin" : "line") \(line.style.cssClass)", path)) }
    }
    if line.isThin { return drawn }
    let shown = points.filter { y.holds($0.y) }
    let whiskers = shown.compactMap { whisker($0, at: place(x: $0.x)) }
    if !whiskers.isEmpty { drawn.append(.path("whisker \(line.style.cssClass)", whiskers.joined())) }
    // If there are many points, the line is enough.
    if points.count <= 16 && line.best == nil, !shown.isEmpty {
      let markers = shown.map(place).map { line.style.marker($0.x, $0.y) }.joined()
      drawn.append(.path("mark \(line.isLoose ? "loose " : "")\(line.style.cssClass)", markers))
    }
    return drawn
  }

  /// The part of the line through the points that is within the axis; where the line leaves the axis, it ends at the edge.
  private func clippedPath(_ points: [Point]) -> String {
    var path = ""
    var isDown = false
    func add(_ x: Double, _ position: Double) {
      path += "\(isDown ? "L" : "M")\(coordinate(x)) \(coordinate(bottom - position * (bottom - top)))"
      isDown = true
    }
    let places = points.map { (x: place(x: $0.x), position: y.unboundedPosition($0.y)) }
    for (from, to) in zip(places, places.dropFirst()) {
      // The part of the segment between two points that is between 0 and 1.
      let slope = to.position - from.position
      var (begin, end) = (0.0, 1.0)
      if slope != 0 {
        let crossings = [-from.position / slope, (1 - from.position) / slope].sorted()
        (begin, end) = (max(0, crossings[0]), min(1, crossings[1]))
      } else if !(0...1).contains(from.position) {
        end = -1
      }
      guard begin < end else {
        isDown = false
        continue
      }
      // A line that left the axis comes back behind its beginning.
      if !isDown || begin > 0 {
        isDown = false
        add(from.x + begin * (to.x - from.x), from.position + begin * slope)
      }
      add(from.x + end * (to.x - from.x), from.position + end * slope)
    }
    return path
  }

  private func whisker(_ point: Point, at x: Double) -> String? {
    guard let low = point.low, let high = point.high, low.isFinite, high.isFinite, high > low else { return nil }
    let ends = [low, high].map { coordinate(place(y: $0)) }
    let caps = ends.map { "M\(coordinate(x - 2.5)) \($0)h5" }.joined()
    return "M\(coordinate(x)) \(ends[0])V\(ends[1])" + caps
  }

  /// The dot at a line's best point.
  func drawBest(_ line: Line) -> Markup? {
    guard let best = line.best, best.isFinite, y.holds(best.y) else { return nil }
    let (x, y, r) = (place(x: best.x), place(y: best.y), 3.6)
    return .path(
      "best \(line.style.cssClass)",
      "M\(coordinate(x - r)) \(coordinate(y))a\(r) \(r) 0 1 0 \(2 * r) 0a\(r) \(r) 0 1 0 \(-2 * r) 0Z")
  }

  /// Says how far the lines reach above the axis, if they do.
  func clippingNote() -> [Markup] {
    let beyond = lines.flatMap(\.points).filter { $0.isFinite && $0.y > y.range.upperBound && !y.holds($0.y) }
    guard let highest = beyond.max(by: { $0.y < $1.y }) else { return [] }
    let text = "▲ up to \(format(highest.y)) at \(x.label) \(Numbers.fixed(highest.x, places: 0))"
    return [.label(text, x: left, y: top - 7, anchor: "start", "clipped")]
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

  var data: [[String]] {
    let hasWhiskers = lines.flatMap(\.points).contains { $0.low != nil }
    func row(_ name: String, _ x: String, _ y: Double, _ ends: [Double?]) -> [String] {
      [name, x, CSV.number(y)] + (hasWhiskers ? ends.map(CSV.number) : [])
    }
    let drawn = lines.flatMap { line in
      line.points.map { row(line.name, $0.name ?? CSV.number($0.x), $0.y, [$0.low, $0.high]) }
    }
    let across = rules.map { row($0.name, "", $0.y, [nil, nil]) }
    return [["line", x.label.isEmpty ? "x" : x.label, "value"] + (hasWhiskers ? ["low", "high"] : [])] + drawn + across
  }
}
