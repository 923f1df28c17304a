import Networks
import Training

/// The style of a line: colour, dashes and marker, any of which distinguishes the line. `ReportStyle` defines the
/// colours and dashes.
struct SeriesStyle: Equatable {
  static let count = 6
  let index: Int

  init(_ index: Int) { self.index = index % Self.count }

  /// The style of a network, the same in every figure.
  init(_ network: NetworkKind) { self.init(NetworkKind.allCases.firstIndex(of: network) ?? 0) }

  var cssClass: String { "s\(index)" }

  /// The path of a marker around a point: circle, square, triangle, diamond, inverted triangle, cross.
  func marker(_ x: Double, _ y: Double) -> String {
    func path(_ points: [(Double, Double)]) -> String {
      "M" + points.map { "\(coordinate(x + $0)) \(coordinate(y + $1))" }.joined(separator: "L") + "Z"
    }
    switch index {
    case 0:
      let r = 2.6
      return "M\(coordinate(x - r)) \(coordinate(y))a\(r) \(r) 0 1 0 \(2 * r) 0a\(r) \(r) 0 1 0 \(-2 * r) 0Z"
    case 1: return path([(-2.5, -2.5), (2.5, -2.5), (2.5, 2.5), (-2.5, 2.5)])
    case 2: return path([(0, -3.3), (3.2, 2.4), (-3.2, 2.4)])
    case 3: return path([(0, -3.6), (3.6, 0), (0, 3.6), (-3.6, 0)])
    case 4: return path([(0, 3.3), (3.2, -2.4), (-3.2, -2.4)])
    default:
      return path([
        (-3, -2), (-2, -3), (0, -1), (2, -3), (3, -2), (1, 0), (3, 2), (2, 3), (0, 1), (-2, 3), (-3, 2), (-1, 0),
      ])
    }
  }
}

/// An SVG coordinate, rounded to a hundredth.
func coordinate(_ value: Double) -> String {
  let text = "\((value * 100).rounded() / 100)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// A curve for a terminal, drawn from heights in 0...1 with eight levels; long curves are thinned to 30 points.
func sparkline(_ heights: [Double]) -> String {
  let finite = heights.filter(\.isFinite)
  let thinned = finite.count <= 30 ? finite : (0..<30).map { finite[$0 * (finite.count - 1) / 29] }
  return String(thinned.map { Array("▁▂▃▄▅▆▇█")[Int((min(max($0, 0), 1) * 7).rounded())] })
}
