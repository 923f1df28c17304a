import BuiltInDatasets
import Datasets
import Files

/// The names of the data sets that the program draws itself.
package enum FixtureName: String, CaseIterable, Sendable { case glyphs, shapes, numbers }

/// A file of a fixture.
package struct FixtureFile: Sendable {
  private enum Contents: Sendable {
    case gzip([UInt8])
    case mat5(MAT5File)
  }

  package let name: String
  private let contents: Contents

  init(name: String, gzip: [UInt8]) { (self.name, contents) = (name, .gzip(gzip)) }
  init(name: String, mat5: MAT5File) { (self.name, contents) = (name, .mat5(mat5)) }

  /// The contents, equal on every machine: a gzip file's decompressed data, or the MAT-file with no element compressed.
  package var decompressed: [UInt8] {
    switch contents {
    case .gzip(let bytes): bytes
    case .mat5(let file): file.plain
    }
  }

  /// The file itself; another zlib may compress the same contents to different bytes.
  package var stored: [UInt8] {
    switch contents {
    case .gzip(let bytes): Gzip.compress(bytes)
    case .mat5(let file): file.compressed
    }
  }
}

/// A data set that the program draws itself, which depends on its name alone.
package struct Fixture: Sendable {
  package let name: FixtureName
  package let title: String
  package let files: [FixtureFile]
  package let sets: [FixtureManifest.Part]

  /// The drawn set; it is drawn only once per process.
  package static func named(_ name: FixtureName) -> Fixture {
    switch name {
    case .glyphs: glyphs
    case .shapes: shapes
    case .numbers: numbers
    }
  }
  private static let glyphs = Glyphs.fixture()
  private static let shapes = Shapes.fixture()
  private static let numbers = HouseNumbers.fixture()

  /// The contents of its `manifest.json`, with the digests of these stored files.
  package func manifest(stored: [[UInt8]]) -> FixtureManifest {
    FixtureManifest(
      name: name.rawValue, title: title, source: "drawn by the program signet, module FixtureGenerator",
      licence: "Apache-2.0", citation: nil, howMade: "signet fixtures make, zlib \(Deflate.version)",
      files: zip(files, stored).map { file, stored in
        let contents = file.decompressed
        return FixtureManifest.File(
          name: file.name, sha256: hexadecimal(sha256: stored), bytes: stored.count,
          decompressedSha256: hexadecimal(sha256: contents), decompressedBytes: contents.count)
      },
      sets: sets)
  }

  /// Writes the files and their manifest, unless one of them would replace a file with other contents.
  ///
  /// - Parameters:
  ///   - folder: the folder to write to, which is created if it is missing.
  ///   - written: called for each file once it is written.
  /// - Throws: `FileWriteError`, also for a file that is there with other contents; `DataError` if one that is there cannot be read.
  package func write(to folder: String, written: (_ path: String, _ bytes: [UInt8]) throws -> Void) throws {
    try AtomicFile.makeDirectory(folder)
    let stored = files.map(\.stored)
    let manifest = try encodeJSON(self.manifest(stored: stored)) + "\n"
    let contents = zip(
      (files.map(\.name) + ["manifest.json"]).map { "\(folder)/\($0)" }, stored + [Array(manifest.utf8)])
    for (path, bytes) in contents {
      guard let found = try Self.digest(of: path), found != hexadecimal(sha256: bytes) else { continue }
      throw FileWriteError.cannotWrite(path: path, reason: "a file with other contents, which is kept")
    }
    for (path, bytes) in contents {
      try AtomicFile.write(bytes, to: path)
      try written(path, bytes)
    }
  }

  /// The SHA-256 of the file at a path; nil if there is none.
  private static func digest(of path: String) throws(DataError) -> String? {
    do throws(DataError) {
      return try FileDigests(path: path).sha256
    } catch {
      if case .fileMissing = error { return nil }
      throw error
    }
  }
}
