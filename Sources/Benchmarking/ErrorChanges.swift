import Training

extension Judgement {
  /// Test errors of two nights, as distributions over seeds.
  ///
  /// A series whose shared seeds gave the same bits is the same without a test.
  ///
  /// - Parameter excuse: why a series of the earlier night is not there now without having vanished; nil if there is no reason.
  package func errorChanges(
    before: Night, after: Night, excuse: (TrainingRecord.Series) -> String?
  ) -> [Change] {
    let (old, new) = (before.results, after.results)
    let against = "night \(before.name)"
    var (pairs, missing) = ([Pair](), [Change]())
    for series in (Array(old.keys) + new.keys.filter { old[$0] == nil }).sorted(by: { $0.subject < $1.subject }) {
      let (one, other) = (old[series] ?? [:], new[series] ?? [:])
      let errors = { (results: [UInt64: NetworkResult]) in
        results.keys.sorted().compactMap { results[$0]?.testError }
      }
      if other.isEmpty, let excuse = excuse(series) {
        missing.append(
          Change(
            measure: .testError, subject: series.subject, against: against, before: errors(one), after: [], p: nil,
            correctedP: nil, estimate: nil, low: nil, high: nil, verdict: .tooFewData, reason: excuse))
        continue
      }
      let shared = one.keys.filter { other[$0] != nil }
      let isIdentical = shared.allSatisfy { one[$0]?.parametersSHA256 == other[$0]?.parametersSHA256 }
      pairs.append(
        Pair(
          series.subject, before: errors(one), after: errors(other),
          identity: isIdentical && !shared.isEmpty ? "the same bits from \(shared.count) seeds" : nil))
    }
    return changes(pairs, of: .testError, against: against) + missing
  }

  /// Times of two programs that ran in turns.
  package func timeChanges(before: [BenchmarkSamples], after: [BenchmarkSamples], against: String) -> [Change] {
    let names = Set((before + after).map(\.name)).sorted()
    return changes(
      names.map { name in
        Pair(
          name, before: before.first { $0.name == name }?.rounds ?? [],
          after: after.first { $0.name == name }?.rounds ?? [])
      }, of: .time, against: against)
  }
}

extension TrainingRecord.Series {
  /// In words.
  package var subject: String {
    "\(experiment), \(network.rawValue), \(weights), \(epochsInWords)"
  }
}

extension Night {
  /// What the finished trainings came to, by seed.
  package var results: [TrainingRecord.Series: [UInt64: NetworkResult]] {
    trainings.reduce(into: [:]) { results, training in
      if let result = training.result { results[training.series, default: [:]][training.seed] = result }
    }
  }

  /// Adds a training. One of the same series and seed that is there already must have the same bits.
  ///
  /// - Returns: what is wrong, if it has not.
  package mutating func add(_ training: TrainingRecord) -> String? {
    let index = trainings.firstIndex { $0.series == training.series && $0.seed == training.seed }
    guard let index else {
      trainings.append(training)
      return nil
    }
    let known = trainings[index]
    guard let one = known.result, let other = training.result else {
      if training.result != nil { trainings[index] = training }
      return nil
    }
    return one.parametersSHA256 == other.parametersSHA256
      ? nil
      : "\(training.series.subject), seed \(training.seed): expected the same bits again, "
        + "found \(one.parametersSHA256) and \(other.parametersSHA256)"
  }
}
