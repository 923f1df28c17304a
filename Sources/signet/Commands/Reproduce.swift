import ArgumentParser
import Datasets
import Foundation
import Kernels
import Tensors
import Training
import WeightDistributions

struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train an experiment's networks and print their errors and the SHA-256 of their parameters.",
    discussion: """
      A network is trained from the one that it is defined to start from (real → discrete-tanh → \
      discrete-sign-from-tanh, real → discrete-sign), which is trained first, in one go. Reported is the epoch with the \
      lowest validation error. The same version, experiment, data and seed give the same SHA-256 on every machine.

      Progress goes to standard error, the table (or with --json one object) to standard output.
      """)

  @Argument(help: "The experiment.")
  var experiment: Experiment

  @Option(help: "The networks, separated by commas.")
  var networks = NetworkList(networks: NetworkKind.allCases)

  @Option(help: "The grid of the discrete weights.")
  var weights: WeightGrid = .ternary

  @Option(
    help: ArgumentHelp(
      "Directory of the data set's files.",
      discussion: "For mnist-pi the four files of MNIST, compressed or not; digits comes with the program.",
      valueName: "dir"))
  var data: String?

  @Option(help: ArgumentHelp("Epochs of the real network instead of the experiment's.", valueName: "n"))
  var realEpochs: Int?

  @Option(help: ArgumentHelp("Epochs of each discrete network instead of the experiment's.", valueName: "n"))
  var discreteEpochs: Int?

  @OptionGroup var compute: ComputeOptions

  @Option(
    help: ArgumentHelp(
      "Directory for log.jsonl (a line an epoch) and result.json (what --json prints).",
      discussion: "It is made if missing; if it holds a run already, nothing is done.", valueName: "rundir"))
  var out: String?

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    for (name, epochs) in [("--real-epochs", realEpochs), ("--discrete-epochs", discreteEpochs)] {
      if let epochs, !(1...1_000_000).contains(epochs) {
        throw ValidationError("\(name): expected a number from 1 to 1000000, found \(epochs)")
      }
    }
    if experiment.data == .mnist && data == nil {
      throw ValidationError("\(experiment.name): expected --data DIR with the four files of MNIST, found none")
    }
  }

  func run() throws {
    let dataset = try loadData()
    let directory = try out.map { try RunDirectory(creating: $0) }
    let progress = Progress(isQuiet: quiet)
    let workers = compute.workers
    let reproduction = Reproduction(
      experiment, grid: weights, data: dataset, realEpochs: realEpochs, discreteEpochs: discreteEpochs,
      seed: compute.seed, workers: workers)
    var results: [NetworkResult] = []
    try reproduction.run(Set(networks.networks)) { event in
      progress.show(event)
      if case .epoch(let report) = event { try directory?.log(report) }
    } finished: {
      results.append($0)
    }
    progress.finish()
    let report = ReproductionReport(
      version: signetVersion, experiment: experiment.name, weights: weights.name, seed: compute.seed,
      threads: workers.count, kernels: String(cString: signet_kernels_variant()),
      data: dataset.fileDigests.map { .init(file: $0.name, sha256: $0.sha256) }, networks: results)
    let text = try report.json()
    try directory?.write(text, to: "result.json")
    print(json ? text : report.table())
  }

  private func loadData() throws -> Dataset {
    switch (experiment.data, data) {
    case (.digits, nil): try .digits()
    case (.digits, let directory?): try .digits(directory: directory)
    case (.mnist, let directory): try .mnist(directory: directory ?? ".")
    }
  }
}
