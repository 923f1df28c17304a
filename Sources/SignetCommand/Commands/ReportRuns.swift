import ArgumentParser
import Experiments
import Files
import Reports

struct ReportRuns: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write the report of a run, or of several side by side, or the page of the paper's table, for a browser.",
    discussion: """
      The report is one HTML file that needs no network: the numbers of every network, learning curves, the values of the \
      weights, and how certain they became. The data of each figure can be saved from the page. The command prints the paths of \
      the files that it writes. A run that is unfinished is reported as unfinished.

      With --table, the page of the paper's table is made of results files instead: test error by the number of weight values, \
      mean and standard deviation over seeds, tests between methods, published results, and what is missing of the paper's table, with \
      the hours that it would take.

      signet night report writes the report of a night.
      """)

  @Argument(
    help: ArgumentHelp(
      "Directories of runs (--out); with --table, results files or directories of them. Default with --table: \(Self.results).",
      valueName: "run"))
  var paths: [String] = []

  @Flag(help: "Make the page of the paper's table.")
  var table = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The HTML file. Default: report.html in the run's directory. Several runs and --table need a file.",
      valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Also write epochs.csv and results.csv to this directory.",
      discussion: "They have a row for each epoch and a row for each network; errors are fractions.", valueName: "dir"))
  var csv: String?

  @Flag(help: "Print the report in Markdown, and no paths, instead of writing the HTML file.")
  var markdown = false

  @Flag(help: "With --table: print its contents as a JSON object instead of writing the HTML file.")
  var json = false

  /// The directory of the results files that come with the source.
  private static let results = "Benchmarks/results"

  func validate() throws {
    if markdown && output != nil { throw ValidationError("--markdown: expected no --output, found one") }
    if table {
      if csv != nil { throw ValidationError("--csv: expected it without --table, found both") }
      if json && (markdown || output != nil) {
        throw ValidationError("--json: expected neither --markdown nor --output, found one")
      }
      if !json && !markdown && output == nil {
        throw ValidationError("--output: expected a file for the table, found none")
      }
      return
    }
    if json { throw ValidationError("--json: expected --table, found none") }
    if paths.isEmpty { throw ValidationError("expected a run's directory, found none") }
    if paths.count > 1 && output == nil && !markdown {
      throw ValidationError("--output: expected a file for the report of \(paths.count) runs, found none")
    }
  }

  func run() throws {
    if table { return try writeTable() }
    let (epochs, results) = (csv.map { "\($0)/epochs.csv" }, csv.map { "\($0)/results.csv" })
    let page = markdown ? nil : output ?? "\(paths[0])/report.html"
    try requireDifferentFiles(outputs: [("--csv", epochs), ("--csv", results), ("--output", page)], inputs: [])
    try requireReplaceable("--csv", epochs, by: .epochsCSV)
    try requireReplaceable("--csv", results, by: .resultsCSV)
    try requireReplaceable("--output", page, by: .page)
    let report = RunReport(try paths.map { (try RunSummary($0), RunDirectory.isInUse($0)) })
    let texts = [(epochs, report.epochsCSV), (results, report.resultsCSV), (page, report.html)]
    let files = texts.compactMap { path, text in
      path.map { path in
        OutputFile(line: path) { try AtomicFile.write(Array(text().utf8), to: path, makingDirectories: true) }
      }
    }
    try OutputFile.write(files, isQuiet: markdown)
    if markdown { try StandardOutput.print(report.markdown()) }
  }

  private func writeTable() throws {
    let results = try RecordedResults(paths.isEmpty ? [Self.results] : paths)
    try requireDifferentFiles(
      outputs: [("--output", output)], inputs: results.files.map { ("the argument", $0.path) })
    try requireReplaceable("--output", output, by: .page)
    let table = try PaperTable(results.records, leftOut: results.files.reduce(0) { $0 + $1.withoutOrigin })
    if json { return try StandardOutput.print(try encodeJSON(table)) }
    let report = TableReport(table, sources: results.files.map(\.path))
    if markdown { return try StandardOutput.print(report.markdown()) }
    guard let output else { return }
    try AtomicFile.write(Array(report.html().utf8), to: output, makingDirectories: true)
    try StandardOutput.print(output)
  }
}
