import Files
import Foundation

/// Compares the files of a directory with the catalogue.
package struct DirectoryCheck: Sendable {
  package enum Status: String, Encodable, Sendable {
    case ok
    case wrongContents = "wrong contents"
    case missing
    /// Not a file of the catalogue, or one for which the catalogue has no digest.
    case unknown
  }

  package struct Verdict: Encodable, Equatable, Sendable {
    package let set: String?
    /// The file's path in the directory.
    package let file: String
    package let status: Status
    /// What the catalogue says, if the contents differ.
    package let expected: String?
    package let found: String?

    init(set: String?, file: String, _ status: Status, expected: String? = nil, found: String? = nil) {
      (self.set, self.file, self.status, self.expected, self.found) = (set, file, status, expected, found)
    }

    /// Whether it is a set's file that could not be compared.
    var isWithoutDigest: Bool { status == .unknown && set != nil }
  }

  /// How many of a set's files with known digests are in one folder with the right contents.
  package struct Count: Sendable {
    /// The set, with its folder if that is not the directory itself.
    package let set: String
    package let here, known: Int
    /// How many of the set's files are in the folder whose digests are not known.
    package let withoutDigest: Int
  }

  /// Files of the catalogue in its order, then the unknown ones by name.
  package private(set) var verdicts: [Verdict] = []
  /// A count for each folder and each set that it has files of.
  package private(set) var counts: [Count] = []

  package var okCount: Int { verdicts.count { $0.status == .ok } }
  package var wrongCount: Int { verdicts.count { $0.status == .wrongContents } }

  /// Checks the files in all folders where sets are looked for (see `DataSearch`).
  ///
  /// Two sets whose files have the same names (MNIST, Fashion-MNIST) are distinguished by their digests.
  ///
  /// - Throws: `DataError` if the directory or a file cannot be read.
  package init(directory: String, entries: [CatalogueEntry] = Catalogue.entries) throws(DataError) {
    try DataSearch.check(directory)
    try add(Folder(directory, prefix: ""), entries)
    for entry in entries {
      for prefix in entry.folders where !prefix.isEmpty && isDirectory("\(directory)/\(prefix)") {
        try add(Folder(directory, prefix: prefix), [entry])
      }
    }
    verdicts = verdicts.filter { $0.status != .unknown } + verdicts.filter { $0.status == .unknown }
  }

  /// Adds the verdicts on a folder's files.
  private mutating func add(_ folder: Folder, _ entries: [CatalogueEntry]) throws(DataError) {
    var found: [(order: Int, set: SetCheck)] = []
    for (order, entry) in entries.enumerated() {
      if let set = try folder.check(entry) { found.append((order, set)) }
    }
    // Among sets that share file names, the one with the most right files is meant.
    found.sort { ($1.set.count.here, $0.order) < ($0.set.count.here, $1.order) }
    var claimed: Set<String> = []
    var chosen: [(order: Int, set: SetCheck)] = []
    for (order, set) in found where claimed.isDisjoint(with: set.verdicts.map(\.file)) {
      claimed.formUnion(set.verdicts.map(\.file))
      chosen.append((order, set))
    }
    for (_, set) in chosen.sorted(by: { $0.order < $1.order }) {
      verdicts += set.verdicts
      counts.append(set.count)
    }
    let others = folder.names.map { folder.prefix + $0 }.filter { !claimed.contains($0) }.sorted()
    verdicts += others.map { Verdict(set: nil, file: $0, .unknown) }
  }

  fileprivate struct SetCheck {
    let verdicts: [Verdict]
    let count: Count
  }
}

/// The files of one folder, to be compared with those of the sets that may be in it.
private struct Folder {
  let path: String
  let prefix: String
  let names: Set<String>

  init(_ directory: String, prefix: String) throws(DataError) {
    path = "\(directory)/\(prefix)"
    self.prefix = prefix
    guard let contents = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw .noDirectory(path: path, errno: EACCES)
    }
    names = Set(contents.filter { [path] in !$0.hasPrefix(".") && DataSearch.isFile(path + $0) })
  }

  /// The verdicts on a set's files; nil if none of them is here.
  ///
  /// If an archive is here, its extracted files need not be, and vice versa.
  func check(_ entry: CatalogueEntry) throws(DataError) -> DirectoryCheck.SetCheck? {
    var verdicts: [DirectoryCheck.Verdict] = []
    var (here, known) = (0, 0)
    for group in [entry.files.map(KnownFile.init), entry.extracted.map(KnownFile.init)] {
      guard group.contains(where: { !names.isDisjoint(with: $0.names) }) else { continue }
      for file in group {
        let present = try file.names.filter(names.contains).map { name throws(DataError) in
          try verdict(file, of: entry, name)
        }
        verdicts += present.isEmpty ? [.init(set: entry.name, file: prefix + file.names[0], .missing)] : present
        // A compressed and a plain copy are one file.
        if present.contains(where: { $0.status == .ok }) { here += 1 }
        if file.isKnown { known += 1 }
      }
    }
    if verdicts.isEmpty { return nil }
    let set = entry.name + (prefix.isEmpty ? "" : " in \(prefix.dropLast())")
    let withoutDigest = verdicts.count { $0.isWithoutDigest }
    return .init(
      verdicts: verdicts, count: .init(set: set, here: here, known: known, withoutDigest: withoutDigest))
  }

  private func verdict(
    _ file: KnownFile, of entry: CatalogueEntry, _ name: String
  ) throws(DataError) -> DirectoryCheck.Verdict {
    switch try file.compare(path + name) {
    case .right: .init(set: entry.name, file: prefix + name, .ok)
    case .unknown: .init(set: entry.name, file: prefix + name, .unknown)
    case .wrong(let expected, let found):
      .init(set: entry.name, file: prefix + name, .wrongContents, expected: expected, found: found)
    }
  }
}

/// A file's length and digests, computed in one pass.
package struct FileDigests: Sendable {
  package let bytes: Int
  package let sha256: String
  package let md5: String

  /// - Throws: `DataError`
  package init(path: String) throws(DataError) {
    self = try reading(Self(reading: path))
  }

  private init(reading path: String) throws(FileReadError) {
    var file = try InputFile(path: path)
    var digest = MessageDigest(.md5)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try file.fill(buffer)
      if count == 0 { break }
      digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    bytes = file.offset
    sha256 = file.sha256
    md5 = hexadecimal(bytes: digest.finalized())
  }

  /// The digest of the same kind as `digest`.
  package func digits(like digest: CatalogueEntry.Digest) -> String {
    switch digest {
    case .sha256: sha256
    case .md5: md5
    }
  }
}
