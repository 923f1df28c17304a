/// What the catalogue knows about a file's contents, under any of its names.
package struct KnownFile: Sendable {
  package enum Comparison: Equatable, Sendable {
    case right
    /// The first thing that differs.
    case wrong(expected: String, found: String)
    /// The catalogue has no digest for the file as it is here.
    case unknown
  }

  /// The names of the file: as published, then as other programs leave it.
  package let names: [String]
  /// The size and the digest of the file as published.
  private let bytes: Int
  private let digest: CatalogueEntry.Digest?
  /// The SHA-256 of the decompressed contents, if it is known and the file is compressed.
  private let contents: CatalogueEntry.Digest?

  package init(_ file: CatalogueEntry.File) {
    names = file.storedNames
    (bytes, digest) = (file.bytes, file.digest)
    contents = file.decompressedSHA256.map { .sha256($0) }
  }

  package init(_ member: CatalogueEntry.Member) {
    names = [member.name]
    (bytes, digest) = (member.bytes, member.sha256.map { .sha256($0) })
    contents = nil
  }

  /// Whether a digest of the file as published is known.
  var isKnown: Bool { digest != nil }

  /// Compares a file with the published file or, whatever its name, with the published file's decompressed contents.
  ///
  /// - Throws: `DataError` if it cannot be read.
  package func compare(_ path: String) throws(DataError) -> Comparison {
    compare(path, try FileDigests(path: path))
  }

  /// Compares the length and digests of the file at a path.
  func compare(_ path: String, _ found: FileDigests) -> Comparison {
    func holds(_ digest: CatalogueEntry.Digest?) -> Bool {
      digest.map { found.digits(like: $0) == $0.hexadecimal } ?? false
    }
    if holds(digest) || holds(contents) { return .right }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    // A file is taken as compressed only if its name says so: published names, with `.gz`, come first.
    let isAsPublished = name.hasSuffix(".gz") == names[0].hasSuffix(".gz")
    if isAsPublished && found.bytes != bytes {
      return .wrong(expected: "\(bytes) bytes", found: "\(found.bytes) bytes")
    }
    guard let expected = isAsPublished ? digest : contents else { return .unknown }
    return .wrong(expected: "\(expected.algorithm) \(expected.hexadecimal)", found: found.digits(like: expected))
  }
}

/// A data set whose files' contents are known.
package struct KnownSet: Sendable {
  let name: String
  /// Its files as published, then those of its archive, if it is one.
  let forms: [[KnownFile]]
  /// The folders of a directory in which it is looked for, as prefixes of paths.
  let folders: [String]

  package init(_ entry: CatalogueEntry) {
    (name, folders) = (entry.name, entry.folders)
    forms = [entry.files.map(KnownFile.init), entry.extracted.map(KnownFile.init)]
  }

  /// A set that is looked for in a directory and in its subdirectory with the set's name.
  package init(name: String, files: [CatalogueEntry.File]) {
    (self.name, forms, folders) = (name, [files.map(KnownFile.init)], ["", "\(name)/"])
  }
}
