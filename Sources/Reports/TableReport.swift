import Experiments
import Files
import Networks
import Training

/// The page of the paper's table: the question as figures, the table, comparisons between methods, published results, and what is
/// missing with its cost.
///
/// It turns records into text without reading files or the clock: the same records give the same page.
package struct TableReport {
  let table: PaperTable
  /// The files that the records were read from.
  let sources: [String]
  let program: String

  package init(_ table: PaperTable, sources: [String], program: String = "signet") {
    (self.table, self.sources, self.program) = (table, sources, program)
  }

  /// The page for a browser, as a self-contained HTML file.
  package func html() -> String { HTMLWriter(title: title, sections: sections).document() }

  /// The page for a terminal.
  package func markdown() -> String { MarkdownWriter(sections: sections).document() }

  var title: String { "The paper’s table" }

  /// What names a trial in headings, with the constants and the data in which others of the same name differ.
  func title(of trial: PaperTable.Trial) -> String {
    let alike = table.trials.filter { $0.title == trial.title }
    let changes = trial.changes.filter { change in
      trial.recipe == nil && !alike.allSatisfy { $0.changes.contains(change) }
    }
    return ([trial.title] + changes + trial.dataInWords(among: alike)).joined(separator: ", ")
  }

  var sections: [Section] {
    [head, question, results, comparisons, published, missing, curves, records].filter { !$0.blocks.isEmpty }
  }

  /// The first section: how much of the paper's table there is, and what the page leaves out.
  private var head: Section {
    let wanted = table.networks.count * table.seedsWanted
    let missing = table.networks.reduce(0) { $0 + $1.missing }
    let words = " \(wanted - missing) of the \(wanted) networks of the paper’s table are trained as the paper says."
    var blocks: [Block] = [
      missing == 0
        ? .notice(.good, [.strong("✓ Complete."), .plain(words)])
        : .notice(.unsure, [.strong("? Incomplete."), .plain(words)]),
      .paragraph([
        """
        How does the number of weight values change the error, with sign activations, on several benchmarks? Roth et al. 2019 \
        (doi:10.1007/978-3-030-46147-8_23) train four networks per data set for three grids. \(table.seedsWanted) seeds of each are \
        wanted here (ours). 
        """,
        .strong("An error after fewer epochs than the paper’s is not the paper’s result:"),
        " networks stand together only if one version trained them on the same data with the same constants.",
      ]),
    ]
    if table.leftOut > 0 {
      let records = counted(
        table.leftOut, "record does not say what the network depends on and is",
        "records do not say what the network depends on and are")
      blocks.append(.notice(.unsure, [.plain("? \(records) left out.")]))
    }
    blocks += mixedData.map { .notice(.unsure, [.plain("? " + $0)]) }
    return Section(
      id: "paper-table", title: title,
      subtitle: counted(table.recordCount, "record", "records") + " of " + sources.joined(separator: ", "),
      blocks: blocks)
  }

  /// Experiments with results on several data sets. Custom ones are the same only with the same name of the data and the same layers.
  private var mixedData: [String] {
    table.trials.map(\.subject).unique.compactMap { subject in
      let sets = table.trials.filter { $0.subject == subject }.map(\.data)
      guard let other = sets.lazy.compactMap({ DataDifference(recorded: $0, expected: sets[0]) }).first else {
        return nil
      }
      return "\(subject) has results on several data sets (\(other)); they stand apart and are not compared."
    }
  }

  /// The section with the paper's question as figures.
  private var question: Section {
    let figures = table.trials.enumerated().compactMap(valuesFigure)
    guard !figures.isEmpty else {
      return Section(
        id: "question", title: "The number of weight values",
        blocks: [.paragraph(["No record is of a network with discrete weights of a grid that has a name."])])
    }
    return Section(id: "question", title: "The number of weight values", blocks: figures.map { .figure($0) })
  }

  /// The section of learning curves: of each trial, the networks whose records have one.
  private var curves: Section {
    let figures = table.trials.enumerated().flatMap { index, trial in
      NetworkKind.allCases.compactMap { curvesFigure(index, trial, $0) }
    }
    return Section(
      id: "curves", title: "Learning curves",
      blocks: figures.isEmpty
        ? [.paragraph(["No record has a learning curve; signet collect adds those of runs."])]
        : figures.map { .figure($0) })
  }
}

extension PaperTable.Trial {
  /// The epochs, such as `1000 + 500 epochs`.
  var epochsInWords: String {
    let epochs = [realEpochs, discreteEpochs].compactMap(\.self)
    return epochs.map(String.init).joined(separator: " + ") + (epochs == [1] ? " epoch" : " epochs")
  }

  /// How the constants compare with the experiment's.
  var protocolInWords: String {
    guard let differences else { return "no experiment of the catalogue" }
    if differences.isEmpty {
      return isOfPaper ? "the paper’s protocol" : "our protocol, of an experiment that the paper lacks"
    }
    return "not \(isOfPaper ? "the paper’s" : "the experiment’s") protocol: \(differences.joined(separator: ", "))"
  }

  /// What names the trial in headings, unless others have the same name.
  var title: String {
    let constants = recipe.map { ", recipe \($0)" } ?? (hasOtherConstants ? ", other constants" : "")
    return "\(subject)\(constants), \(epochsInWords), Signet \(signet)"
  }

  /// What tells the data from those of other trials: the files that not all of them have, and that of a real network.
  func dataInWords(among others: [PaperTable.Trial]) -> [String] {
    if data.isEmpty, others.contains(where: { !$0.data.isEmpty }) { return ["data not recorded"] }
    let own = data.filter { file in
      file.file == KnownRecord.realNetworkFile || !others.allSatisfy { $0.data.contains { $0.sha256 == file.sha256 } }
    }
    return own.map { "\($0.file) \($0.sha256.prefix(12))…" }
  }
}
