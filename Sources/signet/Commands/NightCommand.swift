import ArgumentParser
import Benchmarking
import Files
import Foundation
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
}

extension NightCommand {
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run one night.",
      discussion: """
        First all of signet verify: if anything fails, nothing is timed. Then the benchmarks of this checkout and \
        of each --base, in turns; then the trainings, one on each core, until the budget is spent; then the comparison with \
        the last good night, and the report.

        A time is worse or better if the rank-sum test says so at --alpha, after Holm's correction for all benchmarks, and \
        it changed by 5 % or more; an error if it says so of the seeds' test errors, and they changed by 0.2 points or more. \
        Bits that are the same need no test. The exit code is 1 if something is worse or vanished, 65 if the program is not \
        verified.
        """)

    @OptionGroup var results: ResultsOptions

    @Option(help: ArgumentHelp("When the night is to be over.", valueName: "minutes"))
    var budget = 20.0

    @Option(
      help: ArgumentHelp("Directory of MNIST's files; without it only the built-in data are used.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("Epochs of MNIST's real network.", valueName: "n"))
    var realEpochs = 10

    @Option(help: ArgumentHelp("Epochs of MNIST's other networks.", valueName: "n"))
    var discreteEpochs = 20

    @Option(help: ArgumentHelp("The built package Benchmarks of this checkout.", valueName: "dir"))
    var benchmarks: String?

    @Option(
      name: .customLong("base"), parsing: .singleValue,
      help: ArgumentHelp(
        "What to compare times with: a name, and the built package Benchmarks of its checkout.",
        discussion: "It can be given several times.", valueName: "name=dir"))
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

    @Option(help: ArgumentHelp("What a person types to repeat the night.", valueName: "command"))
    var command: String?

    @Flag(help: "Go on with the newest night if it was stopped or killed in this commit, and begin one if not.")
    var resume = false

    @Option(
      name: .customLong("suite"), parsing: .upToNextOption,
      help: ArgumentHelp("The suites of signet verify to run first.", discussion: "Default: all.", valueName: "suite"))
    var suites: [VerificationSuite] = []

    @Option(
      help: ArgumentHelp(
        "Nights whose networks and logs are kept; records and reports of all are.", valueName: "n"))
    var keep = 7

    @Option(
      help: ArgumentHelp(
        "Of the trainings only those whose name, like digits_ternary_…_seed-1, begins so.", valueName: "prefix"))
    var only = ""

    @Flag(help: "Only the benchmarks, no training.")
    var noTraining = false

    @Flag(help: "Print the night's record as one JSON object instead of the summary.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress.")
    var quiet = false

    struct Base: ExpressibleByArgument {
      let name, package: String

      init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        (name, package) = (parts[0], parts[1])
      }
    }

    func validate() throws {
      guard budget > 0, budget <= 100_000 else {
        throw ValidationError("--budget: expected minutes above 0, up to 100000, found \(budget)")
      }
      guard alpha > 0, alpha < 1 else {
        throw ValidationError("--alpha: expected a number between 0 and 1, found \(alpha)")
      }
      guard keep >= 1 else { throw ValidationError("--keep: expected a number from 1, found \(keep)") }
      for (name, epochs) in [("--real-epochs", realEpochs), ("--discrete-epochs", discreteEpochs)]
      where !(1...1_000_000).contains(epochs) {
        throw ValidationError("\(name): expected a number from 1 to 1000000, found \(epochs)")
      }
    }

    func run() throws {
      let mnist = data.map { TrainingPlan.mnist(in: $0, realEpochs: realEpochs, discreteEpochs: discreteEpochs) } ?? []
      let jobs = noTraining ? [] : (TrainingPlan.fixtures + mnist).filter { $0.name.hasPrefix(only) }
      let setting = NightRun.Setting(
        results: results.results, budget: .seconds(budget * 60), data: data, benchmarks: benchmarks,
        bases: bases.map { ($0.name, $0.package) },
        sweeps: sweeps, suites: suites.isEmpty ? VerificationSuite.allCases : suites,
        judgement: Judgement(alpha: alpha), jobs: jobs, isPartial: noTraining || !only.isEmpty, keptRuns: keep)
      let run = NightRun(setting, try night(), isQuiet: quiet)
      try run.run()
      let night = run.night
      try StandardOutput.print(json ? try encodeJSON(night) : summary(of: night))
      guard night.isVerified else {
        throw NotVerified(what: "failure", count: night.verification.map(\.failures.count).reduce(0, +))
      }
      if !night.alarms.isEmpty { throw ExitCode(1) }
    }

    /// A new one, or the one to go on with.
    private func night() throws -> Night {
      if resume, let last = try results.folder.names.last.map(results.folder.night), !last.isFinished,
        (last.commit, last.isModified) == (commit, modified)
      {
        return last
      }
      let host = RunRecord.Host(threads: 1)
      return Night(
        name: results.folder.newName(at: .now),
        signet: signetVersion, commit: commit, isModified: modified,
        host: .init(system: host.system, processor: host.processor, cores: host.cores, kernels: host.kernels),
        command: command ?? CommandLine.arguments.joined(separator: " "))
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the nights.")

    @OptionGroup var results: ResultsOptions

    @Flag(help: "Print the name and the commit of the last good night, and nothing if there is none.")
    var lastGood = false

    @Flag(help: "Print a JSON array of the nights' records.")
    var json = false

    func run() throws {
      let nights = try results.folder.nights()
      if lastGood {
        if let night = nights.last(where: { $0.isFinished && $0.isGood }) {
          try StandardOutput.print("\(night.name) \(night.isModified ? "modified" : night.commit ?? "none")")
        }
        return
      }
      if json { return try StandardOutput.print(try encodeJSON(nights)) }
      let rows = nights.map { night in
        [
          night.name, night.commit.map { String($0.prefix(12)) } ?? "", fixed(night.seconds / 60, places: 1),
          "\(night.trainings.count { $0.result != nil })", "\(night.benchmarks.count)",
          night.state + (night.accepted.map { ": \($0)" } ?? ""),
        ]
      }
      try StandardOutput.print(
        alignedTable(
          [["night", "commit", "minutes", "networks", "benchmarks", "state"]] + rows, rightAligned: [2, 3, 4]))
    }
  }

  struct Accept: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a night with alarms one that later nights are compared with.")

    @Argument(help: ArgumentHelp("The night's name.", valueName: "night"))
    var name: String

    @OptionGroup var results: ResultsOptions

    @Option(help: ArgumentHelp("Why what is worse may stay so.", valueName: "text"))
    var reason: String

    func validate() throws {
      if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason: expected a reason, found none") }
    }

    func run() throws {
      var night = try results.folder.night(name)
      guard night.isFinished, night.isVerified else {
        throw NotVerified(what: "unfinished or unverified night", count: 1)
      }
      night.accepted = reason
      try results.folder.write(night)
      try StandardOutput.print("\(name): accepted")
    }
  }
}

/// What a night came to, for a terminal.
func summary(of night: Night) -> String {
  let lines = ChangeVerdict.told.flatMap { verdict in
    night.changes.filter { $0.verdict == verdict }.map { "\(verdict.rawValue): \($0.text)" }
  }
  let same = night.changes.count { $0.verdict == .same }
  return (lines + night.remarks + ["\(night.state); \(same) of \(night.changes.count) the same"]).joined(
    separator: "\n")
}

extension Night {
  /// In words.
  var state: String {
    if !isFinished { return "unfinished" }
    if !isVerified { return "not verified" }
    if alarms.isEmpty { return "good" }
    let counts = [ChangeVerdict.worse, .vanished].map { verdict in (verdict, alarms.count { $0.verdict == verdict }) }
    return counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)" }.joined(separator: ", ")
      + (accepted == nil ? "" : ", accepted")
  }
}

extension Change {
  /// One line: what, how much, beside what, why.
  var text: String {
    var parts: [String] = []
    if let estimate { parts.append(amount(estimate)) }
    if let low, let high { parts.append("from \(amount(low)) to \(amount(high))") }
    if let correctedP { parts.append("p \(String(format: "%.2g", correctedP))") }
    return "\(measure.rawValue) of \(subject): " + (parts + ["against \(against): \(reason)"]).joined(separator: ", ")
  }

  /// A ratio of times, or a difference of errors.
  private func amount(_ size: Double) -> String {
    switch measure {
    case .time: "× " + fixed(size, places: 3)
    case .testError: fixed(size * 100, places: 2) + " points"
    }
  }
}
