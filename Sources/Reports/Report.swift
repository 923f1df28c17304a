import Experiments
import Nightly
import Training

/// The report of a night: its results, compared with earlier nights and published figures.
///
/// A report turns data into text without reading files or the clock: the same nights give the same report.
package struct Report {
  /// The nights, oldest first; the last is tonight's.
  let nights: [Night]
  /// The charts of tonight's trainings and of sweeps.
  let charts: TrainingCharts
  /// The command that calls Signet, for the commands in the report.
  let program: String

  /// - Parameters:
  ///   - nights: oldest first; the last is tonight's.
  ///   - sweeps: records of earlier sweeps.
  ///   - program: the command that calls Signet.
  package init(nights: [Night], sweeps: [Sweep.Record], program: String = programInCheckout) {
    (self.nights, self.program) = (nights, program)
    let trainings = nights.last?.trainings ?? []
    charts = TrainingCharts(
      records: trainings, outcomes: KnownRecord.all(of: trainings, by: nights.last?.signet ?? "", and: sweeps),
      program: program)
  }

  /// What a report is made from, in a file: the nights and the records of sweeps.
  package struct Input: Codable, Equatable {
    package let nights: [Night]
    package let sweeps: [Sweep.Record]

    package init(nights: [Night], sweeps: [Sweep.Record]) { (self.nights, self.sweeps) = (nights, sweeps) }

    package var report: Report { Report(nights: nights, sweeps: sweeps) }
  }

  /// The report for a browser, as a self-contained HTML file.
  package func html() -> String { HTMLWriter(title: title, sections: sections).document() }

  /// The report for a terminal, with sparklines for curves.
  package func markdown() -> String { MarkdownWriter(sections: sections).document() }

  var tonight: Night? { nights.last }
  var trainings: [TrainingRecord] { tonight?.trainings ?? [] }

  var title: String { "Signet, night of " + (tonight.map { Numbers.moment(ofNight: $0.name) } ?? "none") }

  var sections: [Section] {
    [head, changes, paper, weightValues, curves, certainty, ensembles, speed, memory]
      + (tonight == nil ? [] : [circumstances])
  }

  /// The command that runs a night like tonight's.
  var nightCommand: String { tonight?.command ?? Self.wholeNight }

  /// The command that runs a night with everything on the built-in data.
  static let wholeNight = "ci/nightly"

  /// A block that says why a figure is missing, and which command makes it.
  func missing(_ what: String, command: String = Report.wholeNight) -> Block {
    .commands(what + ". To make them:", [command])
  }
}

/// An identifier of letters, digits, `-` and `_`, different for every name.
func figureID(_ prefix: String, _ name: String) -> String {
  let letters = name.unicodeScalars.map { scalar in
    switch scalar {
    case "a"..."z", "0"..."9", "-": String(scalar)
    default: "_\(String(scalar.value, radix: 16))_"
    }
  }
  return "\(prefix)-\(letters.joined())"
}
