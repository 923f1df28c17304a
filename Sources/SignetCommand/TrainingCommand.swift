import ArgumentParser
import Datasets
import Experiments
import Files
import Foundation
import Networks
import Tensors
import Training

/// `--networks`.
struct NetworkOptions: ParsableArguments {
  @Option(name: .customLong("networks"), help: "The networks, separated by commas.")
  var list = NetworkList(networks: NetworkKind.paper)

  /// The networks in the order of training.
  var kinds: [NetworkKind] { list.networks }
}

/// The options that say where a training's run is kept, and what is printed.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Directory for run.json, log.jsonl (one line per epoch), a file per network, and result.json (the output of --json).",
      discussion: "It is created if it is missing. If it already holds a run, --resume is required.",
      valueName: "rundir"))
  var out: String?

  @Flag(
    help: ArgumentHelp(
      "Continue the run in --out where it was stopped or killed.",
      discussion: "It ends with the same bits as a run that was never stopped."))
  var resume = false

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not show progress.")
  var quiet = false

  func validate() throws {
    if resume && out == nil { throw ValidationError("--resume: expected --out with the run's directory, found none") }
  }
}

/// A command that trains an experiment's networks, with the options that all such commands share.
protocol TrainingCommand: ParsableCommand {
  var networks: NetworkOptions { get }
  var method: MethodOptions { get }
  var data: DataOptions { get }
  var epochs: EpochOptions { get }
  var seed: SeedOptions { get }
  var device: DeviceOptions { get }
  var recipe: RecipeOptions { get }
  var output: OutputOptions { get }
  /// The custom files to train on; nil for a known data set.
  ///
  /// - Throws: `ValidationError`
  func ownFiles() throws -> ImageFiles?
  /// The experiment before any options, on data read from custom files or on a known data set.
  func base(on own: DataSource?) -> Experiment
  /// The command's own options given, with their values as typed.
  var given: [OptionScope: String] { get }
}

extension TrainingCommand {
  var given: [OptionScope: String] { [:] }

  func ownFiles() throws -> ImageFiles? { nil }

  /// The experiment to train: the base with the changes from the recipe's file, from options and from `--set`.
  ///
  /// - Throws: `ValidationError`; `RecipeFileError`
  func experiment(on own: DataSource? = nil) throws -> Experiment {
    try recipe.apply(
      to: base(on: own), training: networks.kinds, options: given.merging(method.given) { own, _ in own },
      epochs: epochs.given)
  }

  /// Refuses options that do not fit together; a recipe's file and custom files are read only when the command runs.
  func validate() throws { if try ownFiles() == nil && recipe.isKnown { _ = try experiment() } }

  /// Trains the networks, shows progress, and prints the results.
  func run() throws {
    let device = try device.open()
    let own = try ownFiles().map { (files: $0, dataset: try data.load($0)) }
    let experiment = try data.apply(
      to: experiment(on: own.map { DataSource(of: $0.dataset, files: $0.files) }))
    let reproduction = Reproduction(
      experiment, data: try own?.dataset ?? data.load(experiment.data), realEpochs: epochs.realEpochs,
      discreteEpochs: epochs.discreteEpochs, seed: seed.seed, device: device)
    let record = RunRecord(reproduction, networks: networks.kinds)
    let directory = try output.out.map { try RunDirectory($0, record, resume: output.resume, on: device) }
    if let other = directory?.otherProgramInWords, !output.quiet { notice(other) }
    let line = ProgressLine(isQuiet: output.quiet)
    defer { line.clear() }
    let report = ReproductionReport(
      record, try reproduction.train(Set(networks.kinds), in: directory, showing: line))
    line.clear()
    try directory?.finish(report)
    try StandardOutput.print(output.json ? try report.json() : report.table())
  }
}
