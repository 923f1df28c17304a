import BuiltInDatasets
import Networks
import Tensors
import Training

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
        _ = try run.finish()
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
