import Files
import Nightly
import Training

extension Report {
  /// The section on what ensembles of sampled networks gain.
  var ensembles: Section {
    let evaluated = trainings.filter { !$0.ensemble.isEmpty }
    let panels = inCatalogueOrder(evaluated.map(\.experiment)).map { experiment in
      ensemblePanel(experiment, evaluated.filter { $0.experiment == experiment })
    }
    guard !panels.isEmpty else {
      return Section(
        id: "ensembles", title: "Ensembles",
        blocks: [missing("No ensemble was evaluated tonight, so there are no curves")])
    }
    let figure = Figure(
      id: "ensemble-errors", title: "Test error by the number of networks", panels: panels,
      caption: """
        Test error of networks sampled from the weights’ distributions, whose outputs are averaged; the mean over \
        the seeds.
        """, reading: "Thin lines are single seeds, if there are several. The error axes need not begin at 0.",
      commands: evaluated.flatMap(Self.commands).unique)
    return Section(id: "ensembles", title: "Ensembles", blocks: [.figure(figure)])
  }

  /// The commands that train the network and evaluate the ensemble.
  private static func commands(of training: TrainingRecord) -> [String] {
    let run = "runs/ensemble-\(figureID(training.experiment, training.weights))-\(training.seed)"
    return [
      "\(training.command) --out \(run)",
      shellCommand(
        [programInCheckout, "evaluate", run, "--networks", training.network.rawValue, "--ensemble", "16"]
          + (training.data.map { ["--data", $0] } ?? [])),
    ]
  }

  private func ensemblePanel(_ experiment: String, _ trainings: [TrainingRecord]) -> Chart {
    let all = inOrder(trainings.map(\.series))
    var lines: [Chart.Line] = []
    for series in all {
      let ofThis = trainings.filter { $0.series == series }
      let (name, style) = (series.label(among: all), SeriesStyle(series.network))
      if ofThis.count > 1 {
        lines += ofThis.map { training in
          .init(
            name: "\(name), seed \(training.seed)", style: style,
            points: training.ensemble.map { .init(x: Double($0.members), y: $0.error * 100) }, isThin: true)
        }
      }
      let points = Set(ofThis.flatMap(\.ensemble).map(\.members)).filter { $0 > 0 }.sorted().compactMap { members in
        Spread(ofThis.flatMap(\.ensemble).filter { $0.members == members }.map { $0.error * 100 })
          .map { Chart.Point(x: Double(members), y: $0.mean) }
      }
      lines.append(.init(name: name, style: style, points: points))
    }
    let members = trainings.flatMap(\.ensemble).map(\.members)
    var chart = Chart(
      title: experiment, description: "Test error of \(experiment) by the number of networks in the ensemble.",
      x: .powersOfTwo("networks in the ensemble, log scale", covering: members),
      y: .linear("test error, %", covering: lines.flatMap(\.points).map(\.y)), lines: lines,
      format: { Numbers.fixed($0, places: 2) + " %" })
    chart.labelsEnds = chart.hasRoomForLabels
    return chart
  }
}
