import Experiments
import Nightly
import Training

/// The report of a night: what it found, beside the nights before it and the published figures.
///
/// From data to text, without files or the clock: the same nights give the same report.
package struct Report {
  /// Oldest first; the last is tonight's.
  let nights: [Night]
  /// Of tonight's trainings and of sweeps.
  let charts: TrainingCharts
  /// What a person types to call Signet, for the commands that the report names.
  let program: String

  /// - Parameters:
  ///   - nights: oldest first; the last is tonight's.
  ///   - sweeps: records of earlier sweeps.
  ///   - program: what a person types to call Signet.
  package init(nights: [Night], sweeps: [Sweep.Record], program: String = programInCheckout) {
    (self.nights, self.program) = (nights, program)
    let trainings = nights.last?.trainings ?? []
    charts = TrainingCharts(
      records: trainings, outcomes: Outcome.all(of: trainings, and: sweeps), program: program)
  }

  /// One file that needs no other, for a browser.
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

  /// What makes a night like tonight's.
  var nightCommand: String { tonight?.command ?? Self.wholeNight }

  /// What makes a night with everything on the built-in data.
  static let wholeNight = "ci/nightly"

  /// Says why a figure is not there, and what makes it.
  func missing(_ what: String, command: String = Report.wholeNight) -> Block {
    .commands(what.hasSuffix(":") ? what.dropLast() + ". To make them:" : what, [command])
  }
}

/// An id of letters, digits, `-` and `_`, another for every name.
func figureID(_ prefix: String, _ name: String) -> String {
  let letters = name.unicodeScalars.map { scalar in
    switch scalar {
    case "a"..."z", "0"..."9", "-": String(scalar)
    default: "_\(String(scalar.value, radix: 16))_"
    }
  }
  return "\(prefix)-\(letters.joined())"
}
