import Files
import Networks
import Nightly
import Training
import WeightDistributions

extension Report {
  /// The section on the paper's question: how the number of weight values affects the error.
  var weightValues: Section {
    guard let figure = charts.weightValues(caption: "of tonight and of sweeps, without repetitions") else {
      let missing = missing(
        "Neither tonight nor a sweep has errors of discrete weights:",
        command: "\(program) sweep digits --results Benchmarks/results/digits.jsonl")
      return Section(id: "values", title: "The number of weight values", blocks: [missing])
    }
    return Section(id: "values", title: "The number of weight values", blocks: [.figure(figure)])
  }
}

extension TrainingCharts {
  /// A figure of test errors by grid; nil if there are none for discrete weights.
  ///
  /// - Parameter caption: whose seeds the means are over.
  func weightValues(caption: String) -> Figure? {
    let trials = inCatalogueOrder(outcomes.map(\.experiment)).flatMap(trials)
    guard !trials.isEmpty else { return nil }
    let networks = NetworkKind.allCases.filter { kind in
      trials.contains { $0.outcomes.contains { $0.network == kind } }
    }
    return Figure(
      id: "weight-values", title: "Test error by the number of weight values", panels: trials.map(valuesPanel),
      legend: networks.map { .init(swatch: .series(SeriesStyle($0)), text: $0.rawValue) },
      caption: "Mean test error over the seeds \(caption).",
      reading: """
        Whiskers are one standard deviation. Lines go through the symmetric quaternary grid; hollow markers beside \
        it are the grids with an extra negative (left) or positive value (right). The horizontal line is the network with real \
        weights. The error axes do not begin at 0.
        """, commands: trials.flatMap(commands))
  }

  /// The networks of an experiment that were trained for the same number of epochs.
  private struct Trial {
    let experiment: String
    let epochs: Epochs
    let outcomes: [Outcome]

    struct Epochs: Hashable {
      let real, discrete: Int
    }
  }

  private func trials(of experiment: String) -> [Trial] {
    let ofThis = outcomes.filter { $0.experiment == experiment }
    let discrete = ofThis.filter { $0.network.isDiscrete && WeightGrid.named($0.weights) != nil }
    return discrete.map { Trial.Epochs(real: $0.realEpochs, discrete: $0.epochs) }.unique.map { epochs in
      Trial(
        experiment: experiment, epochs: epochs,
        outcomes: ofThis.filter {
          switch $0.network {
          case .real: $0.epochs == epochs.real
          case .straightThrough: $0.epochs == epochs.discrete
          case .discreteTanh, .discreteSign, .discreteSignFromTanh:
            $0.epochs == epochs.discrete && $0.realEpochs == epochs.real
          }
        })
    }
  }

  private func valuesPanel(_ trial: Trial) -> Chart {
    let networks = NetworkKind.allCases.filter { kind in
      kind != .real && trial.outcomes.contains { $0.network == kind }
    }
    let lines = networks.enumerated().flatMap { index, network -> [Chart.Line] in
      // Side by side, so that whiskers do not cover each other.
      self.lines(of: network, trial.outcomes, shift: (Double(index) - Double(networks.count - 1) / 2) * 0.07)
    }
    let real = Spread(trial.outcomes.filter { $0.network == .real }.map { $0.testError * 100 })
    let whiskers = lines.flatMap(\.points).flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] }
    let seeds = trial.outcomes.map(\.seed).unique.count
    return Chart(
      title: "\(trial.experiment), \(trial.epochs.real) + \(trial.epochs.discrete) epochs",
      note: counted(seeds, "seed", "seeds"),
      description: "Test error of \(trial.experiment) by the number of weight values, a line for each network.",
      x: .weightValues,
      y: .linear("test error, %", covering: whiskers + (real.map { [$0.mean] } ?? [])), lines: lines,
      rules: real.map { [.init(name: NetworkKind.real.rawValue, style: SeriesStyle(.real), y: $0.mean)] } ?? [],
      format: { Numbers.fixed($0, places: 2) + " %" })
  }

  private func lines(of network: NetworkKind, _ outcomes: [Outcome], shift: Double) -> [Chart.Line] {
    func point(_ grid: WeightGrid, _ x: Double) -> Chart.Point? {
      Spread(outcomes.filter { $0.network == network && $0.weights == grid.name }.map { $0.testError * 100 }).map {
        let deviation = $0.deviation ?? 0
        return .init(x: x + shift, y: $0.mean, low: $0.mean - deviation, high: $0.mean + deviation, name: grid.name)
      }
    }
    let main = [WeightGrid.binary, .ternary, .quaternarySymmetric, .quinary].compactMap { point($0, Double($0.count)) }
    let beside = [point(.quaternaryMinus, 3.75), point(.quaternaryPlus, 4.25)].compactMap(\.self)
    let style = SeriesStyle(network)
    return [
      Chart.Line(name: network.rawValue, style: style, points: main),
      Chart.Line(name: "\(network.rawValue), quaternary-minus and -plus", style: style, points: beside, isLoose: true),
    ].filter { !$0.points.isEmpty }
  }

  /// The commands that reproduce a trial: a sweep or, for a custom architecture, which sweeps do not support, tonight's
  /// trainings.
  private func commands(_ trial: Trial) -> [String] {
    guard Experiment.named(trial.experiment) != nil else { return trial.outcomes.compactMap(\.command).unique }
    let seeds = trial.outcomes.map(\.seed).unique.sorted().map(String.init).joined(separator: ",")
    let weights = WeightGrid.all.map(\.name).filter { name in trial.outcomes.contains { $0.weights == name } }
    let sweep = """
      \(program) sweep \(trial.experiment) --weights \(weights.joined(separator: ",")) --seeds \(seeds) \
      --real-epochs \(trial.epochs.real) --discrete-epochs \(trial.epochs.discrete)\(dataOption(of: trial.experiment))
      """
    return [sweep]
  }
}
