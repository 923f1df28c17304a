import Training
import WeightDistributions

extension Report {
  /// The paper's question: what the number of weight values does to the error.
  var weightValues: Section {
    let drawn = inCatalogueOrder(outcomes.map(\.experiment)).flatMap(valuesFigures)
    let blocks: [Block] =
      drawn.isEmpty
      ? [
        missing(
          "Neither tonight nor a sweep has errors of discrete weights:",
          command: "\(program) sweep digits --results Benchmarks/results/digits.jsonl")
      ] : drawn.map { .figure($0) }
    return Section(id: "values", title: "Error and the number of weight values", blocks: blocks)
  }

  /// Epochs that networks have in common.
  private struct Budget: Hashable {
    let realEpochs, epochs: Int
  }

  private func valuesFigures(_ experiment: String) -> [Figure] {
    let ofThis = outcomes.filter { $0.experiment == experiment }
    let discrete = ofThis.filter { $0.network.isDiscrete && WeightGrid.named($0.weights) != nil }
    return discrete.map { Budget(realEpochs: $0.realEpochs, epochs: $0.epochs) }.unique.map { budget in
      let drawn = ofThis.filter {
        switch $0.network {
        case .real: $0.epochs == budget.realEpochs
        case .straightThrough: $0.epochs == budget.epochs
        case .discreteTanh, .discreteSign, .discreteSignFromTanh:
          $0.epochs == budget.epochs && $0.realEpochs == budget.realEpochs
        }
      }
      return valuesFigure(experiment, budget, drawn)
    }
  }

  private func valuesFigure(_ experiment: String, _ budget: Budget, _ outcomes: [Outcome]) -> Figure {
    let networks = NetworkKind.allCases.filter { kind in kind != .real && outcomes.contains { $0.network == kind } }
    let lines = networks.enumerated().flatMap { index, network -> [Chart.Line] in
      // Side by side, so that whiskers do not cover each other.
      self.lines(of: network, outcomes, shift: (Double(index) - Double(networks.count - 1) / 2) * 0.07)
    }
    let real = Spread(outcomes.filter { $0.network == .real }.map { $0.testError * 100 })
    let whiskers = lines.flatMap(\.points).flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] }
    let title = "\(experiment), \(budget.realEpochs) + \(budget.epochs) epochs"
    let chart = Chart(
      title: "test error", description: "Test error by the number of weight values, a line for each network.",
      x: Axis(
        label: "weight values", range: 1.6...5.4, isLogarithmic: false,
        ticks: [(2, "2 binary"), (3, "3 ternary"), (4, "4 quaternary"), (5, "5 quinary")].map {
          .init(value: $0.0, label: $0.1)
        }),
      y: .linear("test error, %", covering: whiskers + (real.map { [$0.mean] } ?? []), fromZero: true), lines: lines,
      rules: real.map { [.init(label: "real weights", style: SeriesStyle(.real), y: $0.mean)] } ?? [],
      format: { Numbers.fixed($0, places: 2) + " %" })
    let seeds = outcomes.map(\.seed).unique.count
    return Figure(
      id: figureID("values", "\(experiment)-\(budget.realEpochs)-\(budget.epochs)"), title: title, panels: [chart],
      legend: ([.real] + networks).filter { $0 != .real || real != nil }
        .map { .init(swatch: .series(SeriesStyle($0)), text: $0.rawValue) },
      caption: [
        """
        Mean test error over up to \(Numbers.count(seeds, "seed", "seeds")), of tonight and of sweeps, none counted \
        twice; whiskers are one standard deviation. The line goes through the symmetric quaternary grid; hollow markers \
        beside it are the grids with an extra negative (left) or positive value (right).
        """
      ], commands: commands(experiment, budget, outcomes))
  }

  private func lines(of network: NetworkKind, _ outcomes: [Outcome], shift: Double) -> [Chart.Line] {
    func point(_ grid: WeightGrid, _ x: Double) -> Chart.Point? {
      Spread(outcomes.filter { $0.network == network && $0.weights == grid.name }.map { $0.testError * 100 }).map {
        let deviation = $0.deviation ?? 0
        return .init(x: x + shift, y: $0.mean, low: $0.mean - deviation, high: $0.mean + deviation)
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

  private func commands(_ experiment: String, _ budget: Budget, _ outcomes: [Outcome]) -> [String] {
    let data = Experiment.named(experiment)?.data.isBuiltIn == true ? "" : " --data DIR"
    let seeds = outcomes.map(\.seed).unique.sorted().map(String.init).joined(separator: ",")
    return [
      """
      \(program) sweep \(experiment) --seeds \(seeds) --real-epochs \(budget.realEpochs) \
      --discrete-epochs \(budget.epochs)\(data)
      """
    ]
  }
}
