import Files
import Foundation

/// Compares the files of a directory with those of known data sets.
package struct DirectoryCheck: Sendable {
  package enum Status: String, Encodable, Sendable {
    case ok
    case wrongContents = "wrong contents"
    case missing
    /// Not a file of a known set, or one whose digest is not known.
    case unknown
  }

  package struct Verdict: Encodable, Equatable, Sendable {
    package let set: String?
    /// The file's path in the directory.
    package let file: String
    package let status: Status
    /// What is known of the file, if its contents differ.
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

  /// Files of known sets in the order of the sets, then the unknown ones by name.
  package private(set) var verdicts: [Verdict] = []
  /// A count for each folder and each set that it has files of.
  package private(set) var counts: [Count] = []

  package var okCount: Int { verdicts.count { $0.status == .ok } }
  package var wrongCount: Int { verdicts.count { $0.status == .wrongContents } }

  /// Checks the files in all folders where sets are looked for (see `DataSearch`).
  ///
  /// Sets whose files have the same names (MNIST, Fashion-MNIST) are distinguished by their digests.
  ///
  /// - Parameter others: known sets besides those of the catalogue.
  /// - Throws: `DataError` if the directory or a file cannot be read.
  package init(
    directory: String, entries: [CatalogueEntry] = Catalogue.entries, others: [KnownSet] = []
  ) throws(DataError) {
    let sets = entries.map { KnownSet($0) } + others
    try DataSearch.check(directory)
    try add(Folder(directory, prefix: ""), sets)
    for set in sets {
      for prefix in set.folders where !prefix.isEmpty && isDirectory("\(directory)/\(prefix)") {
        try add(Folder(directory, prefix: prefix), [set])
      }
    }
    verdicts = verdicts.filter { $0.status != .unknown } + verdicts.filter { $0.status == .unknown }
  }

  /// Adds the verdicts on a folder's files.
  private mutating func add(_ folder: Folder, _ sets: [KnownSet]) throws(DataError) {
    var folder = folder
    var found: [(order: Int, set: SetCheck)] = []
    for (order, set) in sets.enumerated() {
      if let check = try folder.check(set) { found.append((order, check)) }
    }
    // Among sets that share file names, the one with the most right files is meant, then the one with the fewest wrong ones.
    found.sort { ($1.set.count.here, $0.set.wrong, $0.order) < ($0.set.count.here, $1.set.wrong, $1.order) }
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

    var wrong: Int { verdicts.count { $0.status == .wrongContents } }
  }
}

/// The files of one folder, to be compared with those of the sets that may be in it.
private struct Folder {
  let path: String
  let prefix: String
  let names: Set<String>
  /// The digests of the files that have been read.
  private var digests: [String: FileDigests] = [:]

  init(_ directory: String, prefix: String) throws(DataError) {
    path = "\(directory)/\(prefix)"
    self.prefix = prefix
    names = Set(try ImageFileFolder(path).names)
  }

  /// The verdicts on a set's files; nil if none of them is here.
  ///
  /// If an archive is here, its extracted files need not be, and vice versa.
  mutating func check(_ set: KnownSet) throws(DataError) -> DirectoryCheck.SetCheck? {
    var verdicts: [DirectoryCheck.Verdict] = []
    var (here, known) = (0, 0)
    for form in set.forms {
      guard form.contains(where: { !names.isDisjoint(with: $0.names) }) else { continue }
      for file in form {
        var present: [DirectoryCheck.Verdict] = []
        for name in file.names where names.contains(name) { present.append(try verdict(file, of: set.name, name)) }
        verdicts += present.isEmpty ? [.init(set: set.name, file: prefix + file.names[0], .missing)] : present
        // A compressed and a plain copy are one file.
        if present.contains(where: { $0.status == .ok }) { here += 1 }
        if file.isKnown { known += 1 }
      }
    }
    if verdicts.isEmpty { return nil }
    let place = set.name + (prefix.isEmpty ? "" : " in \(prefix.dropLast())")
    let withoutDigest = verdicts.count { $0.isWithoutDigest }
    return .init(
      verdicts: verdicts, count: .init(set: place, here: here, known: known, withoutDigest: withoutDigest))
  }

  private mutating func verdict(
    _ file: KnownFile, of set: String, _ name: String
  ) throws(DataError) -> DirectoryCheck.Verdict {
    // Several sets may have files of this name.
    let found: FileDigests
    if let known = digests[name] { found = known } else { found = try FileDigests(path: path + name) }
    digests[name] = found
    switch file.compare(path + name, found) {
    case .right: return .init(set: set, file: prefix + name, .ok)
    case .unknown: return .init(set: set, file: prefix + name, .unknown)
    case .wrong(let expected, let found):
      return .init(set: set, file: prefix + name, .wrongContents, expected: expected, found: found)
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
