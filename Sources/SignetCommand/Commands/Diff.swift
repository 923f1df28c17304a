import ArgumentParser
import Experiments
import Files
import VerificationSuites

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the first difference between two runs, and their results.",
    discussion: """
      First every field that differs of what the runs are functions of, as FIELD: FIRST | SECOND; then for each network the first \
      epoch and step whose bits differ, and the results that differ. The exit code is 0 if all bits of both are the same, 65 \
      if they differ or if neither run has an epoch.
      """)

  @Argument(help: ArgumentHelp("The first run's directory.", valueName: "run"))
  var first: String

  @Argument(help: ArgumentHelp("The second run's directory.", valueName: "run"))
  var second: String

  func run() throws {
    let (a, b) = (try RunSummary(first), try RunSummary(second))
    let differences = try RunDifference.lines(between: a, and: b)
    for line in differences { try StandardOutput.print(oneLine(line)) }
    guard differences.isEmpty else {
      throw NotVerified(what: "difference of \(first) and \(second)", count: differences.count)
    }
    guard !a.epochs.isEmpty else { throw NothingToCompareError(first: first, second: second) }
    try StandardOutput.print("the same bits in \(counted(a.epochs.count, "epoch", "epochs"))")
  }
}
