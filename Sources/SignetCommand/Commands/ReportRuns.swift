import ArgumentParser
import Experiments
import Files
import Reports

struct ReportRuns: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write the report of a run, or of several side by side, for a browser.",
    discussion: """
      The report is one HTML file that needs no network: the numbers of every network, learning curves, the values of the \
      weights, and how certain they became. The data of each figure can be saved from the page. The command prints the paths of \
      the files that it writes. A run that is unfinished is reported as unfinished.

      signet night report writes the report of a night.
      """)

  @Argument(help: ArgumentHelp("Directories of runs (--out).", valueName: "run"))
  var paths: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The HTML file. Default: report.html in the run's directory. Several runs need a file.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Also write epochs.csv and results.csv to this directory.",
      discussion: "They have a row for each epoch and a row for each network; errors are fractions.", valueName: "dir"))
  var csv: String?

  @Flag(help: "Print the report in Markdown instead of writing the HTML file.")
  var markdown = false

  func validate() throws {
    if markdown && output != nil { throw ValidationError("--markdown: expected no --output, found one") }
    if paths.count > 1 && output == nil && !markdown {
      throw ValidationError("--output: expected a file for the report of \(paths.count) runs, found none")
    }
  }

  func run() throws {
    let report = RunReport(try paths.map { (try RunSummary($0), RunDirectory.isInUse($0)) })
    var written: [String] = []
    func write(_ text: String, to path: String) throws {
      try AtomicFile.write(Array(text.utf8), to: path, makingDirectories: true)
      written.append(path)
    }
    if let csv {
      try write(report.epochsCSV(), to: "\(csv)/epochs.csv")
      try write(report.resultsCSV(), to: "\(csv)/results.csv")
    }
    if markdown { return try StandardOutput.print(report.markdown()) }
    try write(report.html(), to: output ?? "\(paths[0])/report.html")
    try StandardOutput.print(written.joined(separator: "\n"))
  }
}
