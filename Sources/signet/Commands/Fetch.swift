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
        Files that are there already with the right contents are left as they are, wherever training would look for them. \
        A file appears under its name when it is \
        whole and its digest is right; until then it is NAME.partial, and the next call goes on where it ended.

        Exit codes: 65 a file with other contents than the catalogue's; 69 the network or a server failed; 74 the directory \
        cannot be written to.
        """)

    @Argument(help: ArgumentHelp("The data set (see: signet data list).", valueName: "name"))
    var entry: CatalogueEntry

    @Option(name: .customLong("data"), help: ArgumentHelp("The directory.", valueName: "dir"))
    var directory: String

    @Option(
      help: ArgumentHelp(
        "Address of a folder of http or https that has the files, instead of the official addresses.", valueName: "url")
    )
    var from: URL?

    @Option(help: ArgumentHelp("Seconds of silence after which a server is given up.", valueName: "seconds"))
    var timeout = 30.0

    @Flag(help: "Replace files that are there with other contents.")
    var force = false

    @Flag(help: "Print one JSON object instead of the table.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress.")
    var quiet = false

    func validate() throws {
      guard timeout > 0 && timeout <= 86_400 else {
        throw ValidationError("--timeout: expected a number of seconds up to 86400, found \(timeout)")
      }
    }

    struct Report: Encodable {
      struct File: Encodable {
        enum Status: String, Encodable {
          case present, fetched
          case wrongContents = "wrong contents"
        }

        let name: String
        let bytes: Int
        let status: Status
        /// Its path in the directory.
        let path: String
        /// Where it came from, and how many bytes were there from an earlier call, if it was fetched.
        let address: String?
        let resumedAt: Int?
      }

      let version, set, directory: String
      let files: [File]
    }

    func run() throws {
      let files = try entry.files.map { file throws(FetchError) in try RemoteFile(file, mirror: from) }
      let progress = FetchProgress(isQuiet: quiet)
      let fetcher = Fetcher(directory: directory, timeout: timeout, isReplacing: force, observer: progress.show)
      var reports: [Report.File] = []
      var wrong: FetchError?
      defer { progress.finish() }
      for (file, published) in zip(files, entry.files) {
        func report(
          _ status: Report.File.Status, at path: String? = nil, from address: URL? = nil, resumedAt: Int? = nil
        ) {
          reports.append(
            .init(
              name: file.name, bytes: file.bytes, status: status, path: path ?? file.name,
              address: address?.absoluteString, resumedAt: resumedAt))
        }
        if let path = rightCopy(of: published) {
          report(.present, at: path)
          continue
        }
        do throws(FetchError) {
          switch try fetcher.fetch(file) {
          case .present: report(.present)
          case .fetched(let address, let resumedAt): report(.fetched, from: address, resumedAt: resumedAt)
          }
        } catch {
          // The user's own file: the others are fetched all the same.
          guard case .wrongContents = error else { throw error }
          wrong = wrong ?? error
          report(.wrongContents)
        }
      }
      progress.finish()
      let report = Report(version: signetVersion, set: entry.name, directory: directory, files: reports)
      try StandardOutput.print(json ? try encodeJSON(report) : Self.table(report))
      if let wrong { throw wrong }
    }

    /// The path in the directory of a file with the right contents, under any of its names.
    private func rightCopy(of file: CatalogueEntry.File) -> String? {
      DataSearch(entry, in: directory).candidates(for: file).first { path in
        // What cannot be read is not the right file; why not, the fetcher says of the name it writes to.
        (try? KnownFile(file).compare("\(directory)/\(path)")) == .right
      }
    }

    private static func table(_ report: Report) -> String {
      alignedTable(
        report.files.map { [$0.path, "\($0.bytes) bytes", $0.status.rawValue, $0.address ?? ""] }, rightAligned: [1])
    }
  }
}

extension CatalogueEntry: ExpressibleByArgument {
  package init?(argument: String) {
    guard let entry = Catalogue.entry(named: argument) else { return nil }
    self = entry
  }

  package static var allValueStrings: [String] { Catalogue.entries.map(\.name) }
  package var defaultValueDescription: String { name }
}

extension URL: @retroactive ExpressibleByArgument {
  /// An absolute address of http or https.
  public init?(argument: String) {
    guard let url = URL(string: argument), ["http", "https"].contains(url.scheme), !(url.host ?? "").isEmpty else {
      return nil
    }
    self = url
  }
}

extension FetchError {
  var exitCode: ExitStatus {
    switch kind {
    case .usage: .usage
    case .contents: .data
    case .network: .network
    case .inputOutput: .inputOutput
    }
  }
}
