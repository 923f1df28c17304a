import ArgumentParser
import Files
import Foundation
import Training
import WeightDistributions

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train an experiment's networks for several grids and seeds, and print the table of their errors.",
    discussion: """
      Each trained network is a line in the file of --results, with all that it is a function of: the version, the SHA-256 of \
      the data's files, every constant, and the seed. A line is used for exactly the same only, so a sweep that was stopped \
      goes on with what is missing, and one that is complete prints its table immediately. One file can hold several sweeps, \
      even at the same time. A cell is the mean test error ± its standard deviation over the seeds.
      """)

  @Argument(help: "The experiment.")
  var experiment: Experiment

  @Option(
    help: OptionScope.weights.help(
      "Grids, separated by commas; networks without a grid are trained once.", default: "all of them",
      valueName: "grids"))
  var weights: WeightGridList?

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

  @Flag(help: "Print a JSON array of the table's cells instead.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    if tableOnly && results == nil { throw ValidationError("--table-only: expected --results FILE, found none") }
    // Grids choose what the table has; a network that has none is in it in any case.
    try OptionScope.requireEffect(of: epochs.given, on: networks, of: experiment)
  }

  func run() throws {
    let experiment = try data.apply(to: experiment)
    let dataset = try data.load(experiment.data)
    let sweep = Sweep(
      experiment, data: dataset, grids: weights?.grids ?? WeightGrid.all, networks: Set(networks.networks),
      seeds: seeds.seeds, realEpochs: epochs.realEpochs, discreteEpochs: epochs.discreteEpochs, version: signetVersion,
      workers: threads.workers)
    let file = results.map { ResultsFile(path: $0) }
    if !tableOnly { try file?.prepare() }
    var records = try file?.records() ?? []
    if let file { try tellUnused(of: records, in: file, sweep) }
    if !tableOnly {
      let progress = Progress(isQuiet: quiet)
      defer { progress.finish() }
      var sweepTrainings = sweep.trainings(known: records)
      func known() throws -> [Sweep.Record] {
        records = try file?.records() ?? records
        return records
      }
      while var trainings = try sweepTrainings.next(known: known()) {
        while var run = try trainings.next() {
          let network = try run.finish(showing: progress)
          guard let record = sweepTrainings.record(of: trainings.finish(run), network) else { continue }
          try file?.append(record)
          records.append(record)
        }
      }
    }
    let cells = sweep.cells(of: records)
    let note = experiment.data.note.map { "\n\n\($0)" } ?? ""
    try StandardOutput.print(json ? try encodeJSON(cells) : table(cells) + note)
  }

  /// Says in one line which records look like those of the sweep and are not used, and why.
  private func tellUnused(of records: [Sweep.Record], in file: ResultsFile, _ sweep: Sweep) throws {
    let differences = try sweep.unused(of: records)
    guard !differences.isEmpty else { return }
    let counts = Dictionary(grouping: differences.map(\.words), by: \.self).mapValues(\.count)
    let parts = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($1) \($0)" }
    notice(
      "\(file.path): expected results of this sweep, found \(parts.joined(separator: ", ")); they are not used")
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

extension Sweep.Difference {
  /// What a record is of, as the end of "12 …".
  fileprivate var words: String {
    switch self {
    case .withoutOrigin: "that do not say what data and constants they are of"
    case .version(let version): "of signet \(version) and not \(signetVersion)"
    case .data(let difference): "of other data (\(difference))"
    case .configuration(let field, let recorded, let expected): "with \(field) \(recorded) and not \(expected)"
    }
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
