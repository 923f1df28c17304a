import Experiments
import Files
import Networks
import Nightly
import Training

extension RunReport {
  /// The first section: whether the runs are done, and their numbers.
  var head: Section {
    let all = runs.map(\.summary.run)
    let subjects = all.map { "\($0.experiment.name), \($0.experiment.architecture), \($0.weights)" }
    let seeds = all.map(\.seed).unique.sorted().map(String.init)
    let seedsInWords = (seeds.count == 1 ? "seed " : "seeds ") + seeds.joined(separator: ", ")
    var blocks = [verdict, .table(summary)]
    blocks += [.heading("SHA-256 of the parameters"), .table(digests)]
    let notes =
      runs.count == 1
      ? all.compactMap(\.note) : namedNotes(of: runs.map { (name: $0.name, note: $0.summary.run.note) })
    blocks += notes.map { .paragraph([.plain($0)]) }
    return Section(
      id: "run", title: title,
      subtitle: subjects.unique.joined(separator: "; ") + (all.count == 1 ? ", " : "; ") + seedsInWords,
      blocks: blocks)
  }

  private var verdict: Block {
    let unfinished = runs.filter { !$0.isDone }
    guard unfinished.isEmpty else {
      let words = unfinished.map { run in
        let which = runs.count > 1 ? "\(run.name): " : ""
        return which + (run.isTraining ? "in training, " : "stopped, ") + progress(of: run.summary) + "."
      }
      return .notice(.unsure, [.strong("? Unfinished."), .plain(" " + words.joined(separator: " "))])
    }
    let results = runs.flatMap { run in run.summary.wantedResults.map { (run.name, $0) } }
    guard let (name, best) = results.min(by: { $0.1.validationError < $1.1.validationError }) else {
      return .notice(.unsure, [.strong("? Empty."), " No network was trained."])
    }
    let whose = runs.count > 1 ? "\(best.network.rawValue) of \(name)" : best.network.rawValue
    // With those that are only a start for others.
    let trained = runs.reduce(0) { $0 + $1.summary.ownNetworks.count }
    let asked = trained > results.count ? " of those asked for" : ""
    let time = Numbers.duration(runs.reduce(0) { $0 + $1.summary.seconds })
    return .notice(
      .good,
      [
        .strong("✓ Done."),
        .plain(
          """
           \(counted(trained, "network", "networks")) in \(time) of training. The lowest validation error\(asked) is \
          \(Numbers.percent(best.validationError)), of \(whose), whose test error is \(Numbers.percent(best.testError)).
          """),
      ])
  }

  private func progress(of run: RunSummary) -> String {
    let trained = "\(run.wantedResults.count) of \(counted(run.run.networks.count, "network", "networks")) trained"
    guard let last = run.epochs.last?.report, run.result(of: last.network) == nil else {
      return trained
    }
    return trained + "; \(last.network.rawValue) is at epoch \(last.epoch) of \(last.epochs)"
  }

  private var names: [Table.Column] { (runs.count > 1 ? [.init(title: "run")] : []) + [.init(title: "network")] }

  private func names(_ run: Run, _ network: NetworkKind) -> [Table.Cell] {
    (runs.count > 1 ? [.init(run.name)] : []) + [.init(network.rawValue)]
  }

  private var summary: Table {
    let columns: [Table.Column] = [
      .init(title: "weights"), .init(title: "epochs (best)", isNumeric: true),
      .init(title: "validation error", isNumeric: true), .init(title: "test error", isNumeric: true),
      .init(title: "seconds", isNumeric: true),
    ]
    let rows = runs.flatMap { run in
      run.summary.networks.map { network -> [Table.Cell] in
        let weights = Table.Cell(run.summary.run.experiment.weights(of: network))
        return names(run, network) + [weights] + cells(of: network, run.summary)
      }
    }
    return Table(columns: names + columns, rows: rows)
  }

  /// The cells of a network: epochs, errors and seconds.
  private func cells(of network: NetworkKind, _ run: RunSummary) -> [Table.Cell] {
    if let result = run.result(of: network) {
      return [
        "\(result.epochs) (\(result.bestEpoch))", .init(Numbers.percent(result.validationError)),
        .init(Numbers.percent(result.testError)), .init(Numbers.fixed(result.seconds, places: 1)),
      ]
    }
    guard let last = run.epochs(of: network).last, let best = run.bestEpoch(of: network) else {
      return [.init("not begun", .unsure), .init(Numbers.none), .init(Numbers.none), .init(Numbers.none)]
    }
    return [
      "\(last.report.epoch) of \(last.report.epochs) (\(best.report.epoch))",
      .init(Numbers.percent(best.report.validationError)), .init("unfinished", .unsure),
      .init(Numbers.fixed(last.seconds, places: 1)),
    ]
  }

  private var digests: Table {
    let rows = runs.flatMap { run in
      run.summary.networks.map { network -> [Table.Cell] in
        var digest = Table.Cell(run.summary.result(of: network)?.parametersSHA256 ?? Numbers.none)
        digest.isCode = true
        return names(run, network) + [digest]
      }
    }
    return Table(columns: names + [.init(title: "digest")], rows: rows)
  }
}
