import ArgumentParser
import Experiments
import Files
import Training

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the errors of a run's trained networks, with most probable or sampled weights, and of ensembles.",
    discussion: """
      The error of the most probable weights is that of the network to deploy. With --ensemble n, n networks are sampled \
      from the weights' distributions, and the class is that of their largest mean softmax. The table has the error after 1, 2, \
      4, … and n of them; the first is the error of one sample.

      No result depends on --batch, --device or --threads.
      """)

  @Argument(help: ArgumentHelp("Directory of a run (--out), or the file of one network.", valueName: "run"))
  var runPath: String

  @Option(help: "The networks, separated by commas. Default: all that the run has.")
  var networks: NetworkList?

  @Option(
    help: ArgumentHelp(
      "Networks to sample from the weights' distributions. For the discrete networks.", valueName: "n"))
  var ensemble = 0

  @Option(help: "The images to classify: test or validation.")
  var part = EvaluationReport.Part.test

  @Option(help: ArgumentHelp("Images to evaluate at a time, fewer if they are large.", valueName: "n"))
  var batch = 100

  @OptionGroup var data: DataOptions

  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var device: DeviceOptions

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not show progress.")
  var quiet = false

  func validate() throws {
    try networks?.validate()
    try require("--ensemble", ensemble, in: 0...100_000)
    try require("--batch", batch, in: 1...100_000)
    try sampling.validate(isSampling: ensemble > 0)
  }

  func run() throws {
    let (run, device) = (try TrainedRun(runPath), try device.open())
    let files = try run.files(of: networks?.networks, option: "--networks")
    let saved = try files.map { try SavedNetwork(reading: $0, on: device) }
    let experiment = try experiment(of: saved, in: files)
    let kinds = saved.map(\.result.network)
    if ensemble > 0 && !kinds.contains(where: \.isDiscrete) {
      throw ValidationError(
        "--ensemble: expected a network with weight distributions, found \(kinds.map(\.rawValue).joined(separator: ", "))"
      )
    }
    if ensemble > 0 { saved.noticeImportedDistributions(in: run.path) }
    let dataset = try run.dataset(experiment.data, data, for: "the errors")
    let line = ProgressLine(isQuiet: quiet)
    let report = EvaluationReport(
      saved, on: dataset, part, batch: batch, ensemble: ensemble, seed: sampling.seed ?? 1, device: device
    ) { network, member, error in
      line.show("\(network.rawValue)  member \(member)/\(ensemble)  ensemble \(percent(error))")
    }
    line.clear()
    try StandardOutput.print(json ? try encodeJSON(report) : report.table())
  }

  /// The experiment of a run's networks: that of the last one. In runs of older versions, a real network that was read from a file
  /// (`--real`) is of another experiment, with the same layers for images of the same form.
  ///
  /// - Throws: `RunDirectoryError` if the networks are not of one run.
  private func experiment(of saved: [SavedNetwork], in files: [String]) throws -> Experiment {
    let last = saved[saved.count - 1].experiment
    func words(_ experiment: Experiment) -> String {
      "\(experiment.name), \(experiment.architecture) on \(experiment.data.title)"
    }
    for (path, network) in zip(files, saved) where network.experiment != last {
      let (experiment, isReal) = (network.experiment, network.result.network == .real)
      if isReal && experiment.data.input == last.data.input && experiment.architecture == last.architecture { continue }
      let difference = try FieldDifference.ofConstants(between: last, and: experiment).first
      throw RunDirectoryError.damaged(
        path: path, expected: "a network of the same experiment as \(saved[saved.count - 1].result.network.rawValue)",
        found: words(experiment) == words(last)
          ? difference.map { "one with \($0.field) \($0.second), not \($0.first)" } ?? "another"
          : "one of \(words(experiment))")
    }
    return last
  }
}

extension EvaluationReport.Part: ExpressibleByArgument {}
