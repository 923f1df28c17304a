import ArgumentParser
import Experiments
import Files
import Networks
import Tensors
import Training
import WeightDistributions

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract:
      "Train the networks of an experiment or a plan for several grids and seeds, and print the table of their errors.",
    discussion: """
      Each trained network is a line in the file of --results, with all that it is a function of: the version, the SHA-256 of \
      the data's files, every constant, and the seed. A line is used only for exactly the same training, so a sweep that was stopped \
      continues with what is missing, and a complete one prints its table immediately. One file can hold several sweeps, \
      even at the same time. A cell is the mean test error ± its standard deviation over the seeds.

      With --out, each network is trained in a run directory of its own, by a process with one thread; --threads is how many run \
      at a time. Networks that start from the same one share it. Whatever was stopped goes on from its last checkpoint. With \
      --runner slurm, Slurm trains them as job arrays.

      A plan is a JSON file that names the trainings of several experiments: {"trainings": [{"experiment": "mnist-pi", \
      "data": "data/mnist", "networks": ["real", "discrete-sign"], "weights": ["ternary"], "seeds": [1, 2], "recipe": "thesis", \
      "set": {"batch-size": "50"}, "realEpochs": 10, "discreteEpochs": 20}]}. Every field but experiment is optional.
      """)

  @Argument(help: ArgumentHelp("The experiment, or a plan's file, whose name ends in .json.", valueName: "experiment"))
  var subject: SweepSubject

  @Option(
    parsing: .unconditional,
    help: OptionScope.weights.help(
      "Grids, separated by commas: \(WeightGridList.names). Networks without a grid are trained once.",
      default: "all of them", discussion: WeightGridList.ownValues,
      valueName: "grids"),
    completion: .list(WeightGrid.all.map(\.name)), transform: { try WeightGridList($0) })
  var weights: WeightGridList?

  @Option(help: "The networks, separated by commas. Default: all of them.")
  var networks: NetworkList?

  @Option(
    help: ArgumentHelp(
      "Seeds: numbers separated by commas, or first-last (up to \(SeedList.longestRange) seeds). "
        + "Default: \(Plan.seeds.map(String.init).joined(separator: ",")).",
      valueName: "seeds"), transform: { try SeedList($0) })
  var seeds: SeedList?

  @Option(
    help: ArgumentHelp("File of trained networks, which are not trained again; new ones are added.", valueName: "file"))
  var results: String?

  @Option(
    help: ArgumentHelp(
      "Directory for the networks' run directories.",
      discussion: "With --runner processes, a run directory that another process uses is waited for.",
      valueName: "dir"))
  var out: String?

  @OptionGroup var runner: RunnerOptions

  @OptionGroup var data: DataOptions

  @OptionGroup var epochs: EpochOptions

  @OptionGroup var device: DeviceOptions

  @OptionGroup var recipe: RecipeOptions

  @Flag(help: "Train nothing; print the table of the results in the file.")
  var tableOnly = false

  @Flag(help: "Print a JSON array of the table's cells instead; of a plan, an array for each of its trainings.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not show progress.")
  var quiet = false

  func validate() throws {
    try subject.validate()
    try networks?.validate()
    if tableOnly && results == nil { throw ValidationError("--table-only: expected --results FILE, found none") }
    if tableOnly,
      let option = firstGiven([
        "--out": out != nil, "--device": device.device != Device.processorName,
        "--threads": device.threads.threads != nil, "--runner": runner.runner != .processes,
      ])
    {
      throw ValidationError("\(option): expected none with --table-only, which trains nothing")
    }
    try runner.validate(out: out, threads: device.threads.threads)
    if case .plan(let path) = subject,
      let option = firstGiven([
        "--weights": weights != nil, "--networks": networks != nil, "--seeds": seeds != nil,
        "--recipe": recipe.file != nil, "--set": !recipe.settings.isEmpty, "--data": data.data != nil,
        "--without-extra": data.withoutExtra, "--real-epochs": epochs.realEpochs != nil,
        "--discrete-epochs": epochs.discreteEpochs != nil,
      ])
    {
      throw ValidationError("\(option): expected it in the trainings of \(path), found it beside the plan")
    }
  }

  private var kinds: [NetworkKind] { networks?.networks ?? NetworkKind.allCases }
  private var grids: [WeightGrid] { weights?.grids ?? WeightGrid.all }

  /// An experiment with the changes from the recipe's file and from `--set`.
  private func changed(_ experiment: Experiment) throws -> Experiment {
    try recipe.apply(to: experiment, training: kinds, epochs: epochs.given, sweeping: grids)
  }

  /// One sweep of an experiment, or those of a plan.
  private func sweeps() throws -> [Sweep] {
    switch subject {
    case .experiment(let experiment):
      let experiment = try data.apply(to: changed(experiment))
      return [
        Sweep(
          experiment, data: try data.load(experiment.data), directory: data.data, grids: grids, networks: Set(kinds),
          seeds: seeds?.seeds ?? Plan.seeds, realEpochs: epochs.realEpochs, discreteEpochs: epochs.discreteEpochs)
      ]
    case .plan(let path):
      return try Plan(reading: path).sweeps(from: path) { source, directory in
        var options = data
        options.data = directory
        return try options.load(source)
      }
    }
  }

  func run() throws {
    let sweeps = try sweeps()
    let line = ProgressLine(isQuiet: quiet)
    let file = results.map { path in
      ResultsFile(path: path) { waiting in
        line.clear()
        notice(waiting)
      }
    }
    var records = try file.map { try tableOnly || $0.isThere() ? $0.records() : [] } ?? []
    let jobs = tableOnly ? [] : jobs(of: sweeps, without: records)
    // A file that has every network need not be writable, nor is anything else needed.
    if !jobs.isEmpty { try file?.prepare() }
    for sweep in sweeps {
      if let unused = try file.flatMap({ try sweep.unusedInWords(of: records, in: $0.path) }) { notice(unused) }
    }
    var failed: [(job: String, reason: String)] = []
    if !jobs.isEmpty {
      defer { line.clear() }
      if let out {
        let folder = try RunFolder(out, device: device.device)
        let interruption = Interruption(continuedBy: "the same command")
        try runner.run(
          jobs, in: folder, slots: device.threads.threads ?? Device.availableThreads, until: interruption,
          showing: line
        ) { job, outcome in
          guard outcome == .finished else {
            if case .failed(let reason) = outcome { failed.append((job.name, reason)) }
            return
          }
          do {
            let record = try folder.record(of: job)
            guard sweeps.contains(where: { $0.wants(record) }) else { return }
            try file?.append(record, until: interruption)
            records.append(record)
          } catch
            where error is CollectionError || error is RunDirectoryError
            || (error as? ResultsFileError)?.isOfOneResult == true
          {
            // It concerns no other network.
            failed.append((job.name, "\(error)"))
          }
        }
      } else {
        let device = try device.open()
        for sweep in sweeps {
          let place = JobsHere(on: sweep.data, device: device, records: records, file: file, showing: line)
          try JobRunner(place).run(sweep.jobs)
          records = place.records
        }
      }
    }
    try StandardOutput.print(try text(of: sweeps, records))
    if !failed.isEmpty { throw SweepError(failed: failed) }
  }

  /// The jobs of all sweeps, each once.
  private func jobs(of sweeps: [Sweep], without records: [Sweep.Record]) -> [TrainingJob] {
    var names: Set<String> = []
    return sweeps.flatMap { $0.jobs(without: records) }.filter { names.insert($0.name).inserted }
  }

  private func text(of sweeps: [Sweep], _ records: [Sweep.Record]) throws -> String {
    let cells = sweeps.map { $0.cells(of: records) }
    switch subject {
    case .experiment: return json ? try encodeJSON(cells[0]) : sweeps[0].table(of: cells[0])
    case .plan:
      if json { return try encodeJSON(cells) }
      return zip(sweeps, cells).map { "\($0.title)\n\n\($0.table(of: $1))" }.joined(separator: "\n\n")
    }
  }
}

/// What a sweep trains.
enum SweepSubject: ExpressibleByArgument {
  case experiment(Experiment)
  /// A plan's file.
  case plan(String)

  init(argument: String) { self = Experiment.named(argument).map { .experiment($0) } ?? .plan(argument) }

  /// Refuses a plan's file whose name does not end in `.json`: an experiment was misspelled, or the file has another name.
  ///
  /// - Throws: `ValidationError`
  func validate() throws {
    guard case .plan(let path) = self, !path.hasSuffix(".json") else { return }
    throw ValidationError(
      "<experiment>: expected \(Self.allValueStrings.joined(separator: ", ")) or a plan's file, whose name ends in "
        + ".json, found \(path)")
  }

  static var allValueStrings: [String] { Experiment.allValueStrings }
}

/// A list of seeds, each once: `1,2,5` or `1-5`.
struct SeedList {
  static let longestRange: UInt64 = 10_000

  let seeds: [UInt64]

  /// - Throws: `ValidationError`
  init(_ text: String) throws {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
    if ends.count == 2, let first = ends[0], let last = ends[1], first <= last {
      guard last - first < Self.longestRange else {
        throw ValidationError("expected at most \(Self.longestRange) seeds, found \(text)")
      }
      seeds = Array(first...last)
      return
    }
    guard let seeds = commaSeparated(text, of: { UInt64($0) }) else {
      throw ValidationError("expected numbers separated by commas, or first-last in ascending order, found \(text)")
    }
    var known: Set<UInt64> = []
    if let repeated = seeds.first(where: { !known.insert($0).inserted }) {
      throw ValidationError("expected each seed once, found \(repeated) several times")
    }
    self.seeds = seeds
  }
}
