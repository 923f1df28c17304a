import ArgumentParser
import Benchmarking
import Experiments
import Files
import Nightly
import Reports
import Training

extension NightCommand {
  struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "report", abstract: "Write the report of the last night again, or print it.")

    @OptionGroup var results: ResultsOptions

    @Option(
      name: .customLong("sweep"), parsing: .singleValue,
      help: ArgumentHelp("A file of signet sweep --results.", valueName: "file"))
    var sweeps: [String] = []

    @Flag(help: "Print the report in Markdown instead of writing files.")
    var markdown = false

    func run() throws {
      let history = try results.readableHistory
      guard let last = history.nights.last else {
        throw MeasurementFileError(
          path: "\(results.results)/nights", expected: "a night's record", found: "none", isInputOutput: true)
      }
      let report = Report(
        nights: history.nights, sweeps: try reportedResults(in: sweeps))
      if markdown { return try StandardOutput.print(report.markdown()) }
      try StandardOutput.print(try results.folder.write(report, of: last.name))
    }
  }
}

/// The records of results files for a report; for each file, a line on standard error says what is left out.
func reportedResults(in paths: [String]) throws -> [Sweep.Record] {
  try paths.flatMap { path in
    let results = try ReportedResults(path)
    if let remark = results.remark { notice(remark) }
    return results.records
  }
}
