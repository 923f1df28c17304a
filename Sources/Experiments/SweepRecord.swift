import Files
import Networks
import Training

extension Sweep {
  /// One network, trained, with what it depends on.
  package struct Record: Sendable, Codable, Equatable {
    /// The experiment's name.
    package let experiment: String
    /// The seed of all randomness.
    package let seed: UInt64
    /// Epochs of the real network that it started from, or that it is.
    package let realEpochs: Int
    /// What its training came to.
    package let result: NetworkResult
    /// What the network is a function of; nil in records of versions that did not write it down.
    package let origin: Origin?

    package init(experiment: String, seed: UInt64, realEpochs: Int, result: NetworkResult, origin: Origin? = nil) {
      (self.experiment, self.seed, self.realEpochs, self.result) = (experiment, seed, realEpochs, result)
      self.origin = origin
    }

    /// False if the record says different things of itself.
    package var isConsistent: Bool {
      guard let configuration = origin?.configuration else { return true }
      return configuration.network == result.network && configuration.seed == seed
        && configuration.trainings.last?.constants.epochs == result.epochs
        && configuration.method.map { $0.weights == result.weights } ?? !result.network.isDiscrete
    }

    /// True if both trainings came to the same, whatever time they took.
    package func hasSameOutcome(as other: Record) -> Bool {
      result.parametersSHA256 == other.result.parametersSHA256 && result.testError == other.result.testError
        && result.validationError == other.result.validationError && result.bestEpoch == other.result.bestEpoch
    }
  }

  /// Why a record is not used for a network of a sweep that it looks like.
  package enum Difference: Hashable, Sendable {
    /// The record does not say what it depends on.
    case withoutOrigin
    case version(String)
    case data(DataDifference)
    /// The first field of the configuration that differs, in the record and in this sweep.
    case configuration(field: String, recorded: String, expected: String)
  }

  /// The records that are of this sweep's experiment, seeds, networks and weights, but not of its data, its version or its other
  /// constants, each with what differs; those whose network another record has are left out.
  package func unused(of records: [Record]) throws -> [Difference] {
    let known = Set(records.compactMap { $0.origin?.identity })
    let missing = wanted.filter { !known.contains($0.origin.identity) }
    return try records.compactMap { record in
      let network = missing.first { network in
        record.experiment == experiment.name && record.seed == network.origin.configuration.seed
          && record.result.network == network.origin.configuration.network && record.result.weights == network.weights
      }
      return try network.map { try difference(of: record, from: $0.origin) }
    }
  }

  private func difference(of record: Record, from expected: Origin) throws -> Difference {
    guard let origin = record.origin else { return .withoutOrigin }
    if let data = DataDifference(recorded: origin.data, expected: expected.data) { return .data(data) }
    guard origin.signet == expected.signet else { return .version(origin.signet) }
    let first = try FieldDifference.all(between: origin.configuration, and: expected.configuration).first
    return .configuration(field: first?.field ?? "", recorded: first?.first ?? "", expected: first?.second ?? "")
  }
}
