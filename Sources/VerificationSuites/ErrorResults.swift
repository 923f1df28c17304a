import BuiltInDatasets
import Datasets
import Golden
import Networks
import Tensors
import Training
import Verification

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

    package var mean: Double { testErrors.reduce(0, +) / Double(testErrors.count) }

    /// The variance of one error over independent seeds; nil of a single seed, which does not show it.
    private var variance: Double? {
      guard testErrors.count > 1 else { return nil }
      let mean = mean
      return testErrors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(testErrors.count - 1)
    }

    /// The variance of the mean over independent seeds. A single seed's is that of one of `other`'s errors.
    func meanVariance(orAsOf other: NetworkErrors) -> Double {
      (variance ?? other.variance ?? 0) / Double(testErrors.count)
    }
  }
}

/// An experiment at fixture size, short enough to train for every change.
package struct ErrorExperiment: Sendable {
  /// The golden's name.
  package let name: String
  let experiment: Experiment
  var networks: [NetworkKind]
  let realEpochs, discreteEpochs: Int
  var seeds: ClosedRange<UInt64>

  /// The networks that a debug build can train in half a minute, with the first seed only and to the same bits.
  let few: [NetworkKind]
  var reduced: ErrorExperiment {
    var experiment = self
    experiment.networks = few
    experiment.seeds = seeds.lowerBound...seeds.lowerBound
    return experiment
  }

  package static let all = [
    ErrorExperiment(
      name: "digits", experiment: .digits, networks: NetworkKind.allCases, realEpochs: 10, discreteEpochs: 10,
      seeds: 1...5, few: [.real]),
    ErrorExperiment(
      name: "glyphs", experiment: glyphs, networks: [.real, .discreteSign, .straightThrough], realEpochs: 3,
      discreteEpochs: 4, seeds: 1...3, few: [.real, .straightThrough]),
  ]

  /// Drawn digits through a convolution.
  private static let glyphs = Experiment(
    name: "glyphs", title: "drawn digits, convolutional", data: .glyphs, architecture: "6C5-P2-32-10", batch: 25,
    real: Experiment.Phase(dropout: [0, 0.2, 0], epochs: 3, cooldown: 50, patience: 10, regularization: 1e-6),
    discrete: .discrete(dropout: [0, 0.2, 0], epochs: 4, cooldown: 50, patience: 10))

  /// The training in words.
  package var what: String {
    "\(experiment.architecture) on \(experiment.data.name), \(realEpochs) + \(discreteEpochs) epochs, "
      + (seeds.count == 1 ? "seed \(seeds.lowerBound)" : "seeds \(seeds.lowerBound) to \(seeds.upperBound)")
  }

  /// Trains with every seed.
  ///
  /// - Throws: `DataError`, `TrainingError`
  package func run(on device: Device) throws -> ErrorResults {
    guard let data = try experiment.data.load(from: nil) else {
      preconditionFailure("ErrorExperiment: \(experiment.data.name) is not built in")
    }
    let results = try seeds.flatMap { seed in
      let reproduction = Reproduction(
        experiment, data: data, realEpochs: realEpochs, discreteEpochs: discreteEpochs, seed: seed, device: device)
      var (trainings, results) = (try reproduction.trainings(of: Set(networks)), [NetworkResult]())
      while var run = try trainings.next() {
        while !run.isFinished {
          while try run.step() != nil {}
          _ = run.finishEpoch()
        }
        results.append(trainings.finish(run))
      }
      return results
    }
    return ErrorResults(
      what: what,
      networks: networks.map { network in
        let results = results.filter { $0.network == network }
        return .init(
          network: network, testErrors: results.map(\.testError), parametersSHA256: results.map(\.parametersSHA256))
      })
  }
}

/// Compares test errors over several seeds with the golden ones, as distributions.
package enum ResultSuite {
  /// The largest number of standard errors by which a mean may be worse.
  package static let allowed = 3.0

  package static func cases(_ folder: GoldenFolder, on device: Device) -> [VerificationCase] {
    ErrorExperiment.all.map { whole in
      let experiment = Extent.of(whole, debug: whole.reduced)
      return VerificationCase(experiment.what) {
        let all = try ErrorResults.decode("results/\(whole.name).json", from: folder)
        let golden = all.what == whole.what ? all.restricted(to: experiment) : all
        return fields(try experiment.run(on: device), golden, outOf: all, of: whole.name)
      }
    }
  }

  /// A field per network: bit-exact if the bits are those of the golden runs; otherwise the difference of means, in
  /// standard errors of the difference. It may be worse by up to ``allowed``, and better by any amount.
  ///
  /// The mean that other bits are compared with is that of all golden seeds. A single seed's error does not show how much
  /// errors differ from seed to seed; it is taken to vary as the golden ones do.
  ///
  /// - Parameter all: the golden errors of every seed, where `golden` has only those of the seeds that were trained.
  package static func fields(
    _ found: ErrorResults, _ golden: ErrorResults, outOf all: ErrorResults? = nil, of name: String
  ) -> [FieldResult] {
    let place = "Golden/results/\(name).json"
    let trainings = FieldResult.equality(
      place, operation: "mean test error", found.trainings, expected: golden.trainings)
    guard trainings.verdict == .bitExact else { return [trainings] }
    return zip(found.networks, golden.networks).map { found, golden in
      let what = "\(name), \(found.network.rawValue) (\(place))"
      func result(_ verdict: Verdict) -> FieldResult { FieldResult(what, operation: "mean test error", verdict) }
      if found == golden { return result(.bitExact) }
      let expected = all?.networks.first { $0.network == golden.network } ?? golden
      let variance = found.meanVariance(orAsOf: expected) + expected.meanVariance(orAsOf: found)
      // At least a hundredth of a percent, in case no seed differs from another.
      let error = max(variance.squareRoot(), 1e-4)
      let worse = (found.mean - expected.mean) / error
      guard !(worse <= allowed) else { return result(.within(max(worse, 0), of: allowed, in: .standardErrors)) }
      let text =
        "\(what): expected a mean test error of \(expected.mean), found \(found.mean), worse by \(worse) standard errors"
      return result(.outside(Deviation(kind: .size, description: text)))
    }
  }
}
