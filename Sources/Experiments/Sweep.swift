import BuildInformation
import Datasets
import Networks
import Statistics
import Training
import WeightDistributions

/// An experiment's networks for several grids and seeds, to answer the paper's question: how the number of weight
/// values and the activation affect the error.
package struct Sweep: Sendable {
  /// The experiment to train; each grid of the sweep in turn replaces those of its method.
  package let experiment: Experiment
  /// The data to train, validate and test on.
  package let data: Dataset
  /// The directory of the data's files; nil for data that come with the program.
  let directory: String?
  /// The seeds, each with a run of its own.
  package let seeds: [UInt64]
  /// The jobs, one for each seed and grid.
  package let jobs: [TrainingJob]
  /// The program's version; only the same version uses its results again.
  package let version: String
  /// The networks.
  let networks: [NetworkKind]
  /// The numbers of epochs, where they replace the experiment's.
  let realEpochs, discreteEpochs: Int?
  /// The origin and weights of every network, without duplicates: networks that do not depend on the grid appear once
  /// per seed.
  let wanted: [(origin: Origin, weights: String)]
  /// The identities of `wanted`.
  let identities: Set<String>

  /// - Parameters:
  ///   - directory: of the data's files.
  ///   - grids: the grids of the discrete networks, each used for all layers.
  ///   - realEpochs: the epochs of the real network, instead of the experiment's.
  ///   - discreteEpochs: the epochs of every other network, instead of the experiment's.
  package init(
    _ experiment: Experiment, data: Dataset, directory: String? = nil, grids: [WeightGrid], networks: Set<NetworkKind>,
    seeds: [UInt64],
    realEpochs: Int?, discreteEpochs: Int?, version: String = BuildInformation.version
  ) {
    let kinds = NetworkKind.allCases.filter(networks.contains)
    let jobs = seeds.flatMap { seed in
      grids.map {
        TrainingJob(
          experiment, grid: $0, networks: kinds, seed: seed, realEpochs: realEpochs, discreteEpochs: discreteEpochs)
      }
    }
    var seen: Set<String> = []
    wanted = jobs.flatMap { job in
      let reproduction = job.reproduction(on: data, device: .single)
      return kinds.map {
        (origin: reproduction.origin(of: $0, signet: version), weights: job.experiment.weights(of: $0))
      }
    }.filter { seen.insert($0.origin.identity).inserted }
    identities = seen
    (self.experiment, self.data, self.directory, self.seeds) = (experiment, data, directory, seeds)
    (self.jobs, self.version, self.networks) = (jobs, version, kinds)
    (self.realEpochs, self.discreteEpochs) = (realEpochs, discreteEpochs)
  }

  /// What must be said of results on the sweep's data; nil if there is nothing.
  var note: String? { experiment.data.note(on: data) }

  /// Mean and standard deviation (`n − 1`) of a network's errors over the seeds.
  package struct Cell: Sendable, Codable, Equatable {
    package let network: NetworkKind
    package let weights: String
    /// The number of seeds that have a result.
    package let runs: Int
    /// Fractions.
    package let testMean, validationMean: Double
    /// Fractions; nil for a single run.
    package let testDeviation, validationDeviation: Double?
    /// A note on the data set; nil if there is none.
    package let dataNote: String?
  }

  /// A cell for each network and grid that has a record of this sweep, ordered by network and then by grid; a network
  /// counts once, however many records it has.
  package func cells(of records: [Record]) -> [Cell] {
    let results = Dictionary(
      records.compactMap { record in record.origin.map { ($0.identity, record.result) } },
      uniquingKeysWith: { a, _ in a })
    let names = wanted.map { $0.weights }.unique
    return networks.flatMap { network in
      names.compactMap { weights in
        let cell = wanted.filter { $0.origin.configuration.network == network && $0.weights == weights }
          .compactMap { results[$0.origin.identity] }
        guard !cell.isEmpty else { return nil }
        let (test, validation) = (Moments(cell.map(\.testError)), Moments(cell.map(\.validationError)))
        return Cell(
          network: network, weights: weights, runs: cell.count, testMean: test.mean,
          validationMean: validation.mean, testDeviation: test.deviation, validationDeviation: validation.deviation,
          dataNote: note)
      }
    }
  }
}
