import ArgumentParser
import Datasets
import Files
import Fixtures
import Foundation
import Training

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List the known data sets, download them, verify their files, and look at images.",
    subcommands: [List.self, Fetch.self, Verify.self, Inspect.self])
}

extension DataCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print each data set's files with sizes and digests, its licence, citation and address.")

    @Option(
      name: .customLong("data"),
      help: ArgumentHelp(
        "Say which files are in the directory, by name and size only.",
        discussion: "Files are looked for where training looks for them (see: signet help reproduce).",
        valueName: "dir"))
    var directory: String?

    @Flag(help: "Print one JSON array instead of the text.")
    var json = false

    struct Entry: Encodable {
      struct File: Encodable {
        let name: String
        let bytes: Int
        let sha256, md5: String?
        let addresses: [String]
        /// Nil without --data.
        let isThere: Bool?
        /// The path in the directory, or that of the first of the files extracted from an archive; nil if it is not there.
        let foundAt: String?
      }

      let name, title: String
      let licence: String?
      let citation: String?
      let isBuiltIn: Bool
      let keptAt: String
      let files: [File]
    }

    func run() throws {
      if let directory { try DataSearch.check(directory) }
      let entries = try builtIn() + Catalogue.entries.map(published)
      try StandardOutput.print(json ? try encodeJSON(entries) : entries.map(text).joined(separator: "\n\n"))
    }

    private func builtIn() throws -> [Entry] {
      try Fixtures.names.map { name in
        guard let folder = Fixtures.directory(of: name) else {
          throw DataError.fileMissing(path: name, lookedFor: Fixtures.candidates(for: name))
        }
        let manifest = try FixtureManifest(path: "\(folder)/manifest.json")
        return Entry(
          name: name, title: manifest.title, licence: manifest.licence, citation: manifest.citation, isBuiltIn: true,
          keptAt: folder,
          files: manifest.files.map {
            Entry.File(
              name: $0.name, bytes: $0.bytes, sha256: $0.sha256, md5: nil, addresses: [], isThere: nil,
              foundAt: nil)
          })
      }
    }

    private func published(_ entry: CatalogueEntry) -> Entry {
      Entry(
        name: entry.name, title: entry.title, licence: entry.licence, citation: entry.citation, isBuiltIn: false,
        keptAt: entry.homepage,
        files: entry.files.map { file in
          let (sha256, md5): (String?, String?) =
            switch file.digest {
            case .sha256(let digits): (digits, nil)
            case .md5(let digits): (nil, digits)
            }
          let found = directory.flatMap { path(of: file, of: entry, in: $0) }
          return Entry.File(
            name: file.name, bytes: file.bytes, sha256: sha256, md5: md5, addresses: file.addresses,
            isThere: directory.map { _ in found != nil }, foundAt: found)
        })
    }

    /// Of the file as published with its size, decompressed, or extracted.
    private func path(of file: CatalogueEntry.File, of entry: CatalogueEntry, in directory: String) -> String? {
      let search = DataSearch(entry, in: directory)
      let stored = search.candidates(for: file).first { path in
        // What a link leads to counts.
        guard let size = try? InputFile(path: "\(directory)/\(path)").size() else { return false }
        return path.hasSuffix(".gz") == file.name.hasSuffix(".gz") ? size == file.bytes : true
      }
      if let stored { return stored }
      return (try? search.locate()).flatMap { $0.isExtracted ? $0.paths.first : nil }
    }

    private func text(_ entry: Entry) -> String {
      var lines = ["\(entry.name): \(entry.title)"]
      if let citation = entry.citation { lines.append("  cite:    \(citation)") }
      lines.append("  licence: \(entry.licence ?? "see the address")")
      lines.append("  kept at: \(entry.keptAt)" + (entry.isBuiltIn ? " (built in)" : ""))
      let rows = entry.files.map { file in
        let digest = file.sha256.map { "SHA-256 \($0)" } ?? file.md5.map { "MD5 \($0)" }
        let presence = file.isThere.map { $0 ? "there" + (file.foundAt.map { ": \($0)" } ?? "") : "not there" }
        return ["  " + file.name, "\(file.bytes) bytes", digest ?? "", presence ?? ""]
      }
      return (lines + [alignedTable(rows, rightAligned: [1])]).joined(separator: "\n")
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare the files of a directory with the digests of the known data sets.",
      discussion: """
        Looks at all places where training looks for the sets (see: signet help reproduce). Prints one line per file: its \
        set, its name, and whether it is ok, has wrong contents, is missing from a set of which there are other files, or \
        is unknown; then, for each set, how many of its known files are here.

        Exit codes: 65 if a file has wrong contents, or if no file is a known one; 74 if the directory or a file cannot be \
        read.
        """)

    @Option(name: .customLong("data"), help: ArgumentHelp("The directory.", valueName: "dir"))
    var directory: String

    @Flag(help: "Print one JSON array instead of the table.")
    var json = false

    func run() throws {
      let verification = try DirectoryCheck(directory: directory)
      let verdicts = verification.verdicts
      if json {
        try StandardOutput.print(try encodeJSON(verdicts))
      } else if !verdicts.isEmpty {
        let rows = verdicts.map { verdict in
          var detail = ""
          if let expected = verdict.expected, let found = verdict.found {
            detail = "expected \(expected), found \(found)"
          }
          return [verdict.set ?? "-", oneLine(verdict.file), verdict.status.rawValue, detail]
        }
        try StandardOutput.print(alignedTable(rows, rightAligned: []))
        for count in verification.counts { try StandardOutput.print("\(count)") }
      }
      guard verification.wrongCount == 0 && verification.okCount > 0 else {
        throw DirectoryCheckError(directory: directory, ok: verification.okCount, wrong: verification.wrongCount)
      }
    }
  }

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print shape, labels and some images of a file, or of each file of a directory.",
      discussion: """
        The file name's extension determines the format: .mat is SVHN, .tar.gz or .tar an archive of CIFAR, .bin a file \
        from it, and all others are IDX. IDX images are shown with the labels in the file beside them whose name has \
        labels-idx1 for images-idx3. In a directory, the places where training looks for the sets are searched, too.
        """)

    @Argument(help: ArgumentHelp("A file (.gz or not), or a directory.", valueName: "path"))
    var path: String

    @Option(help: ArgumentHelp("Images to print as text, at most what 80 columns take.", valueName: "n"))
    var images = 3

    @Option(help: ArgumentHelp("Write the first 100 images of the first file to a PNG file.", valueName: "file"))
    var png: String?

    func validate() throws {
      guard (0...100).contains(images) else {
        throw ValidationError("--images: expected a number from 0 to 100, found \(images)")
      }
    }

    func run() throws {
      let files = try InspectedFile.read(path: path)
      if let png {
        let sheets = files.compactMap { if case .images(let sheet) = $0 { sheet } else { nil } }
        guard let sheet = sheets.first else {
          throw ValidationError("--png: expected a file of images, found labels")
        }
        try AtomicFile.write(sheet.png(images: ImageSheet.shownImages, columns: 10), to: png)
      }
      try StandardOutput.print(files.map(text).joined(separator: "\n\n"))
    }

    private func text(_ file: InspectedFile) -> String {
      switch file {
      case .labels(let path, let labels):
        let histogram = ImageSheet.histogram(of: labels)
        return ([oneLine(path), "\(labels.count) labels"] + [bars(histogram)]).joined(separator: "\n")
      case .images(let sheet):
        let dimensions = "\(sheet.count) images, \(sheet.channels)×\(sheet.height)×\(sheet.width)"
        var lines = [oneLine(sheet.path), "\(dimensions), pixels \(sheet.darkest) to \(sheet.brightest)"]
        if let labels = sheet.labels {
          lines.append("\(Set(labels).count) classes")
          lines.append(bars(sheet.histogram))
        }
        let art = sheet.textArt(images: images)
        if images > 0, let labels = sheet.labels {
          let shown = ((art.first?.count ?? 0) + 2) / (sheet.width + 2)
          lines.append("the first images: " + labels.prefix(shown).map(String.init).joined(separator: ", "))
        }
        if images > 0 { lines += art.map(trimmed) }
        return lines.joined(separator: "\n")
      }
    }

    private func bars(_ histogram: [Int]) -> String {
      let most = max(1, histogram.max() ?? 1)
      return alignedTable(
        histogram.enumerated().map { label, count in
          ["\(label)", "\(count)", String(repeating: "#", count: (count * 40 + most - 1) / most)]
        }, rightAligned: [0, 1])
    }

    private func trimmed(_ line: String) -> String {
      var line = line
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

/// A directory has files with wrong contents, or none that is known.
struct DirectoryCheckError: Error, CustomStringConvertible {
  let directory: String
  let ok, wrong: Int

  var description: String {
    let found = ok + wrong == 0 ? "none" : "\(wrong) of \(ok + wrong) with wrong contents"
    return oneLine("\(directory): expected the files of known data sets, found \(found)")
  }
}
