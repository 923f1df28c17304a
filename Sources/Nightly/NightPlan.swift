import Benchmarking
import Experiments
import Training

extension Night {
  /// A planned step of a night, and its outcome.
  package struct Step: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable {
      /// A suite of `signet verify`.
      case suite
      /// All benchmarks of tonight's program.
      case benchmarks
      /// The times of tonight's program compared with those of an earlier one.
      case comparison
      case training
    }

    package enum Outcome: String, Codable, Sendable {
      case done, failed
      case notRun = "not run"
    }

    package let kind: Kind
    /// The name of the suite or of the training (`TrainingJob.name`), or a description.
    package let name: String
    /// The experiment of a training; for other steps, the name.
    package let group: String
    /// The series that a training measures.
    package let series: [TrainingRecord.Series]
    package var outcome = Outcome.notRun
    /// Why the step failed or did not run; empty if it is done.
    package var reason = "the night ended before it"

    package init(_ kind: Kind, _ name: String, group: String? = nil, series: [TrainingRecord.Series] = []) {
      (self.kind, self.name, self.group, self.series) = (kind, name, group ?? name, series)
    }
  }

  /// The name of the step that times tonight's program.
  package static let benchmarksName = "benchmarks"

  /// The plan of a night: all suites, the benchmarks if they were asked for, and the trainings.
  ///
  /// - Parameter baseline: the last night whose times are good; the benchmarks will be compared with its program.
  package static func plan(suites: [String], benchmarks: Bool, baseline: Night?, jobs: [TrainingJob]) -> [Step] {
    let timing = benchmarks ? [Step(.benchmarks, benchmarksName)] : []
    let comparison = benchmarks ? baseline.map { [Step(.comparison, "times against night \($0.name)")] } ?? [] : []
    return suites.map { Step(.suite, $0, group: "suites") } + timing + comparison
      + jobs.map { Step(.training, $0.name, group: $0.subject, series: $0.series) }
  }

  /// Replaces the plan, and keeps the steps that are done or failed, and the reason why times that are there were not compared.
  package mutating func replan(_ steps: [Step]) {
    let known = (plan ?? []).filter { $0.outcome != .notRun || $0.kind == .comparison && !benchmarks.isEmpty }
    plan = steps.map { step in known.first { ($0.kind, $0.name) == (step.kind, step.name) } ?? step }
  }

  /// The first planned training that is not among these jobs, or is there with other epochs.
  package func training(missingFrom jobs: [TrainingJob]) -> String? {
    plan?.first { step in
      step.kind == .training && !jobs.contains { $0.name == step.name && $0.series == step.series }
    }?.name
  }

  /// Records the outcome of a planned step.
  package mutating func mark(_ kind: Step.Kind, _ name: String, _ outcome: Step.Outcome, _ reason: String = "") {
    mark({ $0.kind == kind && $0.name == name }, outcome, reason)
  }

  /// Records the same outcome for all planned steps of a kind.
  package mutating func mark(all kind: Step.Kind, _ outcome: Step.Outcome, _ reason: String = "") {
    mark({ $0.kind == kind }, outcome, reason)
  }

  /// Records whether times were compared with those of the last night whose times are good: whether a base is that night's
  /// program, which its name says, and did not fail.
  package mutating func markComparison(with last: Night?, _ bases: [(name: String, failure: MeasurementFileError?)]) {
    guard let last else { return }
    let name = "night \(last.name)"
    let base = bases.first { $0.name == name || $0.name.hasPrefix("\(name) ") }
    let (outcome, reason): (Step.Outcome, String) =
      switch (base, base?.failure) {
      case (nil, _): (.notRun, bases.isEmpty ? "no --base was given" : "no --base is \(name)")
      case (_, let failure?): (.failed, "\(failure)")
      default: (.done, "")
      }
    mark(all: .comparison, outcome, reason)
  }

  private mutating func mark(_ isMeant: (Step) -> Bool, _ outcome: Step.Outcome, _ reason: String) {
    plan = plan?.map { step in
      guard isMeant(step) else { return step }
      var step = step
      (step.outcome, step.reason) = (outcome, reason)
      return step
    }
  }

  /// Adds a suite's result, and records its outcome in the plan.
  package mutating func add(_ suite: Suite) {
    verification.append(suite)
    if suite.cases == 0 && suite.failures.isEmpty {
      mark(.suite, suite.suite, .failed, "it has no cases")
    } else if let first = suite.failures.first {
      mark(.suite, suite.suite, .failed, "\(suite.failures.count) of \(suite.cases) cases, first \(first)")
    } else {
      mark(.suite, suite.suite, .done)
    }
  }
}
