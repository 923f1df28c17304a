import Files
import Networks
import Nightly
import Training
import WeightDistributions

extension TableReport {
  /// Test error by the number of weight values, a drawing for each activation; nil without networks whose grids have names.
  func valuesFigure(_ index: Int, _ trial: PaperTable.Trial) -> Figure? {
    let drawn = trial.rows.filter { WeightGrid.named($0.weights) != nil }
    guard drawn.contains(where: { $0.network.isDiscrete }) else { return nil }
    let panels = [NetworkKind.Activation.tanh, .sign].compactMap { valuesPanel(trial, drawn, $0) }
    let networks = NetworkKind.allCases.filter { kind in
      drawn.contains { $0.network == kind } || kind == .real && trial.rows.contains { $0.network == kind }
    }
    return Figure(
      id: "values-\(index + 1)", title: title(of: trial), panels: panels,
      legend: networks.map { .init(swatch: .series(SeriesStyle($0)), text: $0.rawValue) },
      caption: "Test error by the number of weight values: \(trial.protocolInWords).\(trial.rows.notDrawnInWords)",
      reading: """
        Hollow markers are single seeds; filled ones are means, with one standard deviation as whiskers. Lines go through the symmetric \
        quaternary grid. \(panels.linesAndAxesInWords)
        """,
      commands: [])
  }

  private func valuesPanel(
    _ trial: PaperTable.Trial, _ rows: [PaperTable.Row], _ activation: NetworkKind.Activation
  ) -> Chart? {
    let ofThis = rows.filter { $0.network.activation == activation }
    let networks = NetworkKind.allCases.filter { kind in ofThis.contains { $0.network == kind } }
    guard !networks.isEmpty else { return nil }
    let lines = networks.enumerated().flatMap { index, network in
      // Side by side, so that whiskers do not cover each other.
      self.lines(
        of: network, ofThis.filter { $0.network == network },
        shift: (Double(index) - Double(networks.count - 1) / 2) * 0.14)
    }
    return .weightValues(
      title: activation.rawValue,
      description:
        "Test error of \(trial.experiment) with \(activation.rawValue) activations by the number of weight values.",
      lines: lines, rows: ofThis + trial.rows.filter { $0.network == .real })
  }

  /// A line of means through the main grids, markers of means beside it, and a loose line of single seeds for each grid.
  private func lines(of network: NetworkKind, _ rows: [PaperTable.Row], shift: Double) -> [Chart.Line] {
    let style = SeriesStyle(network)
    let gridded = rows.compactMap { row in WeightGrid.named(row.weights).map { (grid: $0, row: row) } }
    let isMain = { (grid: WeightGrid) in grid.place == Double(grid.count) }
    let main = Chart.Line(
      name: network.rawValue, style: style,
      points: gridded.filter { isMain($0.grid) }.map { $0.row.mean(at: $0.grid, shift: shift) })
    let beside = gridded.filter { !isMain($0.grid) }.map { grid, row in
      Chart.Line(name: "\(network.rawValue), \(grid.name)", style: style, points: [row.mean(at: grid, shift: shift)])
    }
    let seeds = gridded.flatMap { grid, row in
      // A line of many points has no markers.
      stride(from: 0, to: row.testErrors.count, by: 16).map { first in
        Chart.Line(
          name: "\(network.rawValue), \(grid.name), seeds", style: style,
          points: row.testErrors.dropFirst(first).prefix(16).map {
            .init(x: grid.place + shift + 0.06, y: $0 * 100, name: grid.name)
          }, isLoose: true)
      }
    }
    return ([main] + beside + seeds).filter { !$0.points.isEmpty }
  }

  /// The learning curves of a network's rows, the seeds of each combined; nil if no record has one.
  func curvesFigure(_ index: Int, _ trial: PaperTable.Trial, _ network: NetworkKind) -> Figure? {
    let rows = trial.rows.filter { row in row.network == network && row.results.contains { $0.learningCurve != nil } }
    guard !rows.isEmpty else { return nil }
    let longest = rows.flatMap { $0.results.map { $0.learningCurve?.loss.count ?? 0 } }.max() ?? 0
    let curves = rows.enumerated().map { place, row in
      LearningCurve(
        name: row.weights, style: rows.count == 1 ? SeriesStyle(network) : SeriesStyle(place),
        records: row.results.compactMap { record(of: $0, row, trial) }, spacing: spacing(of: longest))
    }
    return LearningCurve.figure(
      id: figureID("curves-\(index + 1)", network.rawValue), title: "\(network.rawValue): \(title(of: trial))",
      [.validationError, .loss], curves,
      caption: spacing(of: longest) > 1 ? "One epoch in \(spacing(of: longest)) is drawn; the records have all." : "",
      commands: [])
  }

  private func record(of result: PaperTable.Result, _ row: PaperTable.Row, _ trial: PaperTable.Trial) -> TrainingRecord?
  {
    guard let curve = result.learningCurve else { return nil }
    let points = curve.loss.indices.map {
      EpochPoint(
        epoch: $0 + 1, loss: curve.loss[$0], trainingError: curve.trainingError[$0],
        validationError: curve.validationError[$0], learningRateScale: 1, certainty: nil)
    }
    return TrainingRecord(
      experiment: trial.experiment, architecture: "", weights: row.weights, network: row.network, seed: result.seed,
      epochs: curve.loss.count, realEpochs: trial.realEpochs ?? 0, command: "", curve: points,
      result: NetworkResult(
        network: row.network, weights: row.weights, activation: row.network.activation.rawValue,
        epochs: curve.loss.count,
        bestEpoch: result.bestEpoch, validationError: result.validationError, testError: result.testError,
        seconds: result.hours * 3600, parametersSHA256: result.parametersSHA256), peakMemory: nil)
  }

  /// Of how many epochs one is drawn, so that at most 200 are.
  private func spacing(of count: Int) -> Int { max(1, (count + 199) / 200) }
}
