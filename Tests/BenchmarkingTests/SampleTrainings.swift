import Benchmarking
import Foundation
import Training

extension SampleNights {
  /// Three seeds of digits and two of mnist-pi, every network.
  static func trainings(_ noise: inout Noise, withCurves: Bool) -> [TrainingRecord] {
    var trainings: [TrainingRecord] = []
    for (experiment, architecture, seeds, realEpochs, epochs) in [
      ("digits", "256-256-10", 3, 60, 100), ("mnist-pi", "1200-1200-10", 2, 10, 20),
    ] {
      for seed in 1...seeds {
        for (place, network) in NetworkKind.allCases.enumerated() {
          trainings.append(
            training(
              experiment, architecture, network, seed: UInt64(seed), realEpochs: realEpochs,
              epochs: network == .real ? realEpochs : epochs,
              isCurved: withCurves,
              final: [0.024, 0.026, 0.029, 0.023, 0.031][place] * (experiment == "digits" ? 1 : 0.7), &noise))
        }
      }
    }
    return trainings
  }

  static func training(
    _ experiment: String, _ architecture: String, _ network: NetworkKind, seed: UInt64, realEpochs: Int, epochs: Int,
    isCurved: Bool = true, final: Double, _ noise: inout Noise
  ) -> TrainingRecord {
    let weights = network == .real ? "real" : network == .straightThrough ? "binary" : "ternary"
    let start = network == .discreteSignFromTanh ? 0.05 : network == .real ? 0.12 : 0.3
    let curve = (isCurved ? 1...epochs : 1...1).map { epoch -> EpochPoint in
      let decay = 1 / (1 + 0.35 * Double(epoch - 1))
      let error = final + (start - final) * decay * decay + 0.0012 * noise.normal()
      return EpochPoint(
        epoch: epoch, loss: 0.02 + 8 * final * decay + 0.002 * noise.normal(), trainingError: max(0, error),
        validationError: max(0.001, error), stepScale: 1,
        certainty: network.isDiscrete && seed == 1
          ? (0..<3).map { certainty(Double(epoch) / Double(epochs), layer: $0) } : nil)
    }
    let testError = max(0.001, final + 0.002 * noise.normal())
    var record = TrainingRecord(
      experiment: experiment, architecture: architecture, weights: weights, network: network, seed: seed,
      epochs: epochs, realEpochs: realEpochs,
      command:
        ".build/release/signet reproduce \(experiment) --networks \(network.rawValue) --real-epochs \(realEpochs) "
        + "--discrete-epochs \(epochs) --seed \(seed)", curve: curve,
      result: result(network, weights, epochs: epochs, testError: testError),
      peakMemory: Int((experiment == "digits" ? 92 : 418) * 1_048_576 * (1 + 0.01 * noise.normal())))
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
      validationError: testError, testError: testError, seconds: 1, parametersSHA256: "")
  }

  /// Errors of digits by grid: the numbers of seeds 1 to 5 of every discrete network.
  static func sweeps() -> [Sweep.Record] {
    var noise = Noise(state: 3)
    let errors = [
      "binary": [0.027, 0.035, 0.0235], "ternary": [0.0275, 0.0275, 0.024],
      "quaternary-symmetric": [0.025, 0.0225, 0.0215], "quaternary-minus": [0.028, 0.031, 0.0225],
      "quaternary-plus": [0.026, 0.03, 0.0245], "quinary": [0.0255, 0.023, 0.0245],
    ]
    return errors.keys.sorted().flatMap { grid in
      NetworkKind.allCases.filter(\.isDiscrete).enumerated().flatMap { place, network in
        (1...5).map { seed in
          Sweep.Record(
            experiment: "digits", seed: UInt64(seed), realEpochs: 60,
            result: result(network, grid, epochs: 100, testError: (errors[grid]?[place] ?? 0) + 0.004 * noise.normal()))
        }
      }
    }
  }
}
