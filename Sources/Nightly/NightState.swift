/// The overall result of a night, computed from what was planned and what ran; no night is good by default.
package enum NightState: String, Sendable, CaseIterable {
  case good, worse, incomplete, empty
  case notVerified = "not verified"

  /// All states, the most severe last.
  package static let bySeverity: [NightState] = [.good, .incomplete, .empty, .worse, .notVerified]

  /// The exit code of `signet night run`.
  package var exitCode: Int32 {
    switch self {
    case .good: 0
    case .worse: 1
    case .incomplete: 3
    case .empty: 4
    case .notVerified: 65
    }
  }

  /// The meaning in words, for the help and the report.
  package var meaning: String {
    switch self {
    case .good: "everything that was planned ran, and nothing became worse or vanished"
    case .worse: "something became worse or vanished"
    case .incomplete: "something that was planned failed or did not run"
    case .empty: "nothing ran: no suite, no benchmark, no training"
    case .notVerified: "a suite failed, or none ran before the measurements"
    }
  }
}

extension Night {
  /// The most severe state that applies: not verified, worse, empty, incomplete, or good.
  package var state: NightState {
    let hasMeasured = !benchmarks.isEmpty || trainings.contains { $0.result != nil }
    if !isVerified && (hasMeasured || !verification.isEmpty) { return .notVerified }
    if !alarms.isEmpty && accepted == nil { return .worse }
    if !hasMeasured && verification.isEmpty { return .empty }
    return isComplete ? .good : .incomplete
  }

  /// True if the night is over and did everything that was planned. Records of older versions have no plan, so this is
  /// unknown for them.
  package var isComplete: Bool {
    guard isFinished, let plan, !plan.isEmpty else { return false }
    return plan.allSatisfy { $0.outcome == .done }
  }

  /// The state and the counts, such as "worse: 24 same, 1 worse, 3 not run, 2 failed".
  package var headline: String {
    var words = ["\(state.rawValue): \(counts)"]
    if plan == nil { words.append("recorded without a plan") }
    if !alarms.isEmpty && accepted != nil { words.append("accepted") }
    if !isFinished { words.append("unfinished") }
    return words.joined(separator: ", ")
  }

  /// The counts of verdicts and of planned steps that did not run or failed; less important counts of 0 are left out.
  package var counts: String {
    func measures(_ verdict: ChangeVerdict) -> Int { changes.count { $0.verdict == verdict } }
    func steps(_ outcome: Step.Outcome) -> Int { (plan ?? []).count { $0.outcome == outcome } }
    let always = [("same", measures(.same)), ("worse", measures(.worse))]
    let sometimes = [ChangeVerdict.vanished, .better, .tooFewData, .new].map { ($0.rawValue, measures($0)) }
    let missing = [("not run", measures(.notRun) + steps(.notRun)), ("failed", steps(.failed))]
    return (always + sometimes.filter { $0.1 > 0 } + missing).map { "\($0.1) \($0.0)" }.joined(separator: ", ")
  }

  /// The planned steps that failed, then those that did not run, grouped by reason.
  package var shortfalls: [Shortfall] {
    let missing = (plan ?? []).filter { $0.outcome != .done }.map { step in
      (Shortfall.Key(outcome: step.outcome, kind: step.kind, group: step.group, reason: step.reason), step.name)
    }
    let keys = missing.map(\.0).unique
    return [Step.Outcome.failed, .notRun].flatMap { outcome in
      keys.filter { $0.outcome == outcome }.map { key in
        Shortfall(key: key, names: missing.filter { $0.0 == key }.map(\.1))
      }
    }
  }

  /// Planned steps that share an outcome and its reason.
  package struct Shortfall: Sendable, Equatable {
    struct Key: Hashable, Sendable {
      let outcome: Step.Outcome
      let kind: Step.Kind
      let group, reason: String
    }

    let key: Key
    package let names: [String]
    package var outcome: Step.Outcome { key.outcome }

    /// A line such as "not run: 8 trainings of glyphs: the night's time was up".
    package var text: String { outcome.rawValue + rest }

    /// The text without the outcome.
    package var rest: String { ": \(subject): \(key.reason)" }

    private var subject: String {
      switch key.kind {
      case .suite: (names.count == 1 ? "suite " : "suites ") + names.joined(separator: ", ")
      case .benchmarks, .comparison: names.joined(separator: ", ")
      case .training:
        names.count == 1 ? "training \(names[0])" : "\(names.count) trainings of \(key.group)"
      }
    }
  }
}
