import ArgumentParser
import Experiments
import Files
import Networks
import Training
import WeightDistributions

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train an experiment's networks for several grids and seeds, and print the table of their errors.",
    discussion: """
      Each trained network is a line in the file of --results, with all that it is a function of: the version, the SHA-256 of \
      the data's files, every constant, and the seed. A line is used only for exactly the same training, so a sweep that was stopped \
      continues with what is missing, and a complete one prints its table immediately. One file can hold several sweeps, \
      even at the same time. A cell is the mean test error ± its standard deviation over the seeds.
      """)

  @Argument(help: "The experiment.")
  var experiment: Experiment

  @Option(
    parsing: .unconditional,
    help: OptionScope.weights.help(
      "Grids, separated by commas: \(WeightGridList.names). Networks without a grid are trained once.",
      default: "all of them", discussion: WeightGridList.ownValues,
      valueName: "grids"),
    completion: .list(WeightGrid.all.map(\.name)), transform: { try WeightGridList($0) })
  var weights: WeightGridList?

  @Option(help: "The networks, separated by commas.")
  var networks = NetworkList(networks: NetworkKind.allCases)

  @Option(help: ArgumentHelp("Seeds: numbers separated by commas, or first-last.", valueName: "seeds"))
  var seeds = SeedList(seeds: [1, 2, 3, 4, 5])

  @Option(
    help: ArgumentHelp("File of trained networks, which are not trained again; new ones are added.", valueName: "file"))
  var results: String?

  @OptionGroup var data: DataOptions

  @OptionGroup var epochs: EpochOptions

  @OptionGroup var device: DeviceOptions

  @OptionGroup var recipe: RecipeOptions

  @Flag(help: "Train nothing; print the table of the results in the file.")
  var tableOnly = false

  @Flag(help: "Print a JSON array of the table's cells instead.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not show progress.")
  var quiet = false

  func validate() throws {
    if tableOnly && results == nil { throw ValidationError("--table-only: expected --results FILE, found none") }
    if recipe.isKnown { _ = try changedExperiment() }
  }

  /// The experiment with the changes from the recipe's file and from `--set`.
  private func changedExperiment() throws -> Experiment {
    // The grids choose the rows of the table; networks without a grid are in it in any case.
    if recipe.settings.contains(where: { $0.key == OptionScope.weights.rawValue }) {
      throw ValidationError("--set: weights: expected --weights, which names the sweep's grids, found the key")
    }
    return try recipe.apply(to: experiment, training: networks.networks, epochs: epochs.given, sweeping: grids)
  }

  private var grids: [WeightGrid] { weights?.grids ?? WeightGrid.all }

  func run() throws {
    let experiment = try data.apply(to: changedExperiment())
    let dataset = try data.load(experiment.data)
    let sweep = Sweep(
      experiment, data: dataset, grids: grids, networks: Set(networks.networks),
      seeds: seeds.seeds, realEpochs: epochs.realEpochs, discreteEpochs: epochs.discreteEpochs)
    let file = results.map { ResultsFile(path: $0) }
    if !tableOnly { try file?.prepare() }
    var records = try file?.records() ?? []
    if let unused = try file.flatMap({ try sweep.unusedInWords(of: records, in: $0.path) }) { notice(unused) }
    if !tableOnly {
      let line = ProgressLine(isQuiet: quiet)
      defer { line.clear() }
      let place = try JobsHere(on: dataset, device: device.open(), records: records, file: file, showing: line)
      try JobRunner(place).run(sweep.jobs)
      records = place.records
    }
    let cells = sweep.cells(of: records)
    try StandardOutput.print(json ? try encodeJSON(cells) : sweep.table(of: cells))
  }
}

/// A list of seeds: `1,2,5` or `1-5`.
struct SeedList: ExpressibleByArgument {
  let seeds: [UInt64]

  init(seeds: [UInt64]) { self.seeds = seeds }

  init?(argument: String) {
    let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
    if ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < 10_000 {
      seeds = Array(first...last)
      return
    }
    guard let seeds = commaSeparated(argument, of: { UInt64($0) }), Set(seeds).count == seeds.count else { return nil }
    self.seeds = seeds
  }

  var defaultValueDescription: String { seeds.map { "\($0)" }.joined(separator: ",") }
}
