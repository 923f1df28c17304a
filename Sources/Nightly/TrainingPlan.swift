import Experiments
import Files
import Networks
import Training
import WeightDistributions

/// The trainings of a night, the most important first (**ours**), so that a night cut short has a bit of everything.
package enum TrainingPlan {
  /// The trainings on the built-in data: the digits with ternary weights over ten seeds and with the other grids over
  /// five, and drawn digits through a convolution over eight.
  package static let fixtures: [TrainingJob] = (1...10 as ClosedRange<UInt64>).flatMap { seed -> [TrainingJob] in
    let grids = WeightGrid.all.filter { $0 != .ternary }
    return [TrainingJob(.digits, networks: NetworkKind.allCases, seed: seed)] + (seed > 8 ? [] : [glyphs(seed)])
      + (seed > 5 ? [] : grids.map { TrainingJob(.digits, grid: $0, networks: [.real, .discreteSign], seed: seed) })
  }

  /// Drawn digits through a convolution.
  private static func glyphs(_ seed: UInt64) -> TrainingJob {
    TrainingJob(
      .custom("6C5-P2-32-10", on: .glyphs), networks: [.real, .discreteSign, .straightThrough], seed: seed,
      realEpochs: 5, discreteEpochs: 8)
  }

  /// The trainings on the built-in data and, if a directory of its files is given, on MNIST.
  package static func all(mnist data: String?, realEpochs: Int, discreteEpochs: Int) -> [TrainingJob] {
    fixtures + (data.map { mnist(in: $0, realEpochs: realEpochs, discreteEpochs: discreteEpochs) } ?? [])
  }

  /// The trainings on MNIST as vectors, over as many seeds as the night has time for: the sign network and its rival
  /// come before the others.
  ///
  /// - Parameter data: the directory of MNIST's files.
  package static func mnist(in data: String, realEpochs: Int, discreteEpochs: Int) -> [TrainingJob] {
    let networks: [[NetworkKind]] = [
      [.real, .discreteSign], [.straightThrough], [.discreteTanh, .discreteSignFromTanh],
    ]
    return (1...10 as ClosedRange<UInt64>).flatMap { seed in
      networks.map {
        TrainingJob(
          .mnistPI, networks: $0, seed: seed, realEpochs: realEpochs, discreteEpochs: discreteEpochs, data: data)
      }
    }
  }
}

extension TrainingJob {
  /// The series that the job measures.
  package var series: [TrainingRecord.Series] {
    func epochs(_ network: NetworkKind) -> Int {
      experiment.epochs(of: network, real: realEpochs, discrete: discreteEpochs)
    }
    return networks.map {
      TrainingRecord.Series(
        experiment: subject, weights: experiment.weights(of: $0), network: $0, epochs: epochs($0),
        realEpochs: epochs(.real))
    }
  }

  /// The command line that runs the job, where `program` is the command that calls Signet.
  package func commandLine(program: String) -> String { shellCommand([program] + arguments) }
}
