import Experiments
import Nightly
import Reports
import Testing
import Training

/// A history that a report must cope with.
struct History: CustomTestStringConvertible {
  let testDescription: String
  let nights: [Night]
  var sweeps: [Sweep.Record] = []
  /// Ids of the figures that it has data for.
  let figures: Set<String>

  var report: Report { Report(nights: nights, sweeps: sweeps) }

  private static let trained: Set = [
    "curves-digits", "curves-mnist-pi", "certainty-digits", "certainty-mnist-pi", "weight-values",
    "ensemble-errors", "memory-history",
  ]

  static let all: [History] = [
    History(testDescription: "no night", nights: [], figures: []),
    History(
      testDescription: "no night, and a sweep", nights: [], sweeps: SampleNights.sweeps(),
      figures: ["weight-values"]),
    History(
      testDescription: "twelve nights", nights: SampleNights.history(), sweeps: SampleNights.sweeps(),
      figures: trained.union(["speed-history"])),
    History(
      testDescription: "one night without trainings",
      nights: SampleNights.nights(1).map { changed($0) { $0.trainings = [] } },
      figures: ["speed-history"]),
    History(
      testDescription: "a night without anything", nights: SampleNights.nights(1).map(empty), figures: []),
    History(
      testDescription: "benchmarks that are missing in some nights",
      nights: SampleNights.nights(5).enumerated().map { index, night in
        changed(night) { night in
          night.benchmarks = index == 4 ? [] : Array(night.benchmarks.dropFirst(index))
        }
      }, figures: trained.union(["speed-history"])),
    History(
      testDescription: "numbers that are not finite, and rounds and curves without any",
      nights: SampleNights.nights(3).map { night in
        changed(night) { night in
          night.benchmarks[0].rounds = [.nan, .infinity]
          night.benchmarks[1].rounds = []
          night.benchmarks[2].rounds = [0, 0]
          night.benchmarks[3].rounds = [.greatestFiniteMagnitude, 1]
          night.trainings = [diverged]
        }
      }, figures: ["curves-odd", "speed-history"]),
  ]

  private static func changed(_ night: Night, _ change: (inout Night) -> Void) -> Night {
    var night = night
    change(&night)
    return night
  }

  private static func empty(_ night: Night) -> Night {
    Night(
      name: night.name, signet: night.signet, commit: nil, isModified: false, host: night.host, command: night.command)
  }

  private static var diverged: TrainingRecord {
    TrainingRecord(
      experiment: "odd", architecture: "10", weights: "ternary", network: .discreteSign, seed: 1, epochs: 2,
      realEpochs: 0, command: "signet train",
      curve: [
        EpochPoint(
          epoch: 1, loss: .nan, trainingError: 1, validationError: .infinity, learningRateScale: 1, certainty: []),
        EpochPoint(
          epoch: 2, loss: .greatestFiniteMagnitude, trainingError: 1, validationError: .leastNonzeroMagnitude,
          learningRateScale: 1,
          certainty: nil),
      ], result: nil, peakMemory: nil)
  }
}
