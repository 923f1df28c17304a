import BuildInformation
import Datasets
import Files
import Foundation

/// The result of fetching a set of the catalogue.
package struct FetchReport: Encodable {
  package struct File: Encodable {
    package enum Status: String, Encodable {
      case present, fetched
      case wrongContents = "wrong contents"
    }

    package let name: String
    /// The size of the file at `path`, which may be a decompressed copy of the published one or have wrong contents.
    package let bytes: Int
    package let status: Status
    /// The file's path in the directory.
    package let path: String
    /// If the file was fetched, its address and how many bytes an earlier call had left.
    package let address: String?
    package let resumedAt: Int?
  }

  package let version, set, directory: String
  package let files: [File]
  /// The error for the first file that exists with other contents; the other files are fetched nevertheless.
  package let wrong: FetchError?

  private enum CodingKeys: CodingKey { case version, set, directory, files }

  /// Fetches the files of a set that the directory does not have under any of their names, into the folder there that has most of them:
  /// a set is only found with all its files in one folder (`DataSearch`).
  ///
  /// - Parameters:
  ///   - mirror: the address of a folder that has the files, instead of the official addresses.
  ///   - timeout, isReplacing, observer: as in `Fetcher`.
  /// - Throws: `FetchError`
  package init(
    fetching entry: CatalogueEntry, into directory: String, mirror: URL?, timeout: Double, isReplacing: Bool,
    observer: @escaping (FetchEvent) -> Void
  ) throws(FetchError) {
    let remotes = try entry.files.map { file throws(FetchError) in try RemoteFile(file, mirror: mirror) }
    let copies = DataSearch(entry, in: directory).folders.map { folder in
      (folder: folder, paths: entry.files.map { Self.rightCopy(of: $0, in: directory, folder) })
    }
    // Of folders with equally many, the first one is taken.
    let (folder, paths) =
      copies.max { first, second in first.paths.count { $0 != nil } < second.paths.count { $0 != nil } }
      ?? ("", entry.files.map { _ in nil })
    let fetcher = Fetcher(
      directory: folder.isEmpty ? directory : "\(directory)/\(folder.dropLast())", timeout: timeout,
      isReplacing: isReplacing, observer: observer)
    var files: [File] = []
    var wrong: FetchError?
    for (file, copy) in zip(remotes, paths) {
      func report(_ status: File.Status, at path: String? = nil, from address: URL? = nil, resumedAt: Int? = nil) {
        let path = path ?? folder + file.name
        files.append(
          File(
            name: file.name, bytes: (try? InputFile(path: "\(directory)/\(path)").size()) ?? file.bytes,
            status: status, path: path, address: address?.absoluteString, resumedAt: resumedAt))
      }
      if let copy {
        report(.present, at: copy)
        continue
      }
      do throws(FetchError) {
        switch try fetcher.fetch(file) {
        case .present: report(.present)
        case .fetched(let address, let resumedAt): report(.fetched, from: address, resumedAt: resumedAt)
        }
      } catch {
        // This is the user's own file; the others are fetched nevertheless.
        guard case .wrongContents = error else { throw error }
        wrong = wrong ?? error
        report(.wrongContents)
      }
    }
    (version, set, self.directory) = (BuildInformation.version, entry.name, directory)
    (self.files, self.wrong) = (files, wrong)
  }

  /// The path in the directory of a folder's file with the right contents, under any of its names.
  private static func rightCopy(of file: CatalogueEntry.File, in directory: String, _ folder: String) -> String? {
    file.storedNames.map { folder + $0 }.first { path in
      // A file that cannot be read is not the right one; the fetcher reports why, for the name it writes to.
      (try? KnownFile(file).compare("\(directory)/\(path)")) == .right
    }
  }

  /// A table with a row for each file.
  package var table: String {
    alignedTable(
      files.map { [$0.path, counted($0.bytes, "byte", "bytes"), $0.status.rawValue, $0.address ?? ""] },
      rightAligned: [1])
  }
}
