import Datasets
import Files
import Fixtures

/// What `signet data list` prints about a data set.
package struct ListedSet: Encodable {
  package struct File: Encodable {
    package let name: String
    package let bytes: Int
    package let sha256, md5: String?
    package let addresses: [String]
    /// Whether the file is in the directory; nil if no directory is given.
    package let isThere: Bool?
    /// The file's path in the directory, or that of the first file extracted from it; nil if it is not there.
    package let foundAt: String?
  }

  package let name, title: String
  package let licence: String?
  package let citation: String?
  package let isBuiltIn: Bool
  package let keptAt: String
  package let files: [File]

  /// All sets: the built-in ones, then those of the catalogue.
  ///
  /// - Parameter directory: where the published files are looked for, by their names and, of files as published, their sizes; nil looks for
  ///   none.
  /// - Throws: `DataError`
  package static func all(in directory: String?) throws -> [ListedSet] {
    if let directory { try DataSearch.check(directory) }
    return try builtIn() + Catalogue.entries.map { published($0, in: directory) }
  }

  private static func builtIn() throws -> [ListedSet] {
    try Fixtures.names.map { name in
      guard let folder = Fixtures.directory(of: name) else {
        throw DataError.fileMissing(path: name, lookedFor: Fixtures.candidates(for: name))
      }
      let manifest = try FixtureManifest(path: "\(folder)/manifest.json")
      return ListedSet(
        name: name, title: manifest.title, licence: manifest.licence, citation: manifest.citation, isBuiltIn: true,
        keptAt: folder,
        files: manifest.files.map {
          File(
            name: $0.name, bytes: $0.bytes, sha256: $0.sha256, md5: nil, addresses: [], isThere: nil,
            foundAt: nil)
        })
    }
  }

  private static func published(_ entry: CatalogueEntry, in directory: String?) -> ListedSet {
    ListedSet(
      name: entry.name, title: entry.title, licence: entry.licence, citation: entry.citation, isBuiltIn: false,
      keptAt: entry.homepage,
      files: entry.files.map { file in
        let (sha256, md5): (String?, String?) =
          switch file.digest {
          case .sha256(let digits): (digits, nil)
          case .md5(let digits): (nil, digits)
          }
        let found = directory.flatMap { path(of: file, of: entry, in: $0) }
        return File(
          name: file.name, bytes: file.bytes, sha256: sha256, md5: md5, addresses: file.addresses,
          isThere: directory.map { _ in found != nil }, foundAt: found)
      })
  }

  /// The path of the file in its published form (recognized by its size), decompressed, or extracted.
  private static func path(of file: CatalogueEntry.File, of entry: CatalogueEntry, in directory: String) -> String? {
    let search = DataSearch(entry, in: directory)
    let stored = search.candidates(for: file).first { path in
      // A link counts as the file that it leads to.
      guard let size = try? InputFile(path: "\(directory)/\(path)").size() else { return false }
      return path.hasSuffix(".gz") == file.name.hasSuffix(".gz") ? size == file.bytes : true
    }
    if let stored { return stored }
    return (try? search.locate()).flatMap { $0.isExtracted ? $0.paths.first : nil }
  }

  /// The set in a few lines.
  package var text: String {
    var lines = ["\(name): \(title)"]
    if let citation = citation { lines.append("  cite:    \(citation)") }
    lines.append("  licence: \(licence ?? "see the address")")
    lines.append("  kept at: \(keptAt)" + (isBuiltIn ? " (built in)" : ""))
    let rows = files.map { file in
      let digest = file.sha256.map { "SHA-256 \($0)" } ?? file.md5.map { "MD5 \($0)" }
      let presence = file.isThere.map { $0 ? "there" + (file.foundAt.map { ": \($0)" } ?? "") : "not there" }
      return ["  " + file.name, "\(file.bytes) bytes", digest ?? "", presence ?? ""]
    }
    return (lines + [alignedTable(rows, rightAligned: [1])]).joined(separator: "\n")
  }
}
