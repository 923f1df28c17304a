import Benchmarking
import Training

/// All nights of a results directory, and the rules that select the night to compare a measure with.
package struct NightHistory: Sendable {
  /// The nights in the order of their numbers, whatever the clock said; those without a number are from older versions
  /// and come first.
  package let nights: [Night]
  /// The errors of the records that cannot be read and are left out.
  package let damaged: [MeasurementFileError]

  package init(_ nights: [Night], damaged: [MeasurementFileError] = []) {
    self.nights = nights.sorted { ($0.number ?? 0, $0.name) < ($1.number ?? 0, $1.name) }
    self.damaged = damaged
  }

  /// The number of the next night.
  package var nextNumber: Int { (nights.compactMap(\.number).max() ?? 0) + 1 }

  /// The nights before the given one.
  package func before(_ night: Night) -> NightHistory {
    NightHistory(
      nights.filter { $0.name != night.name && ($0.number ?? 0) <= (night.number ?? .max) }, damaged: damaged)
  }

  /// The newest night whose times are good: it is finished, verified, timed, compared if that was planned, of a commit
  /// that can be built again, and without an alarm among its times, unless someone accepted the night.
  ///
  /// The comparison may be one with another base than planned, so that a night whose program no longer builds does not
  /// stay the last good one for ever.
  package var lastTimed: Night? {
    nights.last { night in
      night.isFinished && night.isVerified && !night.benchmarks.isEmpty && night.commit != nil && !night.isModified
        && !night.hasOpenAlarm { $0.measure == .time }
        && !(night.plan ?? []).contains {
          $0.outcome != .done && ($0.kind == .benchmarks || $0.kind == .comparison && !night.isTimeCompared)
        }
    }
  }

  /// The series that earlier nights measured, without those that vanished in an accepted night.
  package var series: Set<TrainingRecord.Series> {
    nights.reduce(into: []) { known, night in
      guard night.isFinished, night.isVerified else { return }
      known.formUnion(night.results.keys)
      guard night.accepted != nil else { return }
      let vanished = Set(night.changes.filter { $0.verdict == .vanished }.map(\.subject))
      known = known.filter { !vanished.contains($0.subject) }
    }
  }

  /// The night to compare a series with: the newest that is finished and verified, has all of the seeds, and in which
  /// the series had no alarm, unless someone accepted the night. If none has all seeds, the newest of those that have
  /// the most.
  ///
  /// - Parameter data: the files that the series must be of; nil if any will do, as does a record that does not name its own.
  package func baseline(of series: TrainingRecord.Series, seeds: Set<UInt64>, data: [DataFile]?) -> Night? {
    let same = good(series).filter { $0.otherData(series, data) == nil }
    func shared(_ night: Night) -> Int { seeds.intersection((night.results[series] ?? [:]).keys).count }
    let most = same.map(shared).max()
    return same.last { shared($0) == most }
  }

  /// The newest night that would be a series' baseline if it were not of other data than these, and how they differ.
  package func baselineOfOtherData(
    _ series: TrainingRecord.Series, than data: [DataFile]?
  ) -> (night: Night, difference: DataDifference)? {
    good(series).last.flatMap { night in night.otherData(series, data).map { (night, $0) } }
  }

  private func good(_ series: TrainingRecord.Series) -> [Night] {
    nights.filter { night in
      night.isFinished && night.isVerified && night.results[series] != nil
        && !night.hasOpenAlarm { $0.measure == .testError && $0.subject == series.subject }
    }
  }
}

extension Night {
  /// True if times were compared with those of any base.
  fileprivate var isTimeCompared: Bool { changes.contains { $0.measure == .time && $0.verdict != .notRun } }

  /// How a series' data differ from these files; nil if they do not, or if it is not known.
  fileprivate func otherData(_ series: TrainingRecord.Series, _ files: [DataFile]?) -> DataDifference? {
    guard let files, let own = dataFiles(of: series) else { return nil }
    return DataDifference(recorded: own, expected: files)
  }

  /// True if there is such an alarm and nobody has accepted the night.
  fileprivate func hasOpenAlarm(_ isMeant: (Change) -> Bool) -> Bool {
    accepted == nil && alarms.contains(where: isMeant)
  }
}
