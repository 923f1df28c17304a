import Crypto
import Foundation

/// Compares the files of a directory with the catalogue.
package struct DirectoryCheck: Sendable {
  package enum Status: String, Encodable, Sendable {
    case ok
    case wrongContents = "wrong contents"
    case missing
    /// Not a file of the catalogue, or one of which the catalogue has no digest.
    case unknown
  }

  package struct Verdict: Encodable, Equatable, Sendable {
    package let set: String?
    /// Its path in the directory.
    package let file: String
    package let status: Status
    /// What the catalogue says, if the contents are others.
    package let expected: String?
    package let found: String?

    init(set: String?, file: String, _ status: Status, expected: String? = nil, found: String? = nil) {
      (self.set, self.file, self.status, self.expected, self.found) = (set, file, status, expected, found)
    }
  }

  /// Files of the catalogue in its order, then the unknown ones by name.
  package let verdicts: [Verdict]

  package var okCount: Int { verdicts.count { $0.status == .ok } }
  /// Files with wrong contents, or missing from a set of which there are others.
  package var wrongCount: Int { verdicts.count { $0.status == .wrongContents || $0.status == .missing } }

  /// Looks at the files of `directory`, and at those of its subdirectories that bear a set's name.
  ///
  /// Two sets whose files have the same names (MNIST, Fashion-MNIST) are told apart by their digests.
  ///
  /// - Throws: `DataError` if the directory or a file cannot be read.
  package init(directory: String, entries: [CatalogueEntry] = Catalogue.entries) throws(DataError) {
    var verdicts = try Self.verdicts(in: directory, prefix: "", entries: entries)
    for entry in entries {
      let subdirectory = "\(directory)/\(entry.name)"
      var isDirectory: ObjCBool = false
      if FileManager.default.fileExists(atPath: subdirectory, isDirectory: &isDirectory), isDirectory.boolValue {
        verdicts += try Self.verdicts(in: subdirectory, prefix: "\(entry.name)/", entries: [entry])
      }
    }
    self.verdicts = verdicts.filter { $0.status != .unknown } + verdicts.filter { $0.status == .unknown }
  }

  private static func verdicts(
    in directory: String, prefix: String, entries: [CatalogueEntry]
  ) throws(DataError) -> [Verdict] {
    let present = try regularFiles(in: directory)
    // Of sets that share names only the one with the most right files is meant.
    var claimed: Set<String> = []
    var found: [(order: Int, ok: Int, verdicts: [Verdict])] = []
    for (order, entry) in entries.enumerated() {
      var verdicts: [Verdict] = []
      for file in entry.files {
        let names = file.storedNames.filter(present.contains)
        for name in names { verdicts.append(try verdict(file, of: entry, name: name, in: directory, prefix: prefix)) }
        if names.isEmpty { verdicts.append(Verdict(set: entry.name, file: prefix + file.name, .missing)) }
      }
      if verdicts.contains(where: { $0.status != .missing }) {
        found.append((order, verdicts.count { $0.status == .ok }, verdicts))
      }
    }
    found.sort { ($1.ok, $0.order) < ($0.ok, $1.order) }
    var chosen: [(order: Int, verdicts: [Verdict])] = []
    for (order, _, verdicts) in found where claimed.isDisjoint(with: verdicts.map(\.file)) {
      claimed.formUnion(verdicts.map(\.file))
      chosen.append((order, verdicts))
    }
    let others = present.filter { !claimed.contains(prefix + $0) }.sorted()
    return chosen.sorted { $0.order < $1.order }.flatMap(\.verdicts)
      + others.map { Verdict(set: nil, file: prefix + $0, .unknown) }
  }

  private static func verdict(
    _ file: CatalogueEntry.File, of entry: CatalogueEntry, name: String, in directory: String, prefix: String
  ) throws(DataError) -> Verdict {
    let digests = try FileDigests(path: "\(directory)/\(name)")
    let isStored = name == file.name
    let expected: CatalogueEntry.Digest
    if isStored {
      expected = file.digest
    } else if let contents = file.decompressedSHA256 {
      expected = .sha256(contents)
    } else {
      return Verdict(set: entry.name, file: prefix + name, .unknown)
    }
    let found = digests.digits(like: expected)
    if found == expected.hexadecimal { return Verdict(set: entry.name, file: prefix + name, .ok) }
    let hasOtherLength = isStored && digests.bytes != file.bytes
    return Verdict(
      set: entry.name, file: prefix + name, .wrongContents,
      expected: hasOtherLength ? "\(file.bytes) bytes" : "\(expected.algorithm) \(expected.hexadecimal)",
      found: hasOtherLength ? "\(digests.bytes) bytes" : found)
  }

  private static func regularFiles(in directory: String) throws(DataError) -> Set<String> {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
      throw .fileMissing(path: directory, lookedFor: [directory])
    }
    return Set(
      names.filter { name in
        var isDirectory: ObjCBool = false
        return !name.hasPrefix(".")
          && FileManager.default.fileExists(atPath: "\(directory)/\(name)", isDirectory: &isDirectory)
          && !isDirectory.boolValue
      })
  }
}

extension CatalogueEntry.File {
  /// Its name as published, and without `.gz` if that is all that was taken off.
  package var storedNames: [String] {
    name.hasSuffix(".gz") && !name.hasSuffix(".tar.gz") ? [name, String(name.dropLast(3))] : [name]
  }
}

/// A file's length and digests, taken in one pass.
package struct FileDigests: Sendable {
  package let bytes: Int
  package let sha256: String
  package let md5: String

  /// - Throws: `DataError`
  package init(path: String) throws(DataError) {
    var file = try InputFile(path: path)
    var hasher = Insecure.MD5()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try file.fill(buffer)
      if count == 0 { break }
      hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    bytes = file.offset
    sha256 = file.sha256
    md5 = hexadecimal(bytes: hasher.finalize())
  }

  /// The one of the kind of `digest`.
  package func digits(like digest: CatalogueEntry.Digest) -> String {
    switch digest {
    case .sha256: sha256
    case .md5: md5
    }
  }
}
