import Files

/// A heat map of the largest probabilities of a layer's weights, epoch by epoch.
struct Heatmap: Panel {
  /// The number of shades; a cell's shade is the square root of its share relative to the largest share that is drawn.
  static let levels = 8

  struct Column {
    let epoch: Int
    /// The fractions of the weights in bins of equal width from 0 to 1.
    let shares: [Double]
  }

  let title: String
  var note = ""
  let description: String
  /// The columns in the order of the epochs; at most `widest` of them are drawn.
  let columns: [Column]
  /// The number of values that a weight can take; no largest probability is below one divided by this number.
  let values: Int
  /// The share with the darkest shade; the same in all drawings of a figure.
  let darkest: Double
  var size = PanelSize.third

  static let widest = 60

  var width: Double { size.width }
  var height: Double { size == .half ? 200 : 160 }
  private let left = 30.0
  private var right: Double { width - 1 }
  private let top = 18.0
  private var bottom: Double { height - 36 }

  /// The shade of a share: 0 for none, else 1 to `levels`.
  static func level(_ share: Double, darkest: Double) -> Int {
    guard share > 0, darkest > 0 else { return 0 }
    return min(levels, max(1, Int(((share / darkest).squareRoot() * Double(levels) - 1e-9).rounded(.up))))
  }

  private var drawnColumns: [Column] {
    guard columns.count > Self.widest else { return columns }
    return (0..<Self.widest).map { columns[$0 * (columns.count - 1) / (Self.widest - 1)] }
  }

  func elements() -> [Markup] { cells() + grid() }

  /// The lower edge of the lowest bin that can hold a weight.
  private var lowest: Double {
    let bins = columns.first?.shares.count ?? 1
    return values > 1 && bins > 1 ? Double(bins / values) / Double(bins) : 0
  }

  private func place(y probability: Double) -> Double {
    bottom - max(0, probability - lowest) / (1 - lowest) * (bottom - top)
  }

  /// The place of an epoch on the axis; epoch `e` extends from `e − ½` to `e + ½`.
  private func place(epoch: Double) -> Double {
    let (first, last) = (Double(columns.first?.epoch ?? 1), Double(columns.last?.epoch ?? 1))
    return left + (epoch - first + 0.5) / (last - first + 1) * (right - left)
  }

  private func cells() -> [Markup] {
    let columns = drawnColumns
    let edges = columns.map { place(epoch: Double($0.epoch) - 0.5) } + [right]
    var paths = [String](repeating: "", count: Self.levels + 1)
    for (index, column) in columns.enumerated() {
      let bins = Double(column.shares.count)
      let (begin, end) = (coordinate(edges[index]), coordinate(edges[index + 1]))
      for (bin, share) in column.shares.enumerated() where share > 0 {
        let (upper, lower) = (place(y: Double(bin + 1) / bins), place(y: Double(bin) / bins))
        guard upper < lower else { continue }
        paths[Self.level(share, darkest: darkest)] +=
          "M\(begin) \(coordinate(upper))H\(end)V\(coordinate(lower))H\(begin)Z"
      }
    }
    return paths.indices.filter { !paths[$0].isEmpty }.map { .path("heat-\($0)", paths[$0]) }
  }

  private func grid() -> [Markup] {
    var drawn: [Markup] = [
      .path("axis", "M\(coordinate(left)) \(coordinate(bottom))H\(coordinate(right))"),
      .label("largest probability", x: 0, y: 10, anchor: "start"),
      .label("epoch", x: (left + right) / 2, y: height - 4, anchor: "middle"),
    ]
    let even = values > 1 ? [(1 / Double(values), "1/\(values)")] : [(0.0, "0")]
    for (value, label) in even + [(0.75, "0.75"), (1, "1")] where place(y: value) <= bottom {
      drawn.append(.label(label, x: left - 5, y: place(y: value) + 4, anchor: "end"))
      drawn.append(.path("axis", "M\(coordinate(left)) \(coordinate(place(y: value)))h-3"))
    }
    if values > 1 {
      drawn.append(
        .path("even", "M\(coordinate(left)) \(coordinate(place(y: 1 / Double(values))))H\(coordinate(right))"))
    }
    let epochs = columns.map { Double($0.epoch) }
    let axis = Axis.linear("", covering: epochs, wholeNumbers: true)
    for tick in axis.ticks where epochs.contains(tick.value) {
      let at = place(epoch: tick.value)
      drawn.append(.path("axis", "M\(coordinate(at)) \(coordinate(bottom))v4"))
      let half = textWidth(tick.label.count) / 2
      drawn.append(.label(tick.label, x: min(at, width - half), y: bottom + 15, anchor: "middle"))
    }
    return drawn
  }

  /// The share of the weights in the highest bin, which are certain.
  var sketches: [Sketch] {
    let certain = columns.map { $0.shares.last ?? 0 }
    func text(_ share: Double?) -> String { share.map { Numbers.percent($0, places: 1) } ?? Numbers.none }
    return [
      Sketch(
        name: "weights in the highest bin", sparkline: sparkline(certain), first: text(certain.first),
        lowest: text(certain.min()), last: text(certain.last))
    ]
  }

  /// The shares, with a row for each epoch and a column for each bin, named by its lower edge.
  var data: [[String]] {
    let bins = columns.first?.shares.count ?? 0
    return [["epoch"] + (0..<bins).map { CSV.number(Double($0) / Double(bins)) }]
      + columns.map { column in ["\(column.epoch)"] + column.shares.map { Numbers.shortest($0, digits: 6) } }
  }
}
