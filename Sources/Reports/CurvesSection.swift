import Nightly
import Training

extension Report {
  /// Validation error and training loss by epoch.
  var curves: Section {
    let drawn = inCatalogueOrder(trainings.filter { !$0.curve.isEmpty }.map(\.experiment))
    let blocks: [Block] =
      drawn.isEmpty
      ? [missing("Tonight trained no network, so there are no learning curves:")]
      : [
        .paragraph([
          "Validation error of the deployed network, and mean training loss of the sampled one, after each epoch."
        ])
      ] + drawn.map { .figure(curveFigure($0)) }
    return Section(id: "curves", title: "Learning curves", blocks: blocks)
  }

  private func curveFigure(_ experiment: String) -> Figure {
    let all = trainings.filter { $0.experiment == experiment && !$0.curve.isEmpty }
    let main = mainWeights(of: experiment)
    let ofThis = all.filter { !$0.network.isDiscrete || $0.weights == main }
    let isWhole = ofThis.count == all.count
    let series = inOrder(ofThis.map(\.series))
    let seeds = ofThis.map(\.seed).unique.count
    return Figure(
      id: figureID("curves", experiment), title: experiment,
      panels: [
        panel("validation error, %", ofThis, series, places: 2) { $0.validationError * 100 },
        panel("training loss", ofThis, series, places: 3) { $0.loss },
      ],
      legend: series.map { .init(swatch: .series(SeriesStyle($0.network)), text: $0.label(among: series)) },
      caption: (seeds > 1 ? "The median over \(seeds) seeds." : "One seed.")
        + (isWhole
          ? "" : " Of the discrete weights \(main ?? Numbers.none); the others’ errors stand in the table above."),
      reading: seeds > 1 ? "Thin lines are the seeds." : "",
      commands: ofThis.map(\.command).unique)
  }

  private func panel(
    _ title: String, _ trainings: [TrainingRecord], _ all: [TrainingRecord.Series], places: Int,
    of value: (EpochPoint) -> Double
  ) -> Chart {
    var lines: [Chart.Line] = []
    for series in all {
      let curves = trainings.filter { $0.series == series }.map(\.curve)
      let style = SeriesStyle(series.network)
      if curves.count > 1 {
        lines += curves.map { curve in
          .init(
            name: "", style: style, points: curve.map { .init(x: Double($0.epoch), y: value($0)) }, isThin: true)
        }
      }
      let epochs = Set(curves.joined().map(\.epoch)).sorted()
      let points = epochs.compactMap { epoch in
        Spread(curves.flatMap { curve in curve.filter { $0.epoch == epoch }.map(value) })
          .map { Chart.Point(x: Double(epoch), y: $0.median) }
      }
      lines.append(.init(name: series.label(among: all), style: style, points: points))
    }
    let points = lines.flatMap(\.points)
    return Chart(
      title: title,
      description: "\(title), by epoch, of \(Numbers.count(all.count, "network", "networks")).",
      x: .linear("epoch", covering: points.map(\.x), fromZero: true, wholeNumbers: true),
      y: .fitting("", covering: points.map(\.y)), lines: lines, format: { Numbers.fixed($0, places: places) })
  }
}
