import Files
import Networks
import Nightly
import Training

extension TableReport {
  /// The section with a table for each trial.
  var results: Section {
    let blocks = table.trials.flatMap { trial -> [Block] in
      let notes = trial.dataNotes.map { Block.paragraph([.strong("Data:"), .plain(" " + $0)]) }
      let data = trial.data.map { "\($0.file) \($0.sha256.prefix(12))…" }.joined(separator: ", ")
      return [
        .heading(title(of: trial)),
        .paragraph([.plain("\(capitalized(trial.protocolInWords)). Data files (SHA-256): \(data).")]),
      ] + notes + [.table(Table(columns: Self.resultColumns, rows: trial.rows.map(cells)))]
    }
    return Section(
      id: "results", title: "The table",
      blocks: blocks.isEmpty
        ? [.paragraph(["There are no records."])]
        : [
          .paragraph([
            """
            Errors are means ± standard deviation (n − 1) over the seeds. In a sum of epochs, the last term is the network’s own, and \
            the terms before it are those of the networks that it starts from; those of the protocol follow if they are others.
            """
          ])
        ] + blocks)
  }

  private static let resultColumns: [Table.Column] = [
    .init(title: "network"), .init(title: "weights"), .init(title: "seeds", isNumeric: true),
    .init(title: "validation error", isNumeric: true), .init(title: "test error", isNumeric: true),
    .init(title: "epochs", isNumeric: true),
    .init(title: "hours each", isNumeric: true),
  ]

  private func cells(_ row: PaperTable.Row) -> [Table.Cell] {
    func percent(_ mean: Double, _ deviation: Double?) -> Table.Cell {
      guard let deviation else { return .init(Numbers.percent(mean)) }
      return .init("\(Numbers.fixed(mean * 100, places: 2)) ± \(Numbers.percent(deviation))")
    }
    func sum(_ epochs: [Int]) -> String { epochs.map(String.init).joined(separator: " + ") }
    let whole = row.wholeEpochs == row.epochs ? nil : row.wholeEpochs.map { " of " + sum($0) }
    let hours = row.results.reduce(0) { $0 + $1.hours } / Double(row.results.count)
    return [
      .init(row.network.rawValue), .init(row.weights), .init("\(row.results.count)"),
      percent(row.validationMean, row.validationDeviation), percent(row.testMean, row.testDeviation),
      .init(sum(row.epochs) + (whole ?? ""), whole == nil ? nil : .unsure),
      .init(Numbers.hours(hours)),
    ]
  }

  /// The section that compares methods.
  var comparisons: Section {
    let trials = table.trials.filter { !$0.questions.isEmpty }
    let text = Block.paragraph([
      """
      Welch’s two-sided t-test of the test errors over seeds, the p-values corrected by Holm’s method within each question of a trial; a \
      difference is told if the corrected p is below \(Numbers.shortest(Question.level, digits: 2)). The test takes means as normal and \
      networks as independent, although those of one seed start from the same real network. The intervals are of single comparisons, 95 %, \
      uncorrected. With fewer than \(MethodComparison.fewestSeeds) seeds on either side there is no test.
      """
    ])
    let blocks = trials.flatMap { trial -> [Block] in
      [.heading(title(of: trial)), .table(Table(columns: Self.questionColumns, rows: trial.questions.map(cells)))]
        + trial.questions.map { question in
          .folded(
            capitalized(question.subject),
            [.table(Table(columns: Self.comparisonColumns, rows: question.comparisons.map(cells)))])
        }
    }
    return Section(
      id: "comparisons", title: "Differences between methods",
      blocks: blocks.isEmpty ? [.paragraph(["No trial has two methods to compare."])] : [text] + blocks)
  }

  private static let questionColumns: [Table.Column] =
    [.init(title: "question"), .init(title: "comparisons", isNumeric: true), .init(title: "differ", isNumeric: true)]
    + [MethodComparison.Verdict.notShown, .tooFewSeeds, .noSpread].map { .init(title: $0.rawValue, isNumeric: true) }

  private func cells(_ question: Question) -> [Table.Cell] {
    [.init(question.subject), .init("\(question.comparisons.count)")]
      + [
        question.count(.lower) + question.count(.higher), question.count(.notShown), question.count(.tooFewSeeds),
        question.count(.noSpread),
      ].map { .init("\($0)") }
  }

  private static let comparisonColumns: [Table.Column] = [
    .init(title: "first"), .init(title: "second"), .init(title: "seeds", isNumeric: true),
    .init(title: "second − first, points", isNumeric: true), .init(title: "95 % interval", isNumeric: true),
    .init(title: "p", isNumeric: true), .init(title: "corrected p", isNumeric: true), .init(title: "verdict"),
  ]

  private func cells(_ comparison: MethodComparison) -> [Table.Cell] {
    func points(_ fraction: Double) -> String { Numbers.signed(fraction * 100, places: 2) }
    let verdict: Table.Cell =
      switch comparison.verdict {
      case .lower: .init("second is lower", .good)
      case .higher: .init("second is higher", .bad)
      case .notShown: .init(comparison.verdict.rawValue, .quiet)
      case .tooFewSeeds, .noSpread: .init(comparison.verdict.rawValue, .unsure)
      }
    let interval = comparison.low.flatMap { low in comparison.high.map { "\(points(low)) to \(points($0))" } }
    return [
      .init("\(comparison.first)"), .init("\(comparison.second)"),
      .init("\(comparison.first.seeds), \(comparison.second.seeds)"), .init(points(comparison.difference)),
      .init(interval ?? Numbers.none), .init(Numbers.probability(comparison.p)),
      .init(Numbers.probability(comparison.correctedP)), verdict,
    ]
  }

  /// The section of published results.
  var published: Section {
    Section(
      id: "published", title: "Published test errors, %",
      blocks: [
        .table(PublishedResult.table), .paragraph([.plain(PublishedResult.caveats)]),
        .paragraph([.plain(PublishedResult.places)]),
      ])
  }

  /// The section on each trained network: where and how long, and its digest.
  var records: Section {
    let columns: [Table.Column] = [
      .init(title: "network"), .init(title: "weights"), .init(title: "seed", isNumeric: true),
      .init(title: "best epoch", isNumeric: true), .init(title: "validation error", isNumeric: true),
      .init(title: "test error", isNumeric: true), .init(title: "hours", isNumeric: true), .init(title: "machine"),
      .init(title: "program"), .init(title: "SHA-256 of the parameters"),
    ]
    let blocks = table.trials.map { trial -> Block in
      let rows = trial.rows.flatMap { row in
        row.results.map { result -> [Table.Cell] in
          let whole = result.parametersSHA256
          var digest = Table.Cell(whole.count > 16 ? "\(whole.prefix(16))…" : whole)
          digest.isCode = true
          return [
            .init(row.network.rawValue), .init(row.weights), .init("\(result.seed)"), .init("\(result.bestEpoch)"),
            .init(Numbers.percent(result.validationError)), .init(Numbers.percent(result.testError)),
            .init(Numbers.hours(result.hours)), .init(result.machine ?? "unknown"), .init(result.program ?? "unknown"),
            digest,
          ]
        }
      }
      return .folded(
        "\(title(of: trial)): \(counted(rows.count, "network", "networks"))",
        [.table(Table(columns: columns, rows: rows))])
    }
    return Section(id: "records", title: "Every network", blocks: blocks)
  }

  private func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
