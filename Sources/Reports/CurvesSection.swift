import Nightly
import Training

extension Report {
  /// The section on validation error and training loss by epoch.
  var curves: Section {
    let drawn = inCatalogueOrder(trainings.filter { !$0.curve.isEmpty }.map(\.experiment))
    let blocks: [Block] =
      drawn.isEmpty
      ? [missing("Tonight trained no network, so there are no learning curves:")]
      : [
        .paragraph([
          "Validation error of the deployed network, and mean training loss of the sampled one, after each epoch."
        ])
      ] + drawn.map { .figure(charts.curves(of: $0)) }
    return Section(id: "curves", title: "Learning curves", blocks: blocks)
  }
}

extension TrainingCharts {
  /// The learning curves of an experiment's networks, with the seeds of each network combined.
  func curves(of experiment: String) -> Figure {
    let all = records.filter { $0.experiment == experiment && !$0.curve.isEmpty }
    let main = mainWeights(of: experiment)
    let ofThis = all.filter { !$0.network.isDiscrete || $0.weights == main }
    let isWhole = ofThis.count == all.count
    let series = inOrder(ofThis.map(\.series))
    let seeds = ofThis.map(\.seed).unique.count
    return LearningCurve.figure(
      id: figureID("curves", experiment), title: experiment, [.validationError, .loss],
      series.map { series in
        LearningCurve(
          name: series.label(among: inOrder(ofThis.map(\.series))), style: SeriesStyle(series.network),
          records: ofThis.filter { $0.series == series })
      },
      caption: (seeds > 1 ? "The median over \(seeds) seeds." : "One seed.")
        + (isWhole
          ? "" : " Discrete weights: \(main ?? Numbers.none) only; the table above has the others’ errors."),
      commands: ofThis.map(\.command).unique)
  }
}
