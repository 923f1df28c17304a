import Training

extension Report {
  /// What an ensemble of sampled networks gains.
  var ensembles: Section {
    let evaluated = trainings.filter { !$0.ensemble.isEmpty }
    let drawn = inCatalogueOrder(evaluated.map(\.experiment))
    let blocks: [Block] =
      drawn.isEmpty
      ? [missing("No ensemble was evaluated tonight:", command: nightCommand)]
      : drawn.map { experiment in .figure(ensembleFigure(experiment, evaluated.filter { $0.experiment == experiment }))
      }
    return Section(id: "ensembles", title: "Ensembles", blocks: blocks)
  }

  private func ensembleFigure(_ experiment: String, _ trainings: [TrainingRecord]) -> Figure {
    let all = inOrder(trainings.map(\.series))
    var lines: [Chart.Line] = []
    for series in all {
      let ofThis = trainings.filter { $0.series == series }
      let style = SeriesStyle(series.network)
      if ofThis.count > 1 {
        lines += ofThis.map { training in
          .init(
            name: "", style: style,
            points: training.ensemble.map { .init(x: Double($0.members), y: $0.error * 100) }, isThin: true)
        }
      }
      let points = Set(ofThis.flatMap(\.ensemble).map(\.members)).filter { $0 > 0 }.sorted().compactMap { members in
        Spread(ofThis.flatMap(\.ensemble).filter { $0.members == members }.map { $0.error * 100 })
          .map { Chart.Point(x: Double(members), y: $0.mean) }
      }
      lines.append(.init(name: series.label(among: all), style: style, points: points))
    }
    let members = trainings.flatMap(\.ensemble).map(\.members)
    let chart = Chart(
      title: "test error", description: "Test error by the number of networks in the ensemble.",
      x: .powersOfTwo("networks in the ensemble, log scale", covering: members),
      y: .linear("test error, %", covering: lines.flatMap(\.points).map(\.y)), lines: lines,
      format: { Numbers.fixed($0, places: 2) + " %" })
    return Figure(
      id: figureID("ensemble", experiment), title: experiment, panels: [chart],
      legend: all.map { .init(swatch: .series(SeriesStyle($0.network)), text: $0.label(among: all)) },
      caption: [
        """
        Test error of networks sampled from the weights’ distributions, whose outputs are averaged; the mean over the \
        seeds, each of which is a thin line if there are several. The axis of errors does not begin at 0.
        """
      ], commands: trainings.map(\.command).unique)
  }
}
