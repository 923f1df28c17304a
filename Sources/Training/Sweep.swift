import Datasets
import Tensors
import WeightDistributions

/// An experiment's networks for several grids and seeds: what the number of weight values and the activation do to the error,
/// the paper's question.
public struct Sweep: Sendable {
  /// What to train; its method's grids are replaced by each of `grids`.
  public let experiment: Experiment
  /// What to train, validate and test on.
  public let data: Dataset
  /// Grids of the discrete networks, one for all layers.
  public let grids: [WeightGrid]
  /// The networks.
  public let networks: Set<NetworkKind>
  /// A run of each.
  public let seeds: [UInt64]
  /// Epochs of the real network instead of the experiment's.
  public let realEpochs: Int?
  /// Epochs of every other network instead of the experiment's.
  public let discreteEpochs: Int?
  /// The threads to compute on.
  public let workers: Workers

  public init(
    _ experiment: Experiment, data: Dataset, grids: [WeightGrid], networks: Set<NetworkKind>, seeds: [UInt64],
    realEpochs: Int?, discreteEpochs: Int?, workers: Workers
  ) {
    self.experiment = experiment
    self.data = data
    self.grids = grids
    self.networks = networks
    self.seeds = seeds
    self.realEpochs = realEpochs
    self.discreteEpochs = discreteEpochs
    self.workers = workers
  }

  /// One network, trained, with what it depends on.
  public struct Record: Sendable, Codable, Equatable {
    public let experiment: String
    public let seed: UInt64
    /// Epochs of the real network that it started from, or that it is.
    public let realEpochs: Int
    public let result: NetworkResult

    package init(experiment: String, seed: UInt64, realEpochs: Int, result: NetworkResult) {
      (self.experiment, self.seed, self.realEpochs, self.result) = (experiment, seed, realEpochs, result)
    }
  }

  /// Trains what `done` does not hold yet, seed by seed.
  ///
  /// - Parameters:
  ///   - report: told of every step and epoch.
  ///   - finished: told of each new record.
  public func run(
    after done: [Record], report: (TrainingEvent) throws -> Void, finished: (Record) throws -> Void
  ) throws {
    for seed in seeds {
      // Networks that do not depend on the grid are trained once, with the first one that misses something.
      var trained: [NetworkKind: Network<Float>] = [:]
      var records = done.filter { $0.seed == seed && isOfThisSweep($0) }
      for grid in grids {
        let reproduction = reproduction(grid, seed: seed)
        let missing = networks.filter { network in
          !records.contains {
            $0.result.network == network && $0.result.weights == reproduction.experiment.weights(of: network)
          }
        }
        guard !missing.isEmpty else { continue }
        try reproduction.run(missing, startingWith: trained, report: report) { result, network in
          if !result.network.isDiscrete { trained[result.network] = network }
          guard missing.contains(result.network) else { return }
          let record = Record(
            experiment: experiment.name, seed: seed, realEpochs: reproduction.epochs(of: .real), result: result)
          records.append(record)
          try finished(record)
        }
      }
    }
  }

  /// True of records of the same experiment and the same numbers of epochs.
  public func isOfThisSweep(_ record: Record) -> Bool {
    let reproduction = reproduction(grids[0], seed: record.seed)
    return record.experiment == experiment.name && record.realEpochs == reproduction.epochs(of: .real)
      && record.result.epochs == reproduction.epochs(of: record.result.network)
  }

  private func reproduction(_ grid: WeightGrid, seed: UInt64) -> Reproduction {
    var experiment = experiment
    experiment.method.grids = [grid]
    return Reproduction(
      experiment, data: data, realEpochs: realEpochs, discreteEpochs: discreteEpochs, seed: seed, workers: workers)
  }

  /// Mean and standard deviation (`n − 1`) of a network's errors over the seeds.
  public struct Cell: Sendable, Codable, Equatable {
    public let network: NetworkKind
    public let weights: String
    /// How many of the seeds there are.
    public let runs: Int
    /// Fractions.
    public let testMean, validationMean: Double
    /// Fractions; nil of one run.
    public let testDeviation, validationDeviation: Double?
  }

  /// A cell for each network and grid that has a record, in the order of the networks and then of the grids.
  public func cells(of records: [Record]) -> [Cell] {
    let ofThis = records.filter { isOfThisSweep($0) && seeds.contains($0.seed) }
    var names: [String] = []
    for grid in grids {
      for network in NetworkKind.allCases {
        let name = reproduction(grid, seed: 1).experiment.weights(of: network)
        if !names.contains(name) { names.append(name) }
      }
    }
    return NetworkKind.allCases.filter(networks.contains).flatMap { network in
      names.compactMap { weights in
        let results = ofThis.map(\.result).filter { $0.network == network && $0.weights == weights }
        guard !results.isEmpty else { return nil }
        let (test, validation) = (spread(results.map(\.testError)), spread(results.map(\.validationError)))
        return Cell(
          network: network, weights: weights, runs: results.count, testMean: test.mean,
          validationMean: validation.mean, testDeviation: test.deviation, validationDeviation: validation.deviation)
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
