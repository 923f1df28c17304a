import ArgumentParser
import Experiments
import Files
import Foundation
import Tensors
import Training

/// What every command that trains takes, and how it trains.
struct TrainingOptions: ParsableArguments {
  @Option(help: "The networks, separated by commas.")
  var networks = NetworkList(networks: NetworkKind.paper)

  @OptionGroup(title: "Method") var method: MethodOptions

  @OptionGroup var data: DataOptions

  @OptionGroup var epochs: EpochOptions

  @OptionGroup var seed: SeedOptions

  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Directory for run.json, log.jsonl (a line an epoch), a file of each network and result.json (what --json prints).",
      discussion: "It is made if missing; if it holds a run already, nothing is done without --resume.",
      valueName: "rundir"))
  var out: String?

  @Flag(
    help: ArgumentHelp(
      "Go on with the run in --out where it was stopped or killed.",
      discussion: "It ends in the same bits as a run that was never stopped."))
  var resume = false

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    if resume && out == nil { throw ValidationError("--resume: expected --out with the run's directory, found none") }
  }

  /// Refuses options that change nothing in what is to be trained.
  ///
  /// - Parameters:
  ///   - experiment: as the command has it, without the method's options.
  ///   - own: the command's own options that are given.
  /// - Throws: `ValidationError`
  func requireEffect(on experiment: Experiment, own: [OptionScope] = []) throws {
    try OptionScope.requireEffect(
      of: own + method.given + epochs.given, on: networks, of: method.apply(to: experiment))
  }

  /// Trains the networks, tells of it, and prints what came of it.
  func run(_ experiment: Experiment) throws {
    let experiment = try data.apply(to: experiment)
    let reproduction = Reproduction(
      method.apply(to: experiment), data: try data.load(experiment.data), realEpochs: epochs.realEpochs,
      discreteEpochs: epochs.discreteEpochs, seed: seed.seed, workers: threads.workers)
    let record = RunRecord(reproduction, networks: networks.networks)
    let directory = try out.map { try RunDirectory($0, record, resume: resume, on: threads.workers) }
    if let other = directory?.otherProgram, !quiet {
      let traces = other.traces != nil && other.traces == record.tracesSHA256 ? "are the same" : "cannot be compared"
      notice(
        "\(record.program) goes on with a run of \(other); the golden traces of both \(traces)")
    }
    let results = try train(reproduction, directory)
    let report = ReproductionReport(record, results)
    try directory?.finish(report)
    try StandardOutput.print(json ? try report.json() : report.table())
  }

  /// Trains what is not trained already, and returns all results in the order of training.
  private func train(_ reproduction: Reproduction, _ directory: RunDirectory?) throws -> [NetworkResult] {
    let progress = Progress(isQuiet: quiet)
    defer { progress.finish() }
    let keeper = directory.map { CheckpointKeeper($0, on: reproduction.workers) }
    let finished = directory?.finished ?? []
    var results = finished.map(\.result)
    try reproduction.run(
      Set(networks.networks).subtracting(results.map(\.network)),
      startingWith: Dictionary(uniqueKeysWithValues: finished.map { ($0.result.network, $0.network) }),
      from: directory?.checkpoint,
      keep: { isEpochsEnd, checkpoint in try keeper?.keep(isEpochsEnd, checkpoint) }
    ) { event in
      progress.show(event)
      if case .epoch(let report) = event { keeper?.report = report }
    } finished: { result, network in
      results.append(result)
      try directory?.save(
        SavedNetwork(network, of: reproduction.experiment, seed: reproduction.seed, result: result))
    }
    return results
  }
}

/// Writes checkpoints: at the end of every epoch, in long epochs once a minute, and when the process is asked to stop.
private final class CheckpointKeeper {
  private let directory: RunDirectory
  private let workers: Workers
  private let interruption = Interruption()
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  /// Of the epoch that has just ended, not yet in the log.
  var report: EpochReport?

  init(_ directory: RunDirectory, on workers: Workers) {
    self.directory = directory
    self.workers = workers
    last = clock.now
  }

  func keep(_ isEpochsEnd: Bool, _ checkpoint: () -> Checkpoint) throws {
    let interruption = interruption.error
    guard isEpochsEnd || interruption != nil || clock.now - last > .seconds(60) else { return }
    let checkpoint = checkpoint()
    if isEpochsEnd, let report {
      try directory.log(
        .epoch(
          .init(
            report: report, parametersSHA256: checkpoint.state.network.digest, seconds: checkpoint.facts.seconds,
            peakMemory: peakMemory, certainty: checkpoint.state.network.certainty(on: workers))))
      self.report = nil
    }
    try directory.keep(checkpoint)
    last = clock.now
    if let interruption { throw interruption }
  }
}
