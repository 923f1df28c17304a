import ArgumentParser
import Experiments
import Files
import Foundation
import Networks
import Tensors
import Training

struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Print every constant of an experiment's training, with its unit and where it is from.",
    discussion: """
      reproduce, train and sweep take the keys: --set KEY=VALUE changes one constant, and --recipe FILE takes all that \
      --json prints. Of a run it prints the constants that the run was trained with.
      """)

  @Argument(help: ArgumentHelp("An experiment (\(names)), or a run's directory.", valueName: "experiment"))
  var subject: String

  @Option(help: "The networks that the constants are for, separated by commas. Default: all, or those of the run.")
  var networks: NetworkList?

  @OptionGroup var recipe: RecipeOptions

  @Flag(help: "Print one JSON object of the values instead, for --recipe.")
  var json = false

  private static let names = Experiment.all.map(\.name).joined(separator: ", ")

  func validate() throws { try networks?.validate() }

  func run() throws {
    let (unchanged, networks, run) = try training()
    let experiment = try recipe.apply(to: unchanged, training: networks, epochs: [])
    let table = RecipeTable(of: experiment, training: networks)
    try StandardOutput.print(json ? try table.json() : withNote(table.text, run.flatMap { note(of: $0, experiment) }))
  }

  /// What must be said of a run's constants, if its real network was not trained; they are that network's own unless an earlier
  /// program began the run or an option changed them.
  private func note(of run: RunRecord, _ experiment: Experiment) -> String? {
    guard let real = run.realNetworkInWords else { return nil }
    let saved = try? SavedNetwork(reading: RunDirectory.networkFile(.real, in: subject), on: .single)
    let isItsOwn = saved.map { experiment.starting(from: $0) == experiment } ?? false
    return "real: \(real)" + (isItsOwn ? ", and the constants are those that the file says." : ".")
  }

  /// The experiment, the networks that its constants are for (those of a run, those that are asked for, or all), and the run.
  private func training() throws -> (Experiment, networks: [NetworkKind], run: RunRecord?) {
    if let experiment = Experiment.named(subject) {
      return (experiment, networks?.networks ?? NetworkKind.allCases, nil)
    }
    guard FileManager.default.fileExists(atPath: subject) else {
      throw ValidationError("expected an experiment (\(Self.names)) or a run's directory, found \(subject)")
    }
    if networks != nil {
      throw ValidationError("--networks: expected an experiment, found the run's directory \(subject)")
    }
    let run = try RunDirectory.requiredRecord(in: subject)
    return (run.effectiveExperiment, run.networks, run)
  }
}
