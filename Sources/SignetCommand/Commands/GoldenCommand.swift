import ArgumentParser
import BuildInformation
import Files
import Reports
import Tensors
import Verification
import VerificationSuites

struct GoldenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "golden",
    abstract: "The goldens that are our own output: see what changed, and accept it with a reason.",
    discussion: """
      Traces, results, the tolerance table, help texts and the sample report have no independent source. Nothing \
      rewrites them but accept: pending computes them anew and keeps what differs beside them, review shows where it \
      differs (a trace's first divergence: step, layer, tensor, index, ulps), accept puts one in its place and writes \
      the reason down.
      """,
    subcommands: [Pending.self, Review.self, Accept.self, Orphans.self])

  /// `--golden`.
  struct Options: ParsableArguments {
    @Option(help: ArgumentHelp("The checkout's folder of goldens.", valueName: "folder"))
    var golden = Self.defaultFolder

    static let defaultFolder = "Golden"

    /// The goldens of the folder, which a device computes.
    ///
    /// - Throws: `GoldenError` if there is no such folder.
    func book(on device: Device = .single) throws -> GoldenBook {
      guard isDirectory(golden) else {
        throw GoldenError(golden, "a folder of goldens", "none", isInputOutput: true)
      }
      return GoldenBook(
        folder: golden, goldens: OwnGolden.all(on: device) + helpGoldens + reportGoldens(in: golden),
        version: BuildInformation.version)
    }
  }

  struct Pending: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compute goldens again and keep those that differ; the exit code is then 65.")

    @OptionGroup var options: Options

    @OptionGroup var threads: ThreadOptions

    @Argument(help: ArgumentHelp("The goldens, such as traces/digits.json.", discussion: "Default: all."))
    var names: [String] = []

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(name: .shortAndLong, help: "Do not show progress.")
    var quiet = false

    func run() throws {
      let line = ProgressLine(isQuiet: quiet)
      defer { line.clear() }
      let states = try options.book(on: threads.device).renew(names.unique) { line.show("\($0)/\($1)  \($2.name)") }
      line.clear()
      let differing = states.filter { $0.value != .unchanged }
      if json {
        try StandardOutput.print(try encodeJSON(states))
      } else {
        for (name, state) in differing.sorted(by: { $0.key < $1.key }) {
          try StandardOutput.print("\(name): \(state.rawValue)")
        }
        try StandardOutput.print("\(differing.count) of \(states.count) goldens differ")
      }
      if !differing.isEmpty { throw NotVerified(what: "differing golden", count: differing.count) }
    }
  }

  struct Review: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what differs in the pending goldens.")

    @OptionGroup var options: Options

    @Argument(help: ArgumentHelp("The goldens.", discussion: "Default: all that are pending."))
    var names: [String] = []

    func run() throws {
      let book = try options.book()
      for golden in try (names.isEmpty ? book.pending : names.unique).map(book.golden) {
        try StandardOutput.print(([golden.name] + (try book.review(golden)).map { "  " + $0 }).joined(separator: "\n"))
        let folder = options.golden == Options.defaultFolder ? [] : ["--golden", options.golden]
        let command = shellCommand(["signet", "golden", "accept", golden.name] + folder)
        try StandardOutput.print("  accept: \(command) --reason \"…\"")
      }
      if names.isEmpty && book.pending.isEmpty { try StandardOutput.print("nothing is pending") }
    }
  }

  struct Accept: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put pending goldens in their place, and write the reason into Golden/accepted.jsonl.")

    @OptionGroup var options: Options

    @Argument(help: "The goldens; all accepts whatever is pending.")
    var names: [String]

    // A reason may name an option.
    @Option(parsing: .unconditional, help: "Why the change is right. Put it in the commit message, too.")
    var reason: String

    func validate() throws {
      guard reason.contains(where: { !$0.isWhitespace }) else {
        throw ValidationError("--reason: expected a reason, found none")
      }
    }

    func run() throws {
      let book = try options.book()
      try OutputFile.writing { tell in
        for golden in try (names == ["all"] ? book.pending : names.unique).map(book.golden) {
          try book.accept(golden, reason: reason)
          tell("accepted: \(golden.name)")
        }
      }
    }
  }

  struct Orphans: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Find files that no suite reads, missing goldens, and goldens that accept did not write.")

    @OptionGroup var options: Options

    func run() throws {
      let problems = try options.book().problems()
      for problem in problems { try StandardOutput.print(problem) }
      guard problems.isEmpty else { throw NotVerified(what: "problem with the goldens", count: problems.count) }
      try StandardOutput.print("every golden is known, present, and as accepted")
    }
  }
}

/// Each command's help, 80 columns wide.
private let helpGoldens: [OwnGolden] = commandPaths(of: Signet.self, named: ["signet"]).map { path, command in
  OwnGolden("help/\(path.joined(separator: "-")).txt") { Signet.helpMessage(for: command, columns: 80) + "\n" }
}

/// A night's report in both formats, of the nights and sweeps in `reports/nights.json`.
private func reportGoldens(in folder: String) -> [OwnGolden] {
  let input = "reports/nights.json"
  func golden(_ name: String, _ text: @escaping @Sendable (Report) -> String) -> OwnGolden {
    OwnGolden(name, from: [input]) {
      let path = "\(folder)/\(input)"
      return text(try Report.Input.decode(GoldenError.contents(of: path), named: path).report)
    }
  }
  return [golden("reports/night.html") { $0.html() }, golden("reports/night.md") { $0.markdown() }]
}

private func commandPaths(
  of command: any ParsableCommand.Type, named path: [String]
) -> [(path: [String], command: any ParsableCommand.Type)] {
  [(path, command)]
    + command.configuration.subcommands.flatMap { commandPaths(of: $0, named: path + [$0._commandName]) }
}
