import Experiments
import Foundation
import Networks
import Nightly
import Reports
import TestSupport
import Testing
import Training
import Verification
import WeightDistributions

extension SampleNights {
  /// Three seeds of digits and two of mnist-pi, every network.
  static let jobs: [TrainingJob] =
    (1...3).map { job(.digits, seed: $0, realEpochs: 60, epochs: 100) }
    + (1...2).map { job(.mnistPI, "data/mnist", seed: $0, realEpochs: 10, epochs: 20) }

  private static func job(
    _ experiment: Experiment, _ data: String? = nil, seed: UInt64, realEpochs: Int, epochs: Int
  ) -> TrainingJob {
    TrainingJob(
      experiment, networks: NetworkKind.allCases, seed: seed, realEpochs: realEpochs, discreteEpochs: epochs, data: data
    )
  }

  /// Trains all jobs, the same bits in every night; in one with trouble a training fails, and the time is over before the last.
  static func train(_ night: inout Night, isLast: Bool, isTroubled: Bool) {
    for (place, job) in jobs.enumerated() {
      let records = trainings(of: job, withCurves: isLast)
      if isTroubled && place == jobs.count - 1 {
        night.mark(.training, job.name, .notRun, "the night's time was up")
      } else if isTroubled && place == 2 {
        night.mark(.training, job.name, .failed, "expected a finite loss, found another in epoch 3")
      } else {
        let differences = records.compactMap { night.add($0) }
        #expect(differences.isEmpty)
        night.mark(.training, job.name, .done)
      }
    }
  }

  static func trainings(of job: TrainingJob, withCurves: Bool) -> [TrainingRecord] {
    let isSmall = job.subject == "digits"
    return job.networks.enumerated().map { place, network in
      // Its own, so that a curve does not change the next training.
      var noise = TestNumbers(seed: (job.seed * 8 + UInt64(place)) &* 0x9E37_79B9_7F4A_7C15)
      let (realEpochs, epochs) = (job.realEpochs ?? 0, job.discreteEpochs ?? 0)
      return training(
        job.subject, isSmall ? "256-256-10" : "1200-1200-10", network, seed: job.seed, realEpochs: realEpochs,
        epochs: network == .real ? realEpochs : epochs, isCurved: withCurves,
        final: [0.024, 0.026, 0.029, 0.023, 0.031][place] * (isSmall ? 1 : 0.7), job: job, &noise)
    }
  }

  static func training(
    _ experiment: String, _ architecture: String, _ network: NetworkKind, seed: UInt64, realEpochs: Int, epochs: Int,
    isCurved: Bool = true, final: Double, job: TrainingJob? = nil, _ noise: inout TestNumbers
  ) -> TrainingRecord {
    let weights = network == .real ? "real" : network == .straightThrough ? "binary" : "ternary"
    let start = network == .discreteSignFromTanh ? 0.05 : network == .real ? 0.12 : 0.3
    let testError = max(0.001, final + 0.002 * noise.normal())
    let curve = (isCurved ? 1...epochs : 1...1).map { epoch -> EpochPoint in
      let decay = 1 / (1 + 0.35 * Double(epoch - 1))
      let error = final + (start - final) * decay * decay + 0.0012 * noise.normal()
      return EpochPoint(
        epoch: epoch, loss: 0.02 + 8 * final * decay + 0.002 * noise.normal(), trainingError: max(0, error),
        validationError: max(0.001, error), learningRateScale: 1,
        certainty: network.isDiscrete && seed == 1
          ? (0..<3).map { certainty(Double(epoch) / Double(epochs), layer: $0) } : nil)
    }
    var record = TrainingRecord(
      experiment: experiment, architecture: architecture, weights: weights, network: network, seed: seed,
      epochs: epochs, realEpochs: realEpochs,
      command: job?.commandLine(program: programInCheckout) ?? "signet train", curve: curve,
      result: result(network, weights, epochs: epochs, testError: testError),
      peakMemory: Int((experiment == "digits" ? 92 : 418) * 1_048_576 * (1 + 0.01 * noise.normal())))
    record.data = job?.data
    if network == .discreteSign {
      record.ensemble = [1, 2, 4, 8, 16].map {
        EnsemblePoint(members: $0, error: testError * (0.86 + 0.5 / Double($0)) + 0.0004 * noise.normal())
      }
    }
    return record
  }

  /// Weights that leave the middle for the top as `progress` goes from 0 to 1, later layers first.
  static func certainty(_ progress: Double, layer: Int) -> LayerCertainty {
    let centre = 0.45 + 0.6 * progress * (0.7 + 0.2 * Double(layer))
    let counts = (0..<LayerCertainty.bins).map { bin -> Int in
      let distance = ((Double(bin) + 0.5) / 20 - min(centre, 0.99)) / 0.13
      return bin < 7 ? 0 : Int(100_000 / (1 + distance * distance * distance * distance))
    }
    return LayerCertainty(counts: counts, values: [1, 2, 1])
  }

  static func result(_ network: NetworkKind, _ weights: String, epochs: Int, testError: Double) -> NetworkResult {
    NetworkResult(
      network: network, weights: weights, activation: network.activation.rawValue, epochs: epochs, bestEpoch: epochs,
      validationError: testError, testError: testError, seconds: 1, parametersSHA256: "\(testError.bitPattern)")
  }

  /// A network of a sweep of digits with the epochs of the nights.
  static func swept(_ network: NetworkKind, _ grid: String, seed: UInt64, error: Double) -> Sweep.Record {
    RoundTable.record(
      network, WeightGrid.named(grid) ?? .ternary, seed: seed, of: .digits, epochs: (real: 60, discrete: 100),
      test: error, validation: error, secondsPerEpoch: 0.01, on: nil, version: "0.6.0", best: 100)
  }

  /// Errors of digits by grid: the numbers of seeds 1 to 5 of every discrete network.
  static func sweeps() -> [Sweep.Record] {
    var noise = TestNumbers(seed: 3)
    let errors = [
      "binary": [0.027, 0.035, 0.0235], "ternary": [0.0275, 0.0275, 0.024],
      "quaternary-symmetric": [0.025, 0.0225, 0.0215], "quaternary-minus": [0.028, 0.031, 0.0225],
      "quaternary-plus": [0.026, 0.03, 0.0245], "quinary": [0.0255, 0.023, 0.0245],
    ]
    return errors.keys.sorted().flatMap { grid in
      NetworkKind.allCases.filter(\.isDiscrete).enumerated().flatMap { place, network in
        (1...5).map { seed in
          swept(network, grid, seed: UInt64(seed), error: (errors[grid]?[place] ?? 0) + 0.004 * noise.normal())
        }
      }
    }
  }
}
