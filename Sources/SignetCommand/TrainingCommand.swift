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

  func validate() throws { try list.validate() }
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

  @Option(
    help: ArgumentHelp(
      "Directory of another run whose networks these ones start from; repeatable.",
      discussion: """
        A network of that run is used only if it was trained exactly as here: same version, data, constants and seed. \
        Then it need not be trained again, and the results are the same bits.
        """, valueName: "rundir"))
  var from: [String] = []

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
  /// The file of a real network to start from, which is then not trained; nil if it is.
  var real: String? { get }
  /// The command's own options given, with their values as typed.
  var given: [OptionScope: String] { get }
}

extension TrainingCommand {
  var given: [OptionScope: String] { [:] }

  var real: String? { nil }

  func ownFiles() throws -> ImageFiles? { nil }

  /// The networks to train, in their order.
  private var kinds: [NetworkKind] { networks.kinds.filter { real == nil || $0 != .real } }

  /// The experiment to train: the base with the changes from the recipe's file, from options and from `--set`.
  ///
  /// - Throws: `ValidationError`; `SettingsFileError`
  func experiment(on own: DataSource?) throws -> Experiment {
    try recipe.apply(
      to: base(on: own), training: kinds, options: given.merging(method.given) { own, _ in own },
      epochs: epochs.given)
  }

  /// Refuses options that do not fit together; their values are checked when the command runs.
  func validate() throws {
    let setting = recipe.settings.first { RecipeKey.named($0.key)?.networks == [.real] }
    if real != nil,
      let option = firstGiven([
        "--real-epochs": epochs.realEpochs != nil,
        "--real-step": given[.realStep] != nil && !kinds.contains(.straightThrough),
        "--from": !output.from.isEmpty, "--set \(setting?.key ?? "")": setting != nil,
      ])
    {
      throw ValidationError("\(option): expected no --real, whose network is not trained, found both")
    }
  }

  /// Refuses a real network that no network starts from.
  private func requireStart(of experiment: Experiment) throws {
    guard real != nil else { return }
    let order = NetworkKind.trainingOrder(of: Set(kinds), initialization: experiment.method.initialization)
    guard order.contains(.real) else {
      throw ValidationError(
        "--real: expected a network that starts from a real one, found "
          + (kinds.isEmpty ? "only the real one" : kinds.map(\.rawValue).joined(separator: ", "))
      )
    }
  }

  /// Reads the real network to start from.
  ///
  /// - Throws: `RealNetworkError` if it is not one for this experiment.
  private func realNetwork(for experiment: Experiment, on device: Device) throws -> SavedNetwork? {
    guard let real else { return nil }
    let saved = try SavedNetwork(reading: real, on: device)
    try RealNetworkError.check(saved, at: real, for: experiment)
    return saved
  }

  /// Trains the networks, shows progress, and prints the results.
  func run() throws {
    let own = try ownFiles().map { (files: $0, dataset: try data.load($0)) }
    var experiment = try data.apply(
      to: experiment(on: own.map { DataSource(of: $0.dataset, files: $0.files) }))
    try requireStart(of: experiment)
    let device = try device.open()
    let start = try realNetwork(for: experiment, on: device)
    if let start {
      let resumed = try output.resume ? output.out.flatMap { try RunDirectory.record(in: $0) } : nil
      experiment = experiment.starting(from: start, resuming: resumed)
    }
    let reproduction = Reproduction(
      experiment, data: try own?.dataset ?? data.load(experiment.data), realEpochs: epochs.realEpochs,
      discreteEpochs: epochs.discreteEpochs, seed: seed.seed, device: device)
    let known = try reproduction.startingNetworks(of: Set(kinds), in: output.from)
    let record = RunRecord(
      reproduction, networks: kinds, startingWith: known, realSHA256: start?.result.parametersSHA256)
    let directory = try output.out.map { try RunDirectory($0, record, resume: output.resume, on: device) }
    if let other = directory?.otherProgramInWords, !output.quiet { notice(other) }
    let line = ProgressLine(isQuiet: output.quiet)
    defer { line.clear() }
    let report = ReproductionReport(
      record,
      try reproduction.train(
        Set(kinds),
        startingWith: Dictionary(known.map { ($0.result.network, $0.network) }, uniquingKeysWith: { a, _ in a }),
        from: start, in: directory, showing: line))
    line.clear()
    try directory?.finish(report)
    try StandardOutput.print(output.json ? try report.json() : report.table())
  }
}
