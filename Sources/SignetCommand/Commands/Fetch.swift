import ArgumentParser
import Datasets
import Fetching
import Files
import Foundation

extension DataCommand {
  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Download a published data set.",
      discussion: """
        Files that are already there with the right contents are kept, wherever training would look for them. A file \
        appears under its name when it is whole and its digest is right. Until then it is NAME.partial, and the next call \
        resumes the download.

        Exit codes: 65 a file differs from the catalogue's; 69 a download failed; 74 the directory cannot be written to, or \
        another process is fetching the same file.
        """)

    @Argument(help: ArgumentHelp("The data set (see: signet data list).", valueName: "name"))
    var entry: CatalogueEntry

    @Option(name: .customLong("data"), help: ArgumentHelp("The directory.", valueName: "dir"))
    var directory: String

    @Option(
      help: ArgumentHelp(
        "HTTP or HTTPS address of a folder with the files, instead of the official addresses.", valueName: "url"),
      transform: {
        guard let url = URL(string: $0)?.fetchable else {
          throw ValidationError("expected an HTTP or HTTPS address, found \($0)")
        }
        return url
      })
    var from: URL?

    @Option(help: ArgumentHelp("Seconds to wait for a silent server.", valueName: "seconds"))
    var timeout = 30.0

    @Flag(help: "Replace files that have other contents.")
    var force = false

    @Flag(help: "Print one JSON object instead of the table.")
    var json = false

    @Flag(name: .shortAndLong, help: "Do not show progress.")
    var quiet = false

    func validate() throws {
      guard timeout > 0 && timeout <= 86_400 else {
        throw ValidationError("--timeout: expected a positive number of seconds up to 86400, found \(timeout)")
      }
    }

    func run() throws {
      let line = ProgressLine(isQuiet: quiet)
      defer { line.clear() }
      let report = try FetchReport(
        fetching: entry, into: directory, mirror: from, timeout: timeout, isReplacing: force, observer: line.show)
      line.clear()
      try StandardOutput.print(json ? try encodeJSON(report) : report.table)
      if let wrong = report.wrong { throw wrong }
    }
  }
}

extension CatalogueEntry: ExpressibleByArgument {
  package init?(argument: String) {
    guard let entry = Catalogue.entry(named: argument) else { return nil }
    self = entry
  }

  package static var allValueStrings: [String] { Catalogue.entries.map(\.name) }
}

extension FetchError {
  var exitCode: ExitStatus {
    switch kind {
    case .usage: .usage
    case .contents: .data
    case .network: .unavailable
    case .inputOutput: .inputOutput
    }
  }
}
