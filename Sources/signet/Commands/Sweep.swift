import ArgumentParser
import Foundation
import Training
import WeightDistributions

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train an experiment's networks for several grids and seeds, and print the table of their errors.",
    discussion: """
      Each trained network is a line in the file of --results; a sweep that was stopped goes on with what is missing there, \
      and one that is complete prints its table at once. A cell is the mean test error ± its standard deviation over the \
      seeds.
      """)

  @Argument(help: "The experiment.")
  var experiment: Experiment

  @Option(help: ArgumentHelp("Grids of the discrete weights, separated by commas.", valueName: "grids"))
  var weights = WeightGridList(grids: WeightGrid.all)

  @Option(help: "The networks, separated by commas.")
  var networks = NetworkList(networks: NetworkKind.allCases)

  @Option(help: ArgumentHelp("Seeds: numbers separated by commas, or first-last.", valueName: "seeds"))
  var seeds = SeedList(seeds: [1, 2, 3, 4, 5])

  @Option(help: ArgumentHelp("File to read what is trained already from, and to add to.", valueName: "file"))
  var results: String?

  @OptionGroup var data: DataOptions

  @OptionGroup var epochs: EpochOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Train nothing: print the table of what the results hold.")
  var tableOnly = false

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    if tableOnly && results == nil { throw ValidationError("--table-only: expected --results FILE, found none") }
  }

  func run() throws {
    let experiment = try data.apply(to: experiment)
    let dataset = try data.load(experiment.data)
    let sweep = Sweep(
      experiment, data: dataset, grids: weights.grids, networks: Set(networks.networks), seeds: seeds.seeds,
      realEpochs: epochs.realEpochs, discreteEpochs: epochs.discreteEpochs, workers: threads.workers)
    let file = try results.map { try ResultsFile(path: $0) }
    var records = file?.records ?? []
    if !tableOnly {
      let progress = Progress(isQuiet: quiet)
      try sweep.run(after: records) {
        progress.show($0)
      } finished: { record in
        try file?.append(record)
        records.append(record)
      }
      progress.finish()
    }
    let cells = sweep.cells(of: records)
    print(json ? try encodeJSON(cells) : table(cells) + (experiment.data.note.map { "\n\n\($0)" } ?? ""))
  }

  /// A Markdown table: a row for the weights, a column for each network.
  private func table(_ cells: [Sweep.Cell]) -> String {
    let columns = NetworkKind.allCases.filter { network in cells.contains { $0.network == network } }
    var rows: [String] = []
    for cell in cells where !rows.contains(cell.weights) { rows.append(cell.weights) }
    func text(_ weights: String, _ network: NetworkKind) -> String {
      guard let cell = cells.first(where: { $0.weights == weights && $0.network == network }) else { return "" }
      let deviation = cell.testDeviation.map { " ± \(fixed($0 * 100, places: 2))" } ?? ""
      let isWhole = cell.runs == seeds.seeds.count
      return "\(fixed(cell.testMean * 100, places: 2))\(deviation) %"
        + (isWhole ? "" : " (\(cell.runs) of \(seeds.seeds.count))")
    }
    let lines =
      [["weights"] + columns.map(\.rawValue)] + [Array(repeating: "---", count: columns.count + 1)]
      + rows.map { row in [row] + columns.map { text(row, $0) } }
    return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}

/// `1,2,5` or `1-5`.
struct SeedList: ExpressibleByArgument {
  let seeds: [UInt64]

  init(seeds: [UInt64]) { self.seeds = seeds }

  init?(argument: String) {
    let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
    if ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < 10_000 {
      seeds = Array(first...last)
      return
    }
    let seeds = argument.split(separator: ",", omittingEmptySubsequences: false).map { UInt64($0) }
    guard !seeds.contains(nil), Set(seeds).count == seeds.count else { return nil }
    self.seeds = seeds.compactMap { $0 }
  }

  var defaultValueDescription: String { seeds.map { "\($0)" }.joined(separator: ",") }
}
