import BuildInformation
import Datasets
import Networks
import Training
import WeightDistributions

/// An experiment's networks for several grids and seeds: what the number of weight values and the activation do to the error,
/// the paper's question.
package struct Sweep: Sendable {
  /// What to train; its method's grids are replaced by each of the sweep's.
  package let experiment: Experiment
  /// What to train, validate and test on.
  package let data: Dataset
  /// A run of each.
  package let seeds: [UInt64]
  /// What to train: each seed's and grid's networks.
  package let jobs: [TrainingJob]
  /// The program's version: what it trained is used again by the same version only.
  package let version: String
  /// The networks.
  private let networks: [NetworkKind]
  /// What every network is a function of and its weights, each once: networks that do not depend on the grid are there once for each seed.
  let wanted: [(origin: Origin, weights: String)]

  /// - Parameters:
  ///   - grids: those of the discrete networks, one for all layers.
  ///   - realEpochs: of the real network, instead of the experiment's.
  ///   - discreteEpochs: of every other network, instead of the experiment's.
  package init(
    _ experiment: Experiment, data: Dataset, grids: [WeightGrid], networks: Set<NetworkKind>, seeds: [UInt64],
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
      let reproduction = job.reproduction(on: data, workers: .single)
      return kinds.map {
        (origin: reproduction.origin(of: $0, signet: version), weights: job.experiment.weights(of: $0))
      }
    }.filter { seen.insert($0.origin.identity).inserted }
    (self.experiment, self.data, self.seeds, self.jobs, self.version, self.networks) = (
      experiment, data, seeds, jobs, version, kinds
    )
  }

  /// Mean and standard deviation (`n − 1`) of a network's errors over the seeds.
  package struct Cell: Sendable, Codable, Equatable {
    package let network: NetworkKind
    package let weights: String
    /// How many of the seeds there are.
    package let runs: Int
    /// Fractions.
    package let testMean, validationMean: Double
    /// Fractions; nil of one run.
    package let testDeviation, validationDeviation: Double?
    /// What is to be said of the data set; nil where there is nothing.
    package let dataNote: String?
  }

  /// A cell for each network and grid that has a record of this sweep, in the order of the networks and then of the grids; the
  /// same network counts once, however many records there are of it.
  package func cells(of records: [Record]) -> [Cell] {
    let results = Dictionary(
      records.compactMap { record in record.origin.map { ($0.identity, record.result) } },
      uniquingKeysWith: { a, _ in a })
    var names: [String] = []
    for one in wanted where !names.contains(one.weights) { names.append(one.weights) }
    return networks.flatMap { network in
      names.compactMap { weights in
        let cell = wanted.filter { $0.origin.configuration.network == network && $0.weights == weights }
          .compactMap { results[$0.origin.identity] }
        guard !cell.isEmpty else { return nil }
        let (test, validation) = (spread(cell.map(\.testError)), spread(cell.map(\.validationError)))
        return Cell(
          network: network, weights: weights, runs: cell.count, testMean: test.mean,
          validationMean: validation.mean, testDeviation: test.deviation, validationDeviation: validation.deviation,
          dataNote: experiment.data.note)
      }
    }
  }
}

/// Mean and standard deviation with `n − 1`; the latter nil of a single number.
private func spread(_ x: [Double]) -> (mean: Double, deviation: Double?) {
  let mean = x.reduce(0, +) / Double(x.count)
  guard x.count > 1 else { return (mean, nil) }
  return (mean, (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count - 1)).squareRoot())
}
