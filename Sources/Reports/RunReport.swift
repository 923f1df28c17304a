import Experiments
import Files
import Networks
import Nightly
import Training

/// The report of one run, or of several side by side: the results of their networks, and how they learned.
///
/// It shares its charts with the report of a night, and turns data into text without reading files or the clock.
package struct RunReport {
  let runs: [Run]
  let program: String

  /// A run with its name in the report.
  struct Run {
    let name: String
    let summary: RunSummary
    /// Whether a process is training it now.
    let isTraining: Bool
    let records: [TrainingRecord]
    /// The command that trains the run again; nil if there is none.
    let command: String?

    var isDone: Bool { summary.isDone }
  }

  /// - Parameters:
  ///   - runs: one or more runs, each with whether a process is training it now.
  ///   - program: the command that calls Signet.
  package init(_ runs: [(summary: RunSummary, isTraining: Bool)], program: String = "signet") {
    precondition(!runs.isEmpty, "RunReport: no run")
    let names = Self.names(of: runs.map(\.summary.path))
    self.program = program
    self.runs = zip(names, runs).map { name, run in
      let job = Self.job(of: run.summary)
      // A run records neither the folder of custom images nor the place of a real network's file.
      let record = run.summary.run
      let command =
        record.experiment.data.files == nil && record.realSHA256 == nil ? job.commandLine(program: program) : nil
      return Run(
        name: name, summary: run.summary, isTraining: run.isTraining,
        records: TrainingRecord.records(
          of: run.summary, NetworkKind.allCases, subject: job.subject, command: command ?? "", data: job.data),
        command: command)
    }
  }

  /// The job that trains a run again; data that are not built in are assumed to be in the directory that the README names.
  private static func job(of run: RunSummary) -> TrainingJob {
    let record = run.run
    return TrainingJob(
      record.experiment, networks: record.networks, seed: record.seed, realEpochs: record.realEpochs,
      discreteEpochs: record.discreteEpochs,
      data: record.experiment.data.isBuiltIn ? nil : "data/\(record.experiment.data.name)")
  }

  /// The last components of the paths, as many as are needed to distinguish the runs.
  static func names(of paths: [String]) -> [String] {
    let parts = paths.map { $0.split(separator: "/").map(String.init) }
    let longest = parts.map(\.count).max() ?? 1
    for count in 1...max(1, longest) {
      let names = parts.map { $0.suffix(count).joined(separator: "/") }
      if Set(names).count == names.count { return names.map { $0.isEmpty ? "/" : $0 } }
    }
    return paths.enumerated().map { "\($1) (\($0 + 1))" }
  }

  /// The report for a browser, as a self-contained HTML file.
  package func html() -> String { HTMLWriter(title: title, sections: sections).document() }

  /// The report for a terminal, with sparklines for curves.
  package func markdown() -> String { MarkdownWriter(sections: sections).document() }

  var title: String {
    guard runs.count == 1 else { return "\(runs.count) runs: \(runs.map(\.name).joined(separator: ", "))" }
    return "Run \(runs[0].name)"
  }

  var charts: TrainingCharts {
    TrainingCharts(
      records: runs.flatMap(\.records),
      outcomes: KnownRecord.unrepeated(runs.flatMap { KnownRecord.all(of: $0.summary, command: $0.command) }),
      program: program)
  }

  var sections: [Section] {
    [head, curves, weightValues, certainty, circumstances].filter { !$0.blocks.isEmpty }
  }
}
