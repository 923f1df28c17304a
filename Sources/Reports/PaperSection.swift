import Networks
import Nightly
import Training

extension Report {
  /// The section with the paper's table, as far as tonight trained it, and published rivals.
  var paper: Section {
    var blocks: [Block] = [
      .paragraph([
        """
        Four networks per data set (Roth et al. 2019, doi:10.1007/978-3-030-46147-8_23), and the straight-through \
        baseline (Hubara et al. 2016). Errors are on the test set, mean ± standard deviation over the seeds. 
        """,
        .strong("An error after fewer epochs than the paper’s is not the paper’s result:"),
        """
         the table shows the epochs trained next to the paper’s. In a sum of epochs, the last term is the network’s own, \
        and the terms before it are those of the networks that it starts from.
        """,
      ])
    ]
    let rows = inCatalogueOrder(trainings.map(\.experiment)).flatMap(rows)
    if !rows.isEmpty { blocks.append(.table(Table(columns: Self.columns, rows: rows))) }
    let left = Experiment.paper.filter { experiment in !trainings.contains { $0.experiment == experiment.name } }
    if !left.isEmpty {
      blocks.append(
        .commands(
          "Not trained tonight: \(left.map(\.name).joined(separator: ", ")). To train them:",
          left.map { "\(program) reproduce \($0.name)\(charts.dataOption(of: $0.name))" }))
    }
    blocks += [
      .heading("Published test errors, %"), .table(PublishedResult.table),
      .paragraph([.plain(PublishedResult.caveats)]),
    ]
    return Section(id: "paper", title: "The paper’s table", blocks: blocks)
  }

  private static let columns: [Table.Column] = [
    .init(title: "experiment"), .init(title: "network"), .init(title: "weights"),
    .init(title: "test error", isNumeric: true), .init(title: "seeds", isNumeric: true),
    .init(title: "epochs", isNumeric: true), .init(title: "the paper’s epochs", isNumeric: true),
  ]

  private func rows(of experiment: String) -> [[Table.Cell]] {
    let ofThis = trainings.filter { $0.experiment == experiment }
    return inOrder(ofThis.map(\.series)).map { series in
      let results = ofThis.filter { $0.series == series }.map(\.result)
      let error = Spread(results.compactMap { $0?.testError })
      let unfinished = results.filter { $0 == nil }.count
      return [
        .init(experiment), .init(series.network.rawValue), .init(series.weights),
        error.map { .init(Numbers.percent($0)) } ?? .init("not finished", .unsure),
        .init("\(results.count - unfinished)" + (unfinished == 0 ? "" : " of \(results.count)")),
        .init(Self.epochs(real: series.realEpochs, own: series.epochs, of: series.network)),
        .init(paperEpochs(of: series)),
      ]
    }
  }

  private func paperEpochs(of series: TrainingRecord.Series) -> String {
    guard let experiment = Experiment.named(series.experiment) else { return "not in the paper" }
    let epochs = Self.epochs(
      real: experiment.real.epochs, own: experiment.phase(of: series.network).epochs, of: series.network)
    if experiment.data.isBuiltIn { return "\(epochs) (ours)" }
    return series.network == .straightThrough ? "\(epochs) (of discrete networks)" : epochs
  }

  private static func epochs(real: Int, own: Int, of network: NetworkKind) -> String {
    switch network {
    case .real, .straightThrough: "\(own)"
    case .discreteTanh, .discreteSign: real == 0 ? "\(own)" : "\(real) + \(own)"
    case .discreteSignFromTanh: real == 0 ? "\(own) + \(own)" : "\(real) + \(own) + \(own)"
    }
  }
}
