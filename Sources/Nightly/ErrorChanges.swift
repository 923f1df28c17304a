import Benchmarking
import Experiments
import Files
import Training

extension Judgement {
  /// Compares tonight's test errors, as distributions over seeds, with each series' last good values.
  ///
  /// A series whose shared seeds gave the same bits and errors is the same without a test; with the same bits and other
  /// errors it is worse, in whichever direction they differ: what evaluates it has changed. A series that was measured
  /// only on other data before is new. A series that is missing tonight has vanished, unless the plan says why: if it
  /// was planned but did not run, the plan reports that, and if it was not planned, it counts as not run.
  package func errorChanges(_ history: NightHistory, tonight: Night) -> [Change] {
    let measured = tonight.results
    let known = history.series
    var (pairs, missing) = ([Pair](), [Change]())
    for series in known.union(measured.keys).sorted(by: { $0.subject < $1.subject }) {
      let after = measured[series] ?? [:]
      let data = tonight.dataFiles(of: series)
      let night = history.baseline(of: series, seeds: Set(after.keys), data: data)
      let before = night?.results[series] ?? [:]
      let against = night.map { "night \($0.name)" } ?? "no night"
      if after.isEmpty, let absence = tonight.absence(of: series) {
        if case .notPlanned(let reason) = absence {
          missing.append(
            .notRun(.testError, series.subject, against: against, before: Self.errors(before), reason: reason))
        }
        continue
      }
      let other = night == nil ? history.baselineOfOtherData(series, than: data) : nil
      pairs.append(
        Pair(
          series.subject, against: against, before: Self.errors(before), after: Self.errors(after),
          known: other.map { (.new, "on other data than night \($0.night.name): \($0.difference)") }
            ?? Self.known(before, after)))
    }
    return changes(pairs, of: .testError) + missing
  }

  /// The verdict that needs no test, by the seeds of both sides that have the same bits.
  private static func known(
    _ before: [UInt64: NetworkResult], _ after: [UInt64: NetworkResult]
  ) -> (verdict: ChangeVerdict, reason: String)? {
    let shared = before.compactMap { seed, result in after[seed].map { (result, $0) } }
    let sameBits = shared.filter { $0.parametersSHA256 == $1.parametersSHA256 }
    let contradictions = sameBits.count { !$0.hasSameOutcome(as: $1) }
    func text(_ count: Int) -> String { "the same bits from \(counted(count, "seed", "seeds"))" }
    if contradictions > 0 {
      return (.worse, "\(text(contradictions)), but other errors or another best epoch")
    }
    return !shared.isEmpty && sameBits.count == shared.count ? (.same, text(shared.count)) : nil
  }

  private static func errors(_ results: [UInt64: NetworkResult]) -> [Double] {
    results.keys.sorted().compactMap { results[$0]?.testError }
  }

  /// Compares the times of a program with those of others, all of which ran in turns. Holm's correction counts the tests
  /// against all of them.
  package func timeChanges(
    _ after: [BenchmarkSamples], against bases: [(name: String, samples: [BenchmarkSamples])]
  ) -> [Change] {
    let pairs = bases.flatMap { base in
      Set((base.samples + after).map(\.name)).sorted().map { name in
        Pair(
          name, against: base.name, before: base.samples.first { $0.name == name }?.rounds ?? [],
          after: after.first { $0.name == name }?.rounds ?? [])
      }
    }
    return changes(pairs, of: .time)
  }

  /// Times the benchmarks of two programs in turns, for the given number of rounds.
  ///
  /// - Parameters:
  ///   - package, base: the built benchmark packages: the one to judge, and the one to compare it with.
  ///   - scratch: a directory for the harness's files.
  ///   - progress: called with the numbers of each round and program, both from 1.
  /// - Throws: `MeasurementFileError`, `InterruptionError`
  package func timeChanges(
    of package: String, against base: String, rounds: Int, in scratch: String, _ interruption: Interruption,
    progress: (_ round: Int, _ program: Int) -> Void
  ) throws -> [Change] {
    var speed = SpeedRounds(programs: [base, package], scratch: scratch)
    try speed.run(
      deadline: ContinuousClock().now, rounds: rounds...rounds, needing: 0..<2, interruption: interruption,
      progress: progress)
    return timeChanges(speed.samples[1], against: [(base, speed.samples[0])])
  }

  /// The benchmarks of earlier nights, if tonight was not meant to time any and has not, either, before it was resumed.
  package func untimed(_ history: NightHistory, tonight: Night) -> [Change] {
    guard tonight.benchmarks.isEmpty, tonight.plan?.contains(where: { $0.kind == .benchmarks }) != true,
      let last = history.lastTimed
    else { return [] }
    return last.benchmarks.map {
      .notRun(.time, $0.name, against: "night \(last.name)", before: $0.rounds, reason: "no --benchmarks tonight")
    }
  }
}

extension Change {
  /// A measure of an earlier night that was not planned for tonight.
  static func notRun(
    _ measure: Measure, _ subject: String, against: String, before: [Double], reason: String
  ) -> Change {
    Change(
      measure: measure, subject: subject, against: against, before: before, after: [], p: nil, correctedP: nil,
      estimate: nil, low: nil, high: nil, verdict: .notRun, reason: reason)
  }
}

extension Night {
  /// Why a series of earlier nights is missing without having vanished.
  fileprivate enum Absence {
    /// The plan reports a step that failed or did not run.
    case told
    case notPlanned(String)
  }

  fileprivate func absence(of series: TrainingRecord.Series) -> Absence? {
    let steps = (plan ?? []).filter { $0.series.contains(series) }
    if steps.contains(where: { $0.outcome != .done }) { return .told }
    guard steps.isEmpty, Experiment.named(series.experiment)?.data.isBuiltIn == false else { return nil }
    let isTrained = (plan ?? []).contains { $0.group == series.experiment }
    return .notPlanned(isTrained ? "other epochs tonight" : "no --data tonight")
  }
}
