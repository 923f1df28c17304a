import Datasets
import Files
import Foundation

/// The part of the `manifest.json` of the data set digits that the program needs; the rest is for people.
package struct DigitsManifest: Sendable {
  package struct File: Decodable, Sendable {
    package let name: String
    package let shape: [Int]
    /// The digest of the file as stored.
    package let sha256: String
    /// The digest of the contents. It is verified instead of the file's, since another zlib may compress to different bytes.
    package let decompressedSha256: String
    package let decompressedBytes: Int
  }

  package struct Counts: Decodable, Sendable {
    package let train: Int
    package let validation: Int
    package let test: Int
  }

  package let name: String
  package let classes: Int
  package let pixelMaximum: Int
  package let split: Counts
  /// The file of images, shape `N × H × W`.
  package let images: File
  /// The file of labels, shape `N`.
  package let labels: File
  package var sampleCount: Int { labels.shape[0] }

  /// - Throws: `DataError`: what reading throws, or `corrupt` with what is wrong.
  package init(path: String) throws(DataError) {
    let file = try StoredFile(path: path, limit: 1 << 20)
    do {
      let plain = try JSONDecoder().decode(Plain.self, from: Data(file.bytes))
      try self.init(plain)
    } catch {
      throw .corrupt(
        at: file.position(0), format: "manifest", message: (error as? Flaw)?.message ?? whatDoesNotDecode(error))
    }
  }

  private init(_ plain: Plain) throws(Flaw) {
    func require(_ holds: Bool, _ message: String) throws(Flaw) {
      if !holds { throw Flaw(message: message) }
    }
    try require((1...256).contains(plain.classes), "classes \(plain.classes)")
    try require((1...255).contains(plain.pixelMaximum), "pixelMaximum \(plain.pixelMaximum)")
    let names = plain.files.map(\.name)
    try require(names == ["images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"], "files \(names)")
    let shapes = plain.files.map(\.shape)
    try require(shapes.map(\.count) == [3, 1] && shapes[0][0] == shapes[1][0], "shapes \(shapes)")
    try require(shapes.joined().allSatisfy { (1...1 << 20).contains($0) }, "shapes \(shapes)")
    let counts = plain.split
    let parts = [counts.train, counts.validation, counts.test]
    try require(parts.allSatisfy { (1...1 << 20).contains($0) }, "parts of \(parts) samples")
    try require(parts.reduce(0, +) == shapes[1][0], "parts of \(parts) samples of \(shapes[1][0])")
    for file in plain.files {
      try require((1...1 << 24).contains(file.decompressedBytes), "decompressedBytes \(file.decompressedBytes)")
    }
    (name, classes, pixelMaximum, split) = (plain.name, plain.classes, plain.pixelMaximum, counts)
    (images, labels) = (plain.files[0], plain.files[1])
  }

  /// The manifest as it is in the file.
  private struct Plain: Decodable {
    let name: String
    let classes: Int
    let pixelMaximum: Int
    let files: [File]
    let split: Counts
  }

  private struct Flaw: Error { let message: String }

  /// What the manifest decides of the images besides the files' contents, in words.
  var decisions: String {
    let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
    return "\(name), \(count) images of \(height)×\(width) pixels up to \(pixelMaximum), \(classes) classes, "
      + "\(split.train) for training, \(split.validation) for validation, \(split.test) for test"
  }

  /// The decisions of the built-in digits' manifest.
  static let digitsDecisions =
    "digits, 1797 images of 8×8 pixels up to 16, 10 classes, 1097 for training, 300 for validation, 400 for test"
}

extension DigitsManifest.File {
  /// - Throws: `DataError`: what reading throws, or `checksum`.
  package func read(in directory: String) throws(DataError) -> StoredFile {
    let file = try StoredFile(path: "\(directory)/\(name)", limit: decompressedBytes)
    let actual = hexadecimal(sha256: file.bytes)
    if actual != decompressedSha256 {
      throw .checksum(at: file.position(0), name: "SHA-256", expected: decompressedSha256, actual: actual)
    }
    return file
  }
}
