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
        "Neither tonight nor a sweep has errors of discrete weights",
        command: "\(program) sweep digits --results Benchmarks/results/digits.jsonl")
      return Section(id: "values", title: "The number of weight values", blocks: [missing])
    }
    return Section(id: "values", title: "The number of weight values", blocks: [.figure(figure)])
  }
}

extension TrainingCharts {
  /// The networks of a drawing: those of a trial that are real or have a grid with a name.
  private struct Drawn {
    let trial: PaperTable.Trial
    let records: [KnownRecord]

    var rows: [PaperTable.Row] { trial.rows.filter { $0.network == .real || WeightGrid.named($0.weights) != nil } }

    /// Networks and the grids of all discrete ones among them.
    struct Product: Hashable { let networks: [NetworkKind], weights: [String] }

    /// The networks of a seed as products of kinds and grids. Those without a grid are in each.
    func products(seed: UInt64) -> [Product] {
      let rows = rows.filter { $0.results.contains { $0.seed == seed } }
      let grids = WeightGrid.all.map(\.name).map { name in
        (name: name, networks: rows.filter { $0.network.isDiscrete && $0.weights == name }.map(\.network))
      }
      let others = rows.map(\.network).filter { !$0.isDiscrete }
      let kinds = grids.map(\.networks).unique.filter { !$0.isEmpty }
      return (kinds.isEmpty ? [[]] : kinds).map { kinds in
        Product(
          networks: NetworkKind.allCases.filter((others + kinds).contains),
          weights: kinds.isEmpty ? [] : grids.filter { $0.networks == kinds }.map(\.name))
      }
    }

    /// Whether the networks start from a real one that was read from a file.
    var startsFromFile: Bool { trial.data.contains { $0.file == KnownRecord.realNetworkFile } }
  }

  /// All trials. What determines a trained network can always be encoded.
  private var trials: [Drawn] {
    ((try? PaperTable.Trial.grouped(outcomes)) ?? []).map { Drawn(trial: $0.trial, records: $0.records) }
  }

  /// A figure of test errors by grid, a drawing for each trial; nil if there are none for discrete weights.
  ///
  /// - Parameter caption: whose seeds the means are over.
  func weightValues(caption: String) -> Figure? {
    let trials = trials
    let drawn = trials.filter { $0.rows.contains(where: \.network.isDiscrete) }
    guard !drawn.isEmpty else { return nil }
    let networks = NetworkKind.allCases.filter { kind in drawn.contains { $0.rows.contains { $0.network == kind } } }
    let panels = drawn.map { valuesPanel($0, title: title(of: $0, among: drawn)) }
    return Figure(
      id: "weight-values", title: "Test error by the number of weight values", panels: panels,
      legend: networks.map { .init(swatch: .series(SeriesStyle($0)), text: $0.rawValue) },
      caption: "Mean test error over the seeds \(caption).\(trials.flatMap(\.trial.rows).notDrawnInWords)",
      reading: """
        The networks of a drawing share version, data and all constants except for the grid and the seed. \
        Whiskers are one standard deviation. Lines go through the symmetric quaternary grid; hollow markers beside \
        it are the grids with an extra negative (left) or positive value (right). \(panels.linesAndAxesInWords)
        """, commands: drawn.flatMap(commands).unique)
  }

  /// What names a trial: its experiment, constants and epochs, and its version and data where those of others differ.
  private func title(of drawn: Drawn, among all: [Drawn]) -> String {
    let trial = drawn.trial
    let alike = all.map(\.trial).filter { $0.subject == trial.subject }
    let constants = trial.recipe.map { ["recipe \($0)"] } ?? trial.changes
    let epochs =
      drawn.startsFromFile ? counted(trial.discreteEpochs ?? 0, "epoch", "epochs") : trial.epochsInWords
    let version = Set(alike.map(\.signet)).count > 1 ? ["Signet \(trial.signet)"] : []
    return ([trial.subject] + constants + [epochs] + version + trial.dataInWords(among: alike)).joined(separator: ", ")
  }

  private func valuesPanel(_ drawn: Drawn, title: String) -> Chart {
    let rows = drawn.rows
    let networks = NetworkKind.allCases.filter { kind in kind != .real && rows.contains { $0.network == kind } }
    let lines = networks.enumerated().flatMap { index, network -> [Chart.Line] in
      // Side by side, so that whiskers do not cover each other.
      self.lines(of: network, rows, shift: (Double(index) - Double(networks.count - 1) / 2) * 0.07)
    }
    return .weightValues(
      title: title,
      description: "Test error of \(drawn.trial.subject) by the number of weight values, a line for each network.",
      lines: lines, rows: rows)
  }

  private func lines(of network: NetworkKind, _ rows: [PaperTable.Row], shift: Double) -> [Chart.Line] {
    func points(_ grids: [WeightGrid]) -> [Chart.Point] {
      grids.flatMap { grid in
        rows.filter { $0.network == network && $0.weights == grid.name }.map { $0.mean(at: grid, shift: shift) }
      }
    }
    let style = SeriesStyle(network)
    return [
      Chart.Line(
        name: network.rawValue, style: style, points: points([.binary, .ternary, .quaternarySymmetric, .quinary])),
      Chart.Line(
        name: "\(network.rawValue), quaternary-minus and -plus", style: style,
        points: points([.quaternaryMinus, .quaternaryPlus]), isLoose: true),
    ].filter { !$0.points.isEmpty }
  }

  /// The commands that reproduce the networks of a trial and no others: sweeps, if its constants are the experiment's; otherwise those
  /// of the trainings, as far as they are known.
  private func commands(_ drawn: Drawn) -> [String] {
    let trial = drawn.trial
    guard Experiment.named(trial.experiment) != nil, !trial.hasOtherConstants, !drawn.startsFromFile else {
      return drawn.records.compactMap(\.command)
    }
    let seeds = drawn.rows.flatMap { $0.results.map(\.seed) }.unique.sorted()
    let products = seeds.flatMap { seed in drawn.products(seed: seed).map { (seed: seed, product: $0) } }
    return products.map(\.product).unique.map { product in
      let weights = product.weights.isEmpty ? "" : " --weights \(product.weights.joined(separator: ","))"
      let networks = product.networks.map(\.rawValue).joined(separator: ",")
      let seeds = products.filter { $0.product == product }.map { String($0.seed) }.joined(separator: ",")
      let epochs = [
        product.networks == [.straightThrough] ? nil : trial.realEpochs.map { " --real-epochs \($0)" },
        product.networks == [.real] ? nil : trial.discreteEpochs.map { " --discrete-epochs \($0)" },
      ]
      return "\(program) sweep \(trial.experiment)\(weights) --networks \(networks) --seeds \(seeds)"
        + epochs.compactMap(\.self).joined() + dataOption(of: trial.experiment)
    }
  }
}
