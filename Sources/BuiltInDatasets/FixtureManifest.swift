import Datasets
import Files
import Fixtures
import Foundation

/// The `manifest.json` of a built-in data set, which people and `signet data list` read.
package struct FixtureManifest: Codable, Equatable, Sendable {
  package struct File: Codable, Equatable, Sendable {
    package let name: String
    /// The digest of the file as stored.
    package let sha256: String
    package let bytes: Int
    /// The digest of the contents: of a gzip file's decompressed data, or of a MAT-file with no element compressed.
    package let decompressedSha256: String
    package let decompressedBytes: Int

    package init(name: String, sha256: String, bytes: Int, decompressedSha256: String, decompressedBytes: Int) {
      (self.name, self.sha256, self.bytes) = (name, sha256, bytes)
      (self.decompressedSha256, self.decompressedBytes) = (decompressedSha256, decompressedBytes)
    }
  }

  /// One data set of the files, and how it is split.
  package struct Part: Codable, Equatable, Sendable {
    /// The published set whose form it has: mnist, cifar-10, cifar-100 or svhn.
    package let form: String
    package let classes: Int
    package let train, validation, test: Int
    package let rule: String

    package init(form: String, classes: Int, train: Int, validation: Int, test: Int, rule: String) {
      (self.form, self.classes, self.rule) = (form, classes, rule)
      (self.train, self.validation, self.test) = (train, validation, test)
    }
  }

  package let name, title, source, licence: String
  package let citation: String?
  package let howMade: String
  package let files: [File]
  /// Nil in the manifest of the digits, which has a form of its own (`DigitsManifest`).
  package let sets: [Part]?

  package init(
    name: String, title: String, source: String, licence: String, citation: String?, howMade: String, files: [File],
    sets: [Part]?
  ) {
    (self.name, self.title, self.source, self.licence) = (name, title, source, licence)
    (self.citation, self.howMade, self.files, self.sets) = (citation, howMade, files, sets)
  }

  /// - Throws: `DataError`: what reading throws, or `corrupt`.
  package init(path: String) throws(DataError) {
    let file = try StoredFile(path: path, limit: 1 << 20)
    do {
      self = try JSONDecoder().decode(FixtureManifest.self, from: Data(file.bytes))
    } catch {
      throw .corrupt(at: file.position(0), format: "manifest", message: whatDoesNotDecode(error))
    }
  }
}

extension KnownSet {
  /// The built-in sets whose manifests lie beside the program.
  ///
  /// - Throws: `DataError`
  package static func builtIn() throws -> [KnownSet] {
    try Fixtures.names.compactMap { Fixtures.directory(of: $0) }.map { folder in
      let manifest = try FixtureManifest(path: "\(folder)/manifest.json")
      return KnownSet(
        name: manifest.name,
        files: manifest.files.map {
          CatalogueEntry.File(
            name: $0.name, bytes: $0.bytes, digest: .sha256($0.sha256), decompressedSHA256: $0.decompressedSha256,
            addresses: [])
        })
    }
  }
}
