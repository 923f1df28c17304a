import ArgumentParser
import Datasets
import Foundation
import Kernels
import Tensors
import Training

/// What every command that trains takes, and how it trains.
struct TrainingOptions: ParsableArguments {
  @Option(help: "The networks, separated by commas.")
  var networks = NetworkList(networks: NetworkKind.paper)

  @OptionGroup(title: "Method") var method: MethodOptions

  @OptionGroup var data: DataOptions

  @OptionGroup var epochs: EpochOptions

  @OptionGroup var compute: ComputeOptions

  @Option(
    help: ArgumentHelp(
      "Directory for log.jsonl (a line an epoch), a file of each network and result.json (what --json prints).",
      discussion: "It is made if missing; if it holds a run already, nothing is done.", valueName: "rundir"))
  var out: String?

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  /// Trains the networks, tells of it, and prints what came of it.
  func run(_ experiment: Experiment) throws {
    let experiment = method.apply(to: experiment)
    let dataset = try data.load(experiment.data)
    let workers = compute.workers
    let reproduction = Reproduction(
      experiment, data: dataset, realEpochs: epochs.realEpochs, discreteEpochs: epochs.discreteEpochs,
      seed: compute.seed,
      workers: workers)
    let directory = try out.map { try RunDirectory(creating: $0) }
    let progress = Progress(isQuiet: quiet)
    var results: [NetworkResult] = []
    try reproduction.run(Set(networks.networks)) { event in
      progress.show(event)
      if case .epoch(let report) = event { try directory?.log(report) }
    } finished: { result, network in
      results.append(result)
      try directory?.save(SavedNetwork(network, of: experiment, seed: compute.seed, result: result))
    }
    progress.finish()
    let report = ReproductionReport(
      version: signetVersion, experiment: experiment.name, architecture: "\(experiment.architecture)",
      weights: experiment.method.weights, seed: compute.seed, threads: workers.count,
      kernels: String(cString: signet_kernels_variant()),
      data: dataset.fileDigests.map { .init(file: $0.name, sha256: $0.sha256) }, networks: results)
    let text = try report.json()
    try directory?.write(text, to: "result.json")
    print(json ? text : report.table())
  }
}

/// `--data`.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Directory of the data set's files.",
      discussion: """
        For MNIST its four files, compressed or not; for CIFAR the binary version's archive or its files; for SVHN the \
        three .mat files of cropped digits; digits, glyphs, shapes, shapes-100 and numbers come with the program.
        """, valueName: "dir"))
  var data: String?

  /// Reads a data set.
  ///
  /// - Throws: `DataError`, or a `ValidationError` where a directory is needed.
  func load(_ source: DataSource) throws -> Dataset {
    guard let dataset = try source.load(from: data) else {
      throw ValidationError("\(source.rawValue): expected --data DIR with the data set's files, found none")
    }
    return dataset
  }
}
