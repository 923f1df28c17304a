import Golden
import Tensors
import Verification

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
