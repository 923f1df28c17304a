import Files
import Networks
import Training

extension Sweep {
  /// The result of one trained network, and what it depends on.
  package struct Record: Sendable, Codable, Equatable {
    /// The experiment's name.
    package let experiment: String
    /// The random seed.
    package let seed: UInt64
    /// The epochs of the real network: this network itself, or the one that it started from.
    package let realEpochs: Int
    /// The result of the training.
    package let result: NetworkResult
    /// What the network depends on; nil in records of versions that did not record it.
    package let origin: Origin?
    /// The version of the record's form; nil in the first.
    package let version: Int?
    /// The program and the machine; nil in records of the first form.
    package let run: Run?
    /// The learning curve; nil in records of the first form, and where none was kept.
    package let learningCurve: LearningCurve?

    /// The version of the form that this program writes.
    package static let version = 2

    package init(
      experiment: String, seed: UInt64, realEpochs: Int, result: NetworkResult, origin: Origin? = nil, run: Run? = nil,
      learningCurve: LearningCurve? = nil
    ) {
      (self.experiment, self.seed, self.realEpochs, self.result) = (experiment, seed, realEpochs, result)
      (self.origin, self.run, self.learningCurve) = (origin, run, learningCurve)
      version = run == nil && learningCurve == nil ? nil : Self.version
    }

    /// False if the record contradicts itself.
    package var isConsistent: Bool {
      if let learningCurve, !learningCurve.fits(result) { return false }
      guard let configuration = origin?.configuration else { return true }
      return configuration.network == result.network && configuration.seed == seed
        && configuration.trainings.last?.constants.epochs == result.epochs
        && configuration.method.map { $0.weights == result.weights } ?? !result.network.isDiscrete
    }

    /// True if both trainings had the same result, whatever time they took.
    package func hasSameOutcome(as other: Record) -> Bool { result.hasSameOutcome(as: other.result) }
  }

  /// Why a record that looks like one of a sweep's networks is not used for it.
  package enum Difference: Hashable, Sendable {
    /// The record does not say what it depends on.
    case withoutOrigin
    case version(String)
    case data(DataDifference)
    /// The first field of the configuration that differs, in the record and in this sweep.
    case configuration(field: String, recorded: String, expected: String)
  }

  /// How records differ that match this sweep's experiment, seeds, networks and weights, but not its data, its version
  /// or its other constants. Records of networks that have another, usable record are left out.
  package func unused(of records: [Record]) throws -> [Difference] {
    let known = Set(records.compactMap { $0.origin?.identity })
    let missing = wanted.filter { !known.contains($0.origin.identity) }
    return try records.compactMap { record in
      let network = missing.first { network in
        record.experiment == experiment.name && record.seed == network.origin.configuration.seed
          && record.result.network == network.origin.configuration.network && record.result.weights == network.weights
      }
      return try network.map { try Difference(of: record.origin, from: $0.origin) }
    }
  }
}

extension Sweep.Difference {
  /// The first difference of a network's origin from the one that is looked for.
  package init(of recorded: Origin?, from expected: Origin) throws {
    guard let recorded else {
      self = .withoutOrigin
      return
    }
    if let data = DataDifference(recorded: recorded.data, expected: expected.data) {
      self = .data(data)
    } else if recorded.signet != expected.signet {
      self = .version(recorded.signet)
    } else {
      let first = try FieldDifference.ofConstants(between: recorded.configuration, and: expected.configuration).first
      self = .configuration(field: first?.field ?? "", recorded: first?.first ?? "", expected: first?.second ?? "")
    }
  }
}
