import Networks
import Statistics

/// The test errors of a fixture experiment over several seeds: `Golden/results/<name>.json`.
package struct ErrorResults: Codable, Equatable, Sendable {
  /// The experiment, in words.
  package let what: String
  /// The networks in the order of training.
  package var networks: [NetworkErrors]

  /// The experiment and the networks, in words.
  var trainings: String { "\(what): \(networks.map(\.network.rawValue).joined(separator: ", "))" }

  /// The part of these results that a smaller experiment reproduces.
  func restricted(to experiment: ErrorExperiment) -> ErrorResults {
    var results = ErrorResults(
      what: experiment.what, networks: networks.filter { experiment.networks.contains($0.network) })
    for index in results.networks.indices {
      let whole = results.networks[index]
      results.networks[index].testErrors = Array(whole.testErrors.prefix(experiment.seeds.count))
      results.networks[index].parametersSHA256 = Array(whole.parametersSHA256.prefix(experiment.seeds.count))
    }
    return results
  }

  package struct NetworkErrors: Codable, Equatable, Sendable {
    package let network: NetworkKind
    /// Fractions of the test images, by seed from 1.
    package var testErrors: [Double]
    /// `Network.digest`, by seed.
    package var parametersSHA256: [String]

    package var mean: Double { moments.mean }

    private var moments: Moments { Moments(testErrors) }

    /// The variance of the mean over independent seeds. A single seed, which does not show one error's variance, has that of `other`'s.
    func meanVariance(orAsOf other: NetworkErrors) -> Double {
      (moments.variance ?? other.moments.variance ?? 0) / Double(testErrors.count)
    }
  }
}
