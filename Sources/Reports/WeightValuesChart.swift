import Networks
import Nightly
import WeightDistributions

// What the drawings of errors by the number of weight values have in common, in reports of nights and runs and on the table's page.

extension Axis {
  /// The numbers of weight values of the grids that have a name.
  static var weightValues: Axis {
    Axis(
      label: "weight values", range: 1.6...5.4, isLogarithmic: false,
      ticks: [(2, "2 binary"), (3, "3 ternary"), (4, "4 quaternary"), (5, "5 quinary")].map {
        .init(value: $0.0, label: $0.1)
      })
  }
}

extension WeightGrid {
  /// The grid's place on the axis of weight values: the grids with an extra negative or positive value stand beside the symmetric one.
  var place: Double {
    switch self {
    case .quaternaryMinus: 3.75
    case .quaternaryPlus: 4.25
    default: Double(count)
    }
  }
}

extension [PaperTable.Row] {
  /// The weights that such a drawing has no place for, as a sentence with a space before it; empty if there are none.
  var notDrawnInWords: String {
    let weights = filter { $0.network.isDiscrete && WeightGrid.named($0.weights) == nil }.map(\.weights).unique
    guard !weights.isEmpty else { return "" }
    return " Weights without a place on the axis are not drawn: \(weights.joined(separator: "; "))."
  }
}

extension PaperTable.Row {
  /// The mean of the test errors in percent, with one standard deviation as whiskers, beside the place of a grid.
  func mean(at grid: WeightGrid, shift: Double) -> Chart.Point {
    let (y, deviation) = (testMean * 100, (testDeviation ?? 0) * 100)
    return Chart.Point(x: grid.place + shift, y: y, low: y - deviation, high: y + deviation, name: grid.name)
  }
}

extension [Chart] {
  /// What the horizontal lines of such drawings are, if they have any, and where their axes begin.
  var linesAndAxesInWords: String {
    (contains { !$0.rules.isEmpty } ? "The horizontal line is the mean of the network with real weights. " : "")
      + "The error axes need not begin at 0."
  }
}

extension Chart {
  /// Test errors by the number of weight values.
  ///
  /// - Parameter rows: all that is drawn; real networks are horizontal lines.
  static func weightValues(title: String, description: String, lines: [Line], rows: [PaperTable.Row]) -> Chart {
    let real = rows.filter { $0.network == .real }.map { $0.testMean * 100 }
    let values = lines.flatMap(\.points).flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] }
    return Chart(
      title: title, note: Numbers.seeds(rows.map(\.results.count)),
      description: description, x: .weightValues,
      y: .linear("test error, %", covering: values + real), lines: lines,
      rules: real.map { .init(name: NetworkKind.real.rawValue, style: SeriesStyle(.real), y: $0) },
      format: { Numbers.fixed($0, places: 2) + " %" })
  }
}
