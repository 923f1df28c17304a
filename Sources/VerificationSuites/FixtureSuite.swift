import BuiltInDatasets
import Datasets
import Files
import FixtureGenerator
import Fixtures
import Foundation
import Training
import Verification

/// Checks the built-in data sets: the files' digests, the images and labels read from them, and that the program draws
/// the same files again.
package enum FixtureSuite {
  package static func cases() -> [VerificationCase] {
    Fixtures.names.map { name in VerificationCase("files of \(name)") { try files(in: folder(of: name)) } }
      + DataSource.builtIn.map { source in
        VerificationCase("data set \(source.name)") { try read(source) }
      }
      + FixtureName.allCases.map { name in VerificationCase("\(name.rawValue), drawn again") { try redrawn(name) } }
  }

  private static func folder(of name: String) throws(DataError) -> String {
    guard let folder = Fixtures.directory(of: name) else {
      throw .fileMissing(path: name, lookedFor: Fixtures.candidates(for: name))
    }
    return folder
  }

  private static func manifest(in folder: String) throws(DataError) -> FixtureManifest {
    try FixtureManifest(path: "\(folder)/manifest.json")
  }

  /// Compares the bytes and the digest of each file in a folder with what its manifest says.
  package static func files(in folder: String) throws -> [FieldResult] {
    try manifest(in: folder).files.flatMap { file -> [FieldResult] in
      let path = "\(folder)/\(file.name)"
      let digests = try FileDigests(path: path)
      return [
        .equality("\(path), bytes", operation: "fixture", digests.bytes, expected: file.bytes),
        .equality("\(path), SHA-256", operation: "fixture", digests.sha256, expected: file.sha256),
      ]
    }
  }

  /// Checks that the images of each part have the expected shape, and that every class occurs among their labels.
  private static func read(_ source: DataSource) throws -> [FieldResult] {
    guard let data = try source.load(from: nil) else { return [] }
    return [("train", data.train), ("validation", data.validation), ("test", data.test)].flatMap { part, images in
      let what = "\(source.name), \(part)"
      return [
        FieldResult.equality("\(what), shape", operation: "fixture", images.imageShape, expected: source.image),
        .equality("\(what), classes", operation: "fixture", Set(images.labels).count, expected: source.classes),
      ]
    }
  }

  private static func redrawn(_ name: FixtureName) throws -> [FieldResult] {
    let files = try manifest(in: folder(of: name.rawValue)).files
    return zip(files, Fixture.named(name).files).map { told, file in
      .equality(
        "\(name.rawValue), \(told.name), decompressed SHA-256", operation: "fixture",
        hexadecimal(sha256: file.decompressed), expected: told.decompressedSha256)
    }
  }
}
