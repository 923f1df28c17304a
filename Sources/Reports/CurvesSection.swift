import Nightly
import Training

extension Report {
  /// The section on validation error and training loss by epoch.
  var curves: Section {
    let drawn = inCatalogueOrder(trainings.filter { !$0.curve.isEmpty }.map(\.experiment))
    let blocks: [Block] =
      drawn.isEmpty
      ? [missing("Tonight trained no network, so there are no learning curves")]
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
    let curves = series.map { one in
      LearningCurve(
        name: one.label(among: series), style: SeriesStyle(one.network), records: ofThis.filter { $0.series == one })
    }
    let seeds = curves.map(\.whole.count)
    return LearningCurve.figure(
      id: figureID("curves", experiment), title: experiment, [.validationError, .loss], curves,
      caption: (seeds.allSatisfy { $0 == 1 } ? "One seed." : "The median over \(Numbers.seeds(seeds)).")
        + (isWhole
          ? "" : " Discrete weights: \(main ?? Numbers.none) only; the table above has the others’ errors."),
      commands: ofThis.map(\.command).unique)
  }
}
