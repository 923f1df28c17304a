import Benchmarking
import Experiments
import Networks
import Nightly
import Reports
import Training
import WeightDistributions

/// Nights of few round numbers, no two of them equal: what a report shows of one can be no other's. Validation, test and training
/// errors differ, as do epochs and steps of the schedule, seeds, means and medians.
enum RoundNights {
  /// The times of tonight's three rounds of one benchmark in milliseconds, and those of the nights before: eight nights, with a new
  /// level from the fifth on.
  static let milliseconds: [[Double]] = [
    [10, 11, 14], [10, 12, 15], [9, 13, 16], [8, 14, 17], [20, 22, 27], [19, 23, 28], [18, 24, 29], [16, 26, 31],
  ]
  static let mebibytes = [100, 110, 120, 130, 140, 150, 160, 180]

  static let host = Night.Host(system: "Linux 6.1", processor: "a processor", cores: 3, kernels: "plain")

  static func nights(faster: Bool = false) -> [Night] {
    let times = faster ? milliseconds.reversed() : milliseconds
    return (1...8).map { number in
      var night = Night(
        name: "2026-03-0\(number)T04-30-00Z", number: number,
        plan: [Night.Step(.suite, "ops", group: "suites"), Night.Step(.suite, "traces", group: "suites")]
          + [Night.Step(.training, "digits_one"), .init(.training, "digits_two"), .init(.training, "digits_three")],
        signet: "1.2.3", commit: "0123abc", isModified: number == 7, host: host, command: "ci/nightly --budget 90")
      night.add(.init(suite: "ops", cases: 17, failures: [], seconds: 5))
      night.add(.init(suite: "traces", cases: 29, failures: [], seconds: 65))
      night.mark(.training, "digits_one", .done)
      night.mark(.training, "digits_two", .failed, "a loss")
      night.mark(.training, "digits_three", .notRun, "the night's time was up")
      night.seconds = 4980
      night.isFinished = true
      night.benchmarks = [BenchmarkSamples(name: "sum", rounds: times[number - 1].map { $0 * 1e6 })]
      night.trainings = number < 8 ? [memory(mebibytes[number - 1])] : trainings
      if number == 8 {
        night.changes = changes
        night.remarks = ["A remark."]
      }
      return night
    }
  }

  static func report() -> Report { Report(nights: nights(), sweeps: sweeps) }

  private static func memory(_ mebibytes: Int) -> TrainingRecord {
    TrainingRecord(
      experiment: "digits", architecture: "256-256-10", weights: "real", network: .real, seed: 1, epochs: 4,
      realEpochs: 4,
      command: "signet one", curve: [], result: nil, peakMemory: mebibytes << 20)
  }

  // MARK: Changes

  /// One change with each verdict, of times but for the last two.
  static let changes: [Change] = [
    change(.time, "same", [40e6], [41e6], p: 0.9, (1.025, 0.95, 1.075), .same, "no difference shown"),
    change(
      .time, "slower", [20e6, 22e6, 21e6], [30e6, 34e6, 32e6], p: 0.004, (1.5, 1.25, 1.75), .worse, "large enough"),
    change(.time, "gone", [7e3], [], p: nil, nil, .vanished, "no longer"),
    change(.time, "faster", [900], [600], p: 0.00005, (0.625, 0.5, 0.75), .better, "large enough, too"),
    change(.time, "few", [2e9], [3e9], p: nil, (1.125, nil, nil), .tooFewData, "1 and 1 samples"),
    change(.time, "left out", [6e6], [], p: nil, nil, .notRun, "no --benchmarks"),
    change(.time, "added", [], [8e6], p: nil, nil, .new, "nothing to compare it with"),
    change(.testError, "digits, real", [0.02, 0.03], [0.05, 0.07], p: 0.0004, (0.035, 0.01, 0.06), .worse, "so"),
    change(.testError, "digits, sign", [0.09], [0.04], p: 0.03, (-0.05, -0.08, -0.02), .better, "thus"),
  ]

  private static func change(
    _ measure: Change.Measure, _ subject: String, _ before: [Double], _ after: [Double], p: Double?,
    _ estimate: (middle: Double, low: Double?, high: Double?)?, _ verdict: ChangeVerdict, _ reason: String
  ) -> Change {
    Change(
      measure: measure, subject: subject, against: "night 2026-03-07T04-30-00Z", before: before, after: after,
      p: p.map { $0 / 2 }, correctedP: p, estimate: estimate?.middle, low: estimate?.low, high: estimate?.high,
      verdict: verdict, reason: reason)
  }

  // MARK: Trainings

  /// A network's curve: validation errors, training errors, losses and the schedule's factors, none of them equal.
  struct Curve {
    let validation, training, loss, scale: [Double]
  }

  static let real = Curve(
    validation: [0.40, 0.10, 0.20, 0.30], training: [0.50, 0.25, 0.15, 0.05], loss: [4, 3, 2, 1],
    scale: [1, 1, 0.5, 0.25])
  /// Of the seeds 1, 2 and 3. Their medians are those of seed 2 in the first epoch, of 3 in the second, of 1 in the third.
  static let sign = [
    Curve(validation: [0.60, 0.44, 0.28], training: [0.70, 0.51, 0.31], loss: [8, 6, 5], scale: [1, 0.5, 0.5]),
    Curve(validation: [0.64, 0.40, 0.24], training: [0.74, 0.47, 0.27], loss: [9, 5.5, 4.5], scale: [1, 0.5, 0.5]),
    Curve(
      validation: [0.68, 0.42, 0.32], training: [0.78, 0.49, 0.35], loss: [10, 5.75, 5.25], scale: [1, 0.5, 0.5]),
  ]
  static let signTestErrors = [0.11, 0.13, 0.18]
  /// After 1, 2, 4 and 8 members, of the seeds 1, 2 and 3.
  static let ensembles = [[0.20, 0.16, 0.14, 0.12], [0.22, 0.18, 0.15, 0.13], [0.27, 0.23, 0.19, 0.17]]

  static var trainings: [TrainingRecord] {
    [record(.real, "real", seed: 1, real, test: 0.08, best: 2, seconds: 12, memory: 170)]
      + (0..<3).map { index in
        var record = record(
          .discreteSign, "ternary", seed: UInt64(index + 1), sign[index], test: signTestErrors[index], best: 3,
          seconds: 30 + Double(index), memory: 175 + index, certainty: index == 0 ? certainty : nil)
        record.ensemble = zip([1, 2, 4, 8], ensembles[index]).map { EnsemblePoint(members: $0, error: $1) }
        return record
      }
      + [
        // Its time was up.
        TrainingRecord(
          experiment: "digits", architecture: "256-256-10", weights: "binary", network: .straightThrough, seed: 1,
          epochs: 3, realEpochs: 4, command: "signet late",
          curve: [
            EpochPoint(
              epoch: 1, loss: 7, trainingError: 0.9, validationError: 0.8, learningRateScale: 1, certainty: nil)
          ], result: nil, peakMemory: 180 << 20)
      ]
  }

  /// Of two layers after each of three epochs: how many weights have their largest probability in which of twenty bins.
  static let certainty: [[[Int]]] = (1...3).map { epoch in
    (0..<2).map { layer in
      // 100 weights: from 0.35 to 0.40, from 0.60 to 0.65, and from 0.95 to 1, epoch by epoch more of them.
      (0..<20).map { bin in
        bin == 7 ? 60 - 20 * epoch : bin == 12 ? 10 * epoch - 4 * layer : bin == 19 ? 40 + 10 * epoch + 4 * layer : 0
      }
    }
  }

  private static func record(
    _ network: NetworkKind, _ weights: String, seed: UInt64, _ curve: Curve, test: Double, best: Int, seconds: Double,
    memory: Int, certainty: [[[Int]]]? = nil
  ) -> TrainingRecord {
    let epochs = curve.loss.count
    return TrainingRecord(
      experiment: "digits", architecture: "256-256-10", weights: weights, network: network, seed: seed, epochs: epochs,
      realEpochs: 4, command: "signet \(network.rawValue) \(seed)",
      curve: (0..<epochs).map { epoch in
        EpochPoint(
          epoch: epoch + 1, loss: curve.loss[epoch], trainingError: curve.training[epoch],
          validationError: curve.validation[epoch], learningRateScale: curve.scale[epoch],
          certainty: certainty.map { $0[epoch].map { LayerCertainty(counts: $0, values: [50, 30, 20]) } })
      },
      result: NetworkResult(
        network: network, weights: weights, activation: network.activation.rawValue, epochs: epochs, bestEpoch: best,
        validationError: curve.validation[best - 1], testError: test, seconds: seconds,
        parametersSHA256: "\(weights)\(seed)"),
      peakMemory: memory << 20)
  }

  // MARK: Sweeps

  /// Test errors in percent of two seeds by grid, whose mean ± deviation are whole: 10 ± √2·1 and so on.
  static let sweptErrors: [(grid: WeightGrid, errors: [Double])] = [
    (.binary, [30, 34]), (.quaternarySymmetric, [20, 26]), (.quaternaryMinus, [40, 42]), (.quaternaryPlus, [44, 50]),
    (.quinary, [10, 20]),
  ]

  static var sweeps: [Sweep.Record] {
    sweptErrors.flatMap { grid, errors in
      errors.enumerated().map { index, error in
        RoundTable.record(
          .discreteSign, grid, seed: UInt64(index + 1), of: .digits, epochs: (real: 4, discrete: 3), test: error / 100,
          validation: 0.99, secondsPerEpoch: 1, on: nil, best: 1)
      }
    }
  }
}
