import Experiments
import Files
import Networks
import Nightly
import Training
import WeightDistributions

extension RunReport {
  /// The section of learning curves: for one run, a figure with all networks; for several, a figure for each network
  /// with all runs.
  var curves: Section {
    guard runs.flatMap(\.records).contains(where: { !$0.curve.isEmpty }) else {
      return Section(id: "curves", title: "Learning curves", blocks: [.paragraph(["No epoch is over yet."])])
    }
    let text = Block.paragraph([
      """
      After each epoch: the validation error of the network as it would be deployed, and the mean loss and error of the \
      network in training.
      """
    ])
    let figures = runs.count == 1 ? [curves(of: runs[0])] : NetworkKind.allCases.compactMap(overlaid)
    return Section(id: "curves", title: "Learning curves", blocks: [text] + figures.map { .figure($0) })
  }

  private func curves(of run: Run) -> Figure {
    LearningCurve.figure(
      id: "curves-of-run", title: run.records.first?.experiment ?? run.name, LearningCurve.Measure.allCases,
      run.records.map { LearningCurve(name: $0.network.rawValue, style: SeriesStyle($0.network), records: [$0]) },
      caption: "", commands: [])
  }

  private func overlaid(_ network: NetworkKind) -> Figure? {
    let curves = runs.enumerated().flatMap { index, run in
      run.records.filter { $0.network == network }.map {
        LearningCurve(name: run.name, style: SeriesStyle(index), records: [$0])
      }
    }
    guard !curves.isEmpty else { return nil }
    return LearningCurve.figure(
      id: figureID("curves", network.rawValue), title: network.rawValue, LearningCurve.Measure.allCases, curves,
      caption: "", commands: [])
  }

  /// The section on the shares of the weights' values and, if the runs have several grids, on how the grid affects the
  /// error.
  var weightValues: Section {
    var blocks: [Block] = []
    let rows = runs.flatMap { run in run.records.flatMap { shares(of: $0, run) } }
    if !rows.isEmpty {
      let columns: [Table.Column] = [
        .init(title: "network and layer"), .init(title: "most probable values"),
      ]
      blocks += [
        .paragraph(["The shares of a layer’s weights by their most probable value, in the best epoch so far."]),
        .table(Table(columns: (runs.count > 1 ? [.init(title: "run")] : []) + columns, rows: rows)),
      ]
    }
    let charts = charts
    let grids = charts.outcomes.filter { $0.network.isDiscrete }.map(\.record.result.weights).unique
    if grids.count > 1, let figure = charts.weightValues(caption: "of these runs") { blocks.append(.figure(figure)) }
    return Section(id: "values", title: "The values of the weights", blocks: blocks)
  }

  private func shares(of record: TrainingRecord, _ run: Run) -> [[Table.Cell]] {
    let best = record.result.map(\.bestEpoch) ?? record.curve.min { $0.validationError < $1.validationError }?.epoch
    guard let layers = record.curve.first(where: { $0.epoch == best })?.certainty else { return [] }
    let grids = run.summary.run.experiment.method.grids
    let ofLayers = grids.count == 1 ? Array(repeating: grids[0], count: layers.count) : grids
    return zip(layers, ofLayers).enumerated().map { layer, values in
      let (certainty, grid) = values
      let total = max(1, Double(certainty.values.reduce(0, +)))
      let words = zip(grid.integers, certainty.values).map { integer, count in
        let value = Numbers.shortest(Double(integer) / Double(grid.denominator), digits: 4).replacing("-", with: "−")
        return "\(value): \(Numbers.percent(Double(count) / total, places: 1))"
      }
      return (runs.count > 1 ? [.init(run.name)] : [])
        + [.init("\(record.network.rawValue), layer \(layer + 1)"), .init(words.joined(separator: ", "))]
    }
  }

  /// The section on certainty: for one run, a figure for each discrete network; for several, one for each run.
  var certainty: Section {
    let figures = runs.flatMap { run -> [Figure] in
      let ofThis = TrainingCharts(records: run.records, outcomes: [], program: program)
      guard runs.count > 1 else {
        return run.records.compactMap {
          ofThis.certainty(of: $0, id: $0.network.rawValue, title: $0.network.rawValue, repeats: false)
        }
      }
      return run.records.compactMap(\.experiment).unique.compactMap { experiment in
        ofThis.certainTraining(of: experiment).flatMap {
          ofThis.certainty(of: $0, id: run.name, title: run.name, repeats: false)
        }
      }
    }
    return Section(
      id: "certainty", title: "How certain the weights become",
      blocks: figures.isEmpty ? [] : [TrainingCharts.certaintyInWords] + figures.map { .figure($0) })
  }

  /// The section on what determined the runs' results.
  var circumstances: Section {
    let blocks = runs.flatMap { run -> [Block] in
      (runs.count > 1 ? [.heading(run.name)] : []) + [.facts(facts(of: run))]
        + [run.command].compactMap(\.self).map { Block.commands("To train it again:", [$0]) }
    }
    return Section(
      id: "circumstances", title: runs.count == 1 ? "The run itself" : "The runs themselves", blocks: blocks)
  }

  private func facts(of run: Run) -> [(name: String, words: [Word])] {
    let record = run.summary.run
    let host = record.host
    let begun: [(name: String, words: [Word])] = record.begun.map { [("began", [.plain($0)])] } ?? []
    let changed = record.changedOptions
    let real: [(name: String, words: [Word])] =
      record.realNetworkInWords.map { [("real network", [.plain($0)])] } ?? []
    return [("directory", [.code(run.summary.path)]), ("experiment", [.plain(record.experiment.title)])] + begun + [
      (
        "took",
        [
          "\(Numbers.duration(run.summary.seconds)) of training, resumed \(counted(run.summary.resumptions, "time", "times"))"
        ]
      ),
      ("program", [.plain("Signet \(run.summary.programsInWords)")]),
      (
        "host",
        [
          "\(host.processor), \(counted(host.threads, "thread", "threads")), \(host.system), kernels for \(host.kernels)"
        ]
      ),
      ("changed options", [.plain(changed.isEmpty ? "none" : changed.joined(separator: ", "))]),
    ] + real + record.data.map { ("data", [.plain($0.file + " "), .code($0.sha256)]) }
  }
}
