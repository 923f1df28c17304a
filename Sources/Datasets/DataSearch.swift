import Foundation

/// Where a published data set's files are looked for; all commands use this rule.
///
/// A set is looked for in the directory itself, then in the usual folders there (torchvision's `MNIST/raw`, the folder that
/// CIFAR's archive is extracted to), then in the subdirectory with the set's name, and in the usual folders within it. In each
/// of these folders a set may be as published or extracted from its archive, and each file may have several names
/// (`CatalogueEntry.File.storedNames`). The first match in each of these orders is taken.
package struct DataSearch: Sendable {
  /// The files of one set, all in the same folder.
  package struct Location: Equatable, Sendable {
    /// Whether they are the files of the archive rather than the archive itself.
    package let isExtracted: Bool
    /// Their paths in the directory, in the order of the catalogue.
    package let paths: [String]
  }

  package let entry: CatalogueEntry
  package let directory: String

  package init(_ entry: CatalogueEntry, in directory: String) {
    self.entry = entry
    self.directory = directory
  }

  /// The folders in the order of the search, each as a prefix of a path: empty, or ending in `/`.
  package var folders: [String] { entry.folders }

  /// The names that each file of the set may have, as published and extracted.
  private var forms: [(isExtracted: Bool, files: [[String]])] {
    [(false, entry.files.map(\.storedNames)), (true, entry.extracted.map { [$0.name] })].filter { !$0.files.isEmpty }
  }

  /// Finds the first folder that has all files of the set except those that are to be left out.
  ///
  /// - Throws: `DataError`: `fileMissing` for the first folder that has some of them, `setMissing` if none has, or
  ///   `noDirectory`.
  package func locate(leavingOut omitted: Set<String> = []) throws(DataError) -> Location {
    try Self.check(directory)
    var incomplete: DataError?
    for folder in folders {
      for (isExtracted, files) in forms {
        let wanted = files.filter { omitted.isDisjoint(with: $0) }
        let found = wanted.map { names in names.first { Self.isFile("\(directory)/\(folder)\($0)") } }
        guard let missing = found.firstIndex(of: nil) else {
          return Location(isExtracted: isExtracted, paths: found.compactMap { $0 }.map { folder + $0 })
        }
        if incomplete == nil && found.contains(where: { $0 != nil }) {
          incomplete = Self.missing(wanted[missing], in: directory, folder)
        }
      }
    }
    throw incomplete
      ?? .setMissing(directory: directory, names: forms.flatMap { $0.files.first ?? [] }, folders: folders)
  }

  /// The paths in the directory at which the file may be, in the order of the search.
  package func candidates(for file: CatalogueEntry.File) -> [String] {
    folders.flatMap { folder in file.storedNames.map { folder + $0 } }.filter { Self.isFile("\(directory)/\($0)") }
  }

  private static func missing(_ names: [String], in directory: String, _ folder: String) -> DataError {
    if names.count == 1 {
      let path = "\(directory)/\(folder)\(names[0])"
      return .fileMissing(path: path, lookedFor: [path])
    }
    return .fileMissing(path: folder.isEmpty ? directory : "\(directory)/\(folder.dropLast())", lookedFor: names)
  }

  /// Whether there is a file at a path in a directory: a regular one, since opening a pipe could wait for ever.
  ///
  /// A dangling symbolic link counts, so that opening it reports the error.
  static func isFile(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 ? facts.st_mode & S_IFMT == S_IFREG : isThere(path)
  }

  /// Whether there is anything at a path.
  static func isThere(_ path: String) -> Bool {
    var facts = stat()
    return lstat(path, &facts) == 0
  }

  /// - Throws: `DataError.noDirectory` if `directory` is not a directory.
  package static func check(_ directory: String) throws(DataError) {
    var facts = stat()
    guard stat(directory, &facts) == 0 else { throw .noDirectory(path: directory, errno: errno) }
    if facts.st_mode & S_IFMT != S_IFDIR { throw .noDirectory(path: directory, errno: ENOTDIR) }
  }
}

extension CatalogueEntry.File {
  /// The names that the file may have: as published, then without `.gz`, as programs leave it that decompress it, and each of
  /// these with its last hyphen replaced by a dot, as some programs write it (`train-images.idx3-ubyte`).
  package var storedNames: [String] {
    let plain = name.hasSuffix(".gz") ? [name, String(name.dropLast(3))] : [name]
    guard let range = name.range(of: "-idx") else { return plain }
    return plain + plain.map { $0.replacingCharacters(in: range, with: ".idx") }
  }
}
