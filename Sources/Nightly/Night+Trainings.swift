import Training

extension Night {
  /// The results of the finished trainings, by series and seed.
  package var results: [TrainingRecord.Series: [UInt64: NetworkResult]] {
    trainings.reduce(into: [:]) { results, training in
      if let result = training.result { results[training.series, default: [:]][training.seed] = result }
    }
  }

  /// The files of a series' data; nil if the series has no training, or its records do not name them.
  package func dataFiles(of series: TrainingRecord.Series) -> [DataFile]? {
    trainings.first { $0.series == series }?.dataFiles
  }

  /// Adds a training. If there already is one of the same series and seed, both must have the same bits and errors.
  ///
  /// - Returns: what is wrong; nil if nothing is.
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
    if one.hasSameOutcome(as: other) { return nil }
    let (what, outcomes) =
      one.parametersSHA256 == other.parametersSHA256
      ? ("errors", [one, other].map(\.errorsInWords)) : ("bits", [one, other].map(\.parametersSHA256))
    return "\(training.series.subject), seed \(training.seed): expected the same \(what) again, "
      + "found \(outcomes[0]) and \(outcomes[1])"
  }
}
