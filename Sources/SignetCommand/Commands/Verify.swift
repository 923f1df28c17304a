import ArgumentParser
import Experiments
import Files
import Golden
import VerificationSuites

extension VerificationSuite: ExpressibleByArgument {}

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check this installation's values, gradients and bits against the golden values.",
    discussion: """
      \(VerificationSuite.allCases.map { "\($0.rawValue): \($0.about)." }.joined(separator: "\n"))

      The goldens are built into the program; --golden takes a checkout's. A field is bit-exact, within its tolerance, or \
      outside; anything outside is reported, and the exit code is 65. Tolerances are in ulps, those of mean test errors in \
      standard errors.
      """)

  @Option(
    name: .customLong("suite"), parsing: .upToNextOption,
    help: ArgumentHelp("The suites to run.", discussion: "Default: all.", valueName: "suite"))
  var suites: [VerificationSuite] = []

  @Option(help: ArgumentHelp("A folder of goldens instead of the built-in one.", valueName: "folder"))
  var golden: String?

  @OptionGroup var device: DeviceOptions

  @Flag(help: "Print each operation's errors beside what is allowed.")
  var table = false

  @Flag(help: "Print a JSON array of the suites' results.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not show progress.")
  var quiet = false

  func validate() throws {
    if json && table { throw ValidationError("--json: expected no --table, found both") }
  }

  func run() throws {
    let setting = VerificationSuite.Setting(
      golden: GoldenFolder(directory: golden), device: try device.open(), program: ProgramIdentity.path)
    let line = ProgressLine(isQuiet: quiet)
    let results = (suites.isEmpty ? VerificationSuite.allCases : suites).map { suite in
      defer { line.clear() }
      return suite.run(setting) { line.show("\(suite.rawValue)  \($0)/\($1)  \($2.name)") }
    }
    if json {
      try StandardOutput.print(try encodeJSON(results))
    } else {
      for failure in results.flatMap(\.failures) { try StandardOutput.print(oneLine("✘ \(failure)")) }
      if table { try StandardOutput.print(results.operationTable + "\n") }
      try StandardOutput.print(results.summaryTable)
    }
    let failures = results.map(\.failures.count).reduce(0, +)
    if failures > 0 { throw NotVerified(what: "failure", count: failures) }
  }
}
