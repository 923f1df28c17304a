import ArgumentParser
import Experiments
import Files
import Nightly
import Reports
import Tensors
import Training
import VerificationSuites

struct NightCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "night",
    abstract: "Verify, time and train, and compare with earlier nights: what ci/nightly runs.",
    subcommands: [Run.self, List.self, ReportCommand.self, Accept.self])
}

/// `--results`.
struct ResultsOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Directory of the nights' history.", valueName: "dir"))
  var results: String

  var folder: ResultsFolder { ResultsFolder(path: results) }

  /// The history; each damaged record is reported in a line on standard error.
  var readableHistory: NightHistory {
    get throws {
      let history = try folder.history
      for error in history.damaged { notice("left out: \(error)") }
      return history
    }
  }
}

extension NightCommand {
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run one night.",
      discussion: """
        The night has a plan: all suites of signet verify, the benchmarks if --benchmarks is given, and the trainings on the \
        built-in data and, with --data, on MNIST. It verifies first; if anything fails, nothing is timed. Then it runs the \
        benchmarks of this checkout and of each --base in turns; then it trains on each core until the budget is spent; then it \
        compares each measure with the last good night's, however many nights ago, and writes the report. What --suite, --only \
        and --no-training leave out of the plan counts as not run.

        A time is worse or better if the rank-sum test says so at --alpha, after Holm's correction for all benchmarks and \
        bases, and it changed by 5 % or more; an error if it says so of the seeds' test errors, and they changed by 0.2 \
        points or more. The same bits need no test: with the same errors they are the same, with other errors they are worse.

        The night's state is the exit code; of several the most severe counts:
        \(NightState.bySeverity.map { "\($0.exitCode) \($0.rawValue): \($0.meaning)" }.joined(separator: ";\n")).
        Other exit codes: 64 wrong usage; 74 a file could not be read or written, or another night uses the results \
        directory; 129, 130 and 143 stopped by SIGHUP, SIGINT or SIGTERM.
        """)

    @OptionGroup var results: ResultsOptions

    @Option(help: ArgumentHelp("Time limit in minutes.", valueName: "minutes"))
    var budget = 20.0

    @Option(
      help: ArgumentHelp("Directory of MNIST's files; without it only the built-in data are used.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("Epochs of MNIST's real network, for --data. Default: 10.", valueName: "n"))
    var realEpochs: Int?

    @Option(help: ArgumentHelp("Epochs of MNIST's other networks, for --data. Default: 20.", valueName: "n"))
    var discreteEpochs: Int?

    @Option(help: ArgumentHelp("The built package Benchmarks of this checkout.", valueName: "dir"))
    var benchmarks: String?

    @Option(
      name: .customLong("base"), parsing: .singleValue,
      help: ArgumentHelp(
        "What to compare times with: a name, and the built package Benchmarks of that checkout.",
        discussion: """
          It needs --benchmarks, and can be given several times. The planned comparison with the last good night is \
          done by a base whose name begins with "night" and that night's name.
          """, valueName: "name=dir"), transform: { try Base($0) })
    var bases: [Base] = []

    @Option(
      name: .customLong("sweep"), parsing: .singleValue,
      help: ArgumentHelp("A file of signet sweep --results for the report.", valueName: "file"))
    var sweeps: [String] = []

    @Option(help: ArgumentHelp("The chance of any false alarm among a night's tests of one measure.", valueName: "α"))
    var alpha = 0.01

    @Option(help: ArgumentHelp("The commit of this checkout.", valueName: "commit"))
    var commit: String?

    @Flag(help: "The checkout has changes that are not in its commit.")
    var modified = false

    @Option(help: ArgumentHelp("The command that repeats the night, for the report.", valueName: "command"))
    var command: String?

    @Flag(
      help: "Continue the newest night if it was stopped or killed, and ran this program; otherwise begin a new one.")
    var resume = false

    @Option(
      name: .customLong("suite"), parsing: .upToNextOption,
      help: ArgumentHelp(
        "Run only these suites of signet verify first; the others count as not run.", discussion: "Default: all.",
        valueName: "suite"))
    var suites: [VerificationSuite] = []

    @Option(
      help: ArgumentHelp(
        "Nights whose networks and logs are kept; records and reports of all are.", valueName: "n"))
    var keep = 7

    @Option(
      help: ArgumentHelp(
        "Train only what has a name that begins so, such as digits_ternary_…_seed-1; the others count as not run.",
        valueName: "prefix"))
    var only = ""

    @Flag(help: "Train nothing; the trainings count as not run.")
    var noTraining = false

    @Flag(help: "Check the options and run nothing.")
    var check = false

    @Flag(help: "Print the night's record as one JSON object instead of the summary.")
    var json = false

    @Flag(name: .shortAndLong, help: "Do not show progress.")
    var quiet = false

    struct Base {
      let name, package: String

      /// - Throws: `ValidationError`
      init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw ValidationError("expected name=dir, found \(text)") }
        (name, package) = (parts[0], parts[1])
      }
    }

    func validate() throws {
      guard budget > 0, budget <= 100_000 else {
        throw ValidationError("--budget: expected minutes above 0, up to 100000, found \(budget)")
      }
      try requireChance("--alpha", alpha)
      guard keep >= 1 else { throw ValidationError("--keep: expected a number from 1, found \(keep)") }
      try require("--real-epochs", realEpochs, in: Experiment.Phase.epochCounts)
      try require("--discrete-epochs", discreteEpochs, in: Experiment.Phase.epochCounts)
      if data == nil,
        let option = firstGiven(["--real-epochs": realEpochs != nil, "--discrete-epochs": discreteEpochs != nil])
      {
        throw ValidationError("\(option): expected --data, found none")
      }
      if benchmarks == nil && !bases.isEmpty { throw ValidationError("--base: expected --benchmarks, found none") }
    }

    func run() throws {
      // The files that only the report needs are also checked before the night.
      do {
        for path in sweeps { _ = try ReportedResults(path) }
      } catch let error as ResultsFileError where !error.isInputOutput {
        // The code for bad data is that of a night that is not verified.
        throw ValidationError("--sweep: \(error)")
      }
      if check { return }
      let lock = try ResultsLock(results.folder, at: .now)
      defer { withExtendedLifetime(lock) {} }
      let history = try results.folder.history
      let night = try results.folder.nextNight(
        after: history, isResuming: resume, commit: commit, isModified: modified, program: .this,
        command: command ?? shellCommand(CommandLine.arguments))
      if resume, let last = history.nights.last, !last.isFinished, last.name != night.name {
        notice("--resume: night \(last.name) is of another commit or program: a new night begins")
      }
      let setting = setting
      if let lost = night.training(missingFrom: setting.jobs) {
        throw ValidationError(
          "--resume: expected the --data, --real-epochs and --discrete-epochs of night \(night.name), "
            + "found no training \(lost)")
      }
      let line = ProgressLine(isQuiet: quiet)
      defer { line.clear() }
      let run = NightRun(setting, night, after: history.before(night)) { nights in
        try results.folder.write(Report(nights: nights, sweeps: try reportedResults(in: sweeps)), of: night.name)
      } progress: {
        switch $0 {
        case .now(let text): line.show(text)
        case .told(let text): line.tell(text)
        }
      }
      try run.run()
      try StandardOutput.print(json ? try encodeJSON(run.night) : run.night.summary)
      let code = run.night.state.exitCode
      if code != 0 { throw ExitCode(code) }
    }

    private var plannedSuites: [NightRun.Suite] {
      let setting = VerificationSuite.Setting(
        golden: .builtIn, device: Device.processor(threads: Device.availableThreads), program: ProgramIdentity.path)
      return VerificationSuite.allCases.map { suite in
        NightRun.Suite(name: suite.rawValue, isLeftOut: !(suites.isEmpty || suites.contains(suite))) {
          suite.run(setting, progress: $0)
        }
      }
    }

    private var setting: NightRun.Setting {
      let (only, noTraining) = (only, noTraining)
      return NightRun.Setting(
        results: results.results, budget: .seconds(budget * 60), data: data, benchmarks: benchmarks,
        bases: bases.map { ($0.name, $0.package) }, suites: plannedSuites,
        judgement: Judgement(alpha: alpha),
        jobs: TrainingPlan.all(mnist: data, realEpochs: realEpochs ?? 10, discreteEpochs: discreteEpochs ?? 20),
        isLeftOut: { noTraining ? "--no-training" : $0.name.hasPrefix(only) ? nil : "--only" }, keptRuns: keep)
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the nights.")

    @OptionGroup var results: ResultsOptions

    @Flag(help: "Print the name and the commit of the last night with good times, or nothing if there is none.")
    var lastGood = false

    @Flag(help: "Print a JSON array of the nights' records.")
    var json = false

    func validate() throws {
      if json && lastGood { throw ValidationError("--json: expected no --last-good, found both") }
    }

    func run() throws {
      let history = try results.readableHistory
      if lastGood {
        if let night = history.lastTimed { try StandardOutput.print("\(night.name) \(night.commit ?? "none")") }
        return
      }
      try StandardOutput.print(json ? try encodeJSON(history.nights) : history.table)
    }
  }

  struct Accept: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Accept a night's regressions as the new baseline.")

    @Argument(help: ArgumentHelp("The night's name.", valueName: "night"))
    var name: String

    @OptionGroup var results: ResultsOptions

    // A reason may name an option.
    @Option(parsing: .unconditional, help: ArgumentHelp("Why the regressions are acceptable.", valueName: "text"))
    var reason: String

    func validate() throws {
      if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason: expected a reason, found none") }
    }

    func run() throws {
      try results.folder.accept(name, reason: reason)
      try StandardOutput.print("\(name): accepted")
    }
  }
}
