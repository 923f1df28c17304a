/// How many of a layer's weights have which largest probability, epoch by epoch.
struct Heatmap: Panel {
  /// Shades; a cell's is the square root of its share.
  static let levels = 8

  struct Column {
    let epoch: Int
    /// Fractions of the weights, by bins of equal width from 0 to 1.
    let shares: [Double]
  }

  let title: String
  var note = ""
  let description: String
  /// In the order of the epochs; at most `widest` of them are drawn.
  let columns: [Column]
  /// How many values a weight can take.
  let values: Int

  static let widest = 60

  var width: Double { 260 }
  var height: Double { 170 }
  private var left: Double { 34 }
  private var right: Double { 250 }
  private var top: Double { 24 }
  private var bottom: Double { 134 }

  /// The shade of a share: 0 for none, else 1 to `levels`.
  static func level(_ share: Double) -> Int {
    guard share > 0 else { return 0 }
    return min(levels, max(1, Int((share.squareRoot() * Double(levels)).rounded(.up))))
  }

  /// The largest share of a shade.
  static func share(_ level: Int) -> Double { Double(level * level) / Double(levels * levels) }

  private var drawnColumns: [Column] {
    guard columns.count > Self.widest else { return columns }
    return (0..<Self.widest).map { columns[$0 * (columns.count - 1) / (Self.widest - 1)] }
  }

  func elements() -> [Markup] { cells() + grid() }

  private func place(y probability: Double) -> Double { bottom - probability * (bottom - top) }

  private func cells() -> [Markup] {
    let columns = drawnColumns
    let step = (right - left) / Double(max(1, columns.count))
    var paths = [String](repeating: "", count: Self.levels + 1)
    for (index, column) in columns.enumerated() {
      let bins = Double(column.shares.count)
      for (bin, share) in column.shares.enumerated() where share > 0 {
        let (from, to) = (place(y: Double(bin + 1) / bins), place(y: Double(bin) / bins))
        let (begin, end) = (coordinate(left + Double(index) * step), coordinate(left + Double(index + 1) * step))
        paths[Self.level(share)] += "M\(begin) \(coordinate(from))H\(end)V\(coordinate(to))H\(begin)Z"
      }
    }
    return paths.indices.filter { !paths[$0].isEmpty }.map { .path("heat-\($0)", paths[$0]) }
  }

  private func grid() -> [Markup] {
    var drawn: [Markup] = [
      .path("axis", "M\(coordinate(left)) \(coordinate(bottom))H\(coordinate(right))"),
      .label("largest probability", x: 2, y: 10, anchor: "start", "axis-label"),
      .label("epoch", x: (left + right) / 2, y: height - 4, anchor: "middle", "axis-label"),
    ]
    for (value, label) in [(0.0, "0"), (0.5, "0.5"), (1, "1")] {
      drawn.append(.label(label, x: left - 6, y: place(y: value) + 3.5, anchor: "end"))
      drawn.append(.path("axis", "M\(coordinate(left)) \(coordinate(place(y: value)))h-3"))
    }
    if values > 1 {
      let even = place(y: 1 / Double(values))
      drawn.append(.path("even", "M\(coordinate(left)) \(coordinate(even))H\(coordinate(right))"))
      drawn.append(.label("undecided: 1/\(values)", x: left + 4, y: even + 11, anchor: "start", "rule-label"))
    }
    let columns = drawnColumns
    let step = (right - left) / Double(max(1, columns.count))
    let distance = max(1, (columns.count + 4) / 6)
    for (index, column) in columns.enumerated() where (columns.count - 1 - index) % distance == 0 {
      let at = left + (Double(index) + 0.5) * step
      drawn.append(.path("axis", "M\(coordinate(at)) \(coordinate(bottom))v4"))
      drawn.append(.label("\(column.epoch)", x: at, y: bottom + 15, anchor: "middle"))
    }
    return drawn
  }

  /// The share of the weights in the highest bin: those that are certain.
  var sketches: [Sketch] {
    let certain = columns.map { $0.shares.last ?? 0 }
    func text(_ share: Double?) -> String { share.map { Numbers.percent($0, places: 1) } ?? Numbers.none }
    return [
      Sketch(
        name: "weights in the highest bin", sparkline: sparkline(certain), first: text(certain.first),
        lowest: text(certain.min()), last: text(certain.last))
    ]
  }
}
