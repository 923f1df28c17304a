import Datasets
import Networks
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
  /// The program's version: what it trained is used again by the same version only.
  public let version: String
  /// The threads to compute on.
  public let workers: Workers

  public init(
    _ experiment: Experiment, data: Dataset, grids: [WeightGrid], networks: Set<NetworkKind>, seeds: [UInt64],
    realEpochs: Int?, discreteEpochs: Int?, version: String, workers: Workers
  ) {
    self.experiment = experiment
    self.data = data
    self.grids = grids
    self.networks = networks
    self.seeds = seeds
    self.realEpochs = realEpochs
    self.discreteEpochs = discreteEpochs
    self.version = version
    self.workers = workers
  }

  /// A network to train.
  package struct Job: Sendable {
    /// What the network is a function of.
    package let origin: Origin
    /// The grid's name, or what else the weights are.
    package let weights: String
  }

  /// Every network of the sweep, each once: those that do not depend on the grid are there once for each seed.
  package var jobs: [Job] {
    var seen: Set<String> = []
    return seeds.flatMap { seed in
      grids.flatMap { grid in jobs(grid, seed: seed) }.filter { seen.insert($0.origin.identity).inserted }
    }
  }

  /// The networks of one grid and seed.
  fileprivate func jobs(_ grid: WeightGrid, seed: UInt64) -> [Job] {
    let reproduction = reproduction(grid, seed: seed)
    return NetworkKind.allCases.filter(networks.contains).map {
      Job(origin: reproduction.origin(of: $0, signet: version), weights: reproduction.experiment.weights(of: $0))
    }
  }

  /// The trainings of what is not known yet, seed by seed and grid by grid.
  public func trainings(known: [Record]) -> SweepTrainings { SweepTrainings(self, known: known) }

  fileprivate func reproduction(_ grid: WeightGrid, seed: UInt64) -> Reproduction {
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

  /// A cell for each network and grid that has a record of this sweep, in the order of the networks and then of the grids; the
  /// same network counts once, however many records there are of it.
  public func cells(of records: [Record]) -> [Cell] {
    let results = Dictionary(
      records.compactMap { record in record.origin.map { ($0.identity, record.result) } },
      uniquingKeysWith: { a, _ in a })
    let jobs = jobs
    var names: [String] = []
    for job in jobs where !names.contains(job.weights) { names.append(job.weights) }
    return NetworkKind.allCases.filter(networks.contains).flatMap { network in
      names.compactMap { weights in
        let cell = jobs.filter { $0.origin.configuration.network == network && $0.weights == weights }
          .compactMap { results[$0.origin.identity] }
        guard !cell.isEmpty else { return nil }
        let (test, validation) = (spread(cell.map(\.testError)), spread(cell.map(\.validationError)))
        return Cell(
          network: network, weights: weights, runs: cell.count, testMean: test.mean,
          validationMean: validation.mean, testDeviation: test.deviation, validationDeviation: validation.deviation)
      }
    }
  }
}

/// The trainings of a sweep, each grid's and seed's networks together:
///
///     var sweepTrainings = sweep.trainings(known: records)
///     while var trainings = try sweepTrainings.next(known: records) {
///       while var run = try trainings.next() {
///         let network = try run.finish().network
///         if let record = sweepTrainings.record(of: trainings.finish(run), network) { records.append(record) }
///       }
///     }
public struct SweepTrainings {
  private let sweep: Sweep
  private var waiting: ArraySlice<(seed: UInt64, grid: WeightGrid)>
  private var identities: Set<String>
  /// What is trained now, and which of its networks are the sweep's.
  private var current: (reproduction: Reproduction, networks: Set<NetworkKind>)?
  /// Networks that do not depend on the grid: they are trained once a seed, with the first grid that misses something.
  private var trained: [NetworkKind: Network<Float>] = [:]

  fileprivate init(_ sweep: Sweep, known: [Sweep.Record]) {
    self.sweep = sweep
    identities = known.identities
    waiting = sweep.seeds.flatMap { seed in sweep.grids.map { (seed, $0) } }[...]
  }

  /// The next grid's and seed's trainings; nil if nothing is missing any more.
  ///
  /// - Parameter known: the records that there are, asked for where something is missing, since another sweep may have trained it
  ///   meanwhile.
  /// - Throws: `ArchitectureError` or `MethodError` if the experiment does not fit the data; what `known` throws.
  public mutating func next(known: @autoclosure () throws -> [Sweep.Record]) throws -> Trainings? {
    while let (seed, grid) = waiting.popFirst() {
      if seed != current?.reproduction.seed { trained = [:] }
      let jobs = sweep.jobs(grid, seed: seed)
      func missing() -> [Sweep.Job] { jobs.filter { !identities.contains($0.origin.identity) } }
      guard !missing().isEmpty else { continue }
      identities.formUnion(try known().identities)
      let networks = Set(missing().map(\.origin.configuration.network))
      guard !networks.isEmpty else { continue }
      let reproduction = sweep.reproduction(grid, seed: seed)
      current = (reproduction, networks)
      return try reproduction.trainings(of: networks, startingWith: trained)
    }
    return nil
  }

  /// The record of a network that has been trained; nil if the sweep only starts others from it.
  public mutating func record(of result: NetworkResult, _ network: Network<Float>) -> Sweep.Record? {
    guard let current else { preconditionFailure("SweepTrainings.record: of \(result.network.rawValue), before next") }
    if !result.network.isDiscrete { trained[result.network] = network }
    guard current.networks.contains(result.network) else { return nil }
    let record = Sweep.Record(
      experiment: sweep.experiment.name, seed: current.reproduction.seed,
      realEpochs: current.reproduction.epochs(of: .real), result: result,
      origin: current.reproduction.origin(of: result.network, signet: sweep.version))
    identities.formUnion([record].identities)
    return record
  }
}

extension [Sweep.Record] {
  /// Those of the records that say what they depend on.
  fileprivate var identities: Set<String> { Set(compactMap { $0.origin?.identity }) }
}

/// Mean and standard deviation with `n − 1`; the latter nil of a single number.
private func spread(_ x: [Double]) -> (mean: Double, deviation: Double?) {
  let mean = x.reduce(0, +) / Double(x.count)
  guard x.count > 1 else { return (mean, nil) }
  return (mean, (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count - 1)).squareRoot())
}
