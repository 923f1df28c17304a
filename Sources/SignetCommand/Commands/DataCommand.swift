import ArgumentParser
import BuiltInDatasets
import Datasets
import Files
import Foundation

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
        "Show which files are in the directory; their contents are not read.",
        discussion: "Files are looked for where training looks for them (see: signet help reproduce).",
        valueName: "dir"))
    var directory: String?

    @Flag(help: "Print one JSON array instead of the text.")
    var json = false

    func run() throws {
      let sets = try ListedSet.all(in: directory)
      try StandardOutput.print(json ? try encodeJSON(sets) : sets.map(\.text).joined(separator: "\n\n"))
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare the files of a directory with the digests of the known data sets.",
      discussion: """
        Looks at all places where training looks for the sets (see: signet help reproduce). Prints one line per file: its \
        set, its name, and whether it is ok, has wrong contents, is missing from a set of which there are other files, or \
        is unknown: of no set, or without a known digest; then, for each set, how many of its files with known digests \
        are here, and how many others.

        Exit codes: 65 if a file has wrong contents, or if none is ok; 74 if the directory or a file cannot be read.
        """)

    @Option(name: .customLong("data"), help: ArgumentHelp("The directory.", valueName: "dir"))
    var directory: String

    @Flag(help: "Print one JSON array instead of the table.")
    var json = false

    func run() throws {
      let verification = try DirectoryCheck(directory: directory, others: try KnownSet.builtIn())
      let verdicts = verification.verdicts
      if json {
        try StandardOutput.print(try encodeJSON(verdicts))
      } else if !verdicts.isEmpty {
        try StandardOutput.print(verification.table)
        for count in verification.counts { try StandardOutput.print("\(count)") }
      }
      if let error = DirectoryCheckError(verification, of: directory) { throw error }
    }
  }

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print shape, labels and some images of a file, or of each file of a directory.",
      discussion: """
        The file name's extension determines the format: .mat is SVHN, .tar.gz or .tar an archive of CIFAR, .bin a file \
        of its records, .npy and .npz are NumPy's, and all others are IDX. IDX images are shown with the labels in the file beside them whose name has \
        labels-idx1 for images-idx3; of labels in several columns, column 0 is counted. In a directory, the places where training looks for the sets are searched, too.
        """)

    @Argument(help: ArgumentHelp("A file (.gz or not), or a directory.", valueName: "path"))
    var path: String

    @Option(
      help: ArgumentHelp(
        "Images to print as text, up to 100: as many as 80 columns take, or one that is wider.", valueName: "n"))
    var images = 3

    @Option(
      help: ArgumentHelp(
        "Write the first 100 images of the first file to a PNG file; no file of another kind is replaced.",
        valueName: "file"))
    var png: String?

    func validate() throws { try require("--images", images, in: 0...100) }

    func run() throws {
      var flaws: [DataError] = []
      let files = try InspectedFile.read(path: path) { if !flaws.contains($0) { flaws.append($0) } }
      if let png {
        try requireReplaceable("--png", png, by: PNG.kind)
        let sheets = files.compactMap { if case .images(let sheet) = $0 { sheet } else { nil } }
        guard let sheet = sheets.first else {
          if let flaw = flaws.first { throw flaw }
          throw ValidationError("--png: expected a file of images, found none")
        }
        try AtomicFile.write(sheet.png(images: ImageSheet.shownImages, columns: 10), to: png)
      }
      if !files.isEmpty {
        try StandardOutput.print(files.map { $0.text(images: images) }.joined(separator: "\n\n"))
      }
      try report(flaws)
    }
  }
}
