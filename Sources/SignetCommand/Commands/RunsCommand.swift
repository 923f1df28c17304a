import ArgumentParser
import Experiments
import Files

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs in a directory.",
    discussion: """
      Runs are directories that signet reproduce or signet train wrote with --out. The changed options are those that differ \
      from the experiment's own. A run that is damaged is reported and left out, and the exit code is then 65 (74 if it cannot \
      be read).
      """)

  @Argument(help: "The directory of the runs' directories.")
  var directory = "."

  @Flag(help: "Print a JSON array of the runs, each as signet show --json prints it.")
  var json = false

  @Flag(help: "Print CSV, one row per network.")
  var csv = false

  @Flag(help: "Print the rows of --csv as JSON objects, one per line.")
  var jsonl = false

  func validate() throws {
    if [json, csv, jsonl].count(where: \.self) > 1 {
      throw ValidationError("expected one of --json, --csv and --jsonl, found several")
    }
  }

  func run() throws {
    let listing = try RunListing(directory)
    if json {
      try StandardOutput.print(try encodeJSON(listing.runs))
    } else if csv {
      try StandardOutput.printCSV(RecordTable(networksOf: listing.runs).csv)
    } else if jsonl {
      // `print` adds the end of the last line.
      let text = try RecordTable(networksOf: listing.runs).jsonLines()
      if !text.isEmpty { try StandardOutput.print(String(text.dropLast())) }
    } else if let text = try listing.text() {
      try StandardOutput.print(text)
    }
    try report(listing.errors)
  }
}

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a run: its settings, its networks, and their learning curves.")

  @Argument(help: ArgumentHelp("The run's directory.", valueName: "run"))
  var path: String

  @Flag(help: "Print one JSON object with every epoch.")
  var json = false

  @Flag(help: "Print CSV, one row per epoch of each network.")
  var csv = false

  func validate() throws {
    if json && csv { throw ValidationError("expected one of --json and --csv, found both") }
  }

  func run() throws {
    let summary = try RunSummary(path)
    if csv { return try StandardOutput.printCSV(RecordTable(epochsOf: summary).csv) }
    try StandardOutput.print(json ? try encodeJSON(summary) : summary.text(width: StandardOutput.columns ?? 80))
  }
}
