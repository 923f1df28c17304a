import BuiltInDatasets
import Datasets
import Files
import Fixtures
import Foundation
import TestSupport
import Testing

@Suite struct DigitsTests {
  let data: Dataset
  let directory: String
  let folder: TemporaryFolder

  init() throws {
    data = try Dataset.digits()
    directory = try #require(Fixtures.directory(of: "digits"))
    folder = try TemporaryFolder()
  }

  private func stored(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)")))
  }

  /// A copy of the fixture, to spoil.
  private func copy() throws {
    for name in ["manifest.json", "images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"] {
      try folder.write(stored(name), to: name)
    }
  }

  @Test("1,097 training, 300 validation and 400 test images of 8×8 pixels, with every value from 0 to 16")
  func counts() {
    #expect((data.train.count, data.validation.count, data.test.count) == (1097, 300, 400))
    for part in [data.train, data.validation, data.test] {
      #expect((part.channels, part.height, part.width) == (1, 8, 8))
      #expect((part.classes, part.pixelMaximum) == (10, 16))
      #expect(part.pixels.count == 64 * part.count)
      #expect(Set(part.pixels) == Set(0...16))
    }
    #expect(data.name == "digits")
  }

  @Test("each part has each digit in proportion, within two samples")
  func balance() {
    // The counts of digits 0 ... 9 that the data set's description gives.
    let totals = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    func histogram(_ part: LabelledImages) -> [Int] {
      part.labels.reduce(into: [Int](repeating: 0, count: 10)) { $0[Int($1)] += 1 }
    }
    let parts = [data.train, data.validation, data.test]
    let histograms = parts.map(histogram)
    #expect((0..<10).map { digit in histograms.reduce(0) { $0 + $1[digit] } } == totals)
    for (part, histogram) in zip(parts, histograms) {
      for digit in 0..<10 {
        let exact = Double(totals[digit] * part.count) / 1797
        #expect(abs(Double(histogram[digit]) - exact) < 2, "digit \(digit) of \(part.count)")
      }
    }
  }

  @Test("the parts are those that the rule selects from the files")
  func split() throws {
    let images = try IDX(StoredFile(path: "\(directory)/images-idx3-ubyte.gz", limit: 1 << 20), rank: 3)
    let labels = try IDX(StoredFile(path: "\(directory)/labels-idx1-ubyte.gz", limit: 1 << 20), rank: 1)
    #expect(images.dimensions == [1797, 8, 8] && labels.dimensions == [1797])
    let all = Array(labels.values)
    let pixels = Array(images.values)
    // The rule once more, sample by sample: rank by counting, and no sorting.
    var parts: [[Int]] = [[], [], []]
    for sample in 0..<1797 {
      let rank = (0..<1797).count { all[$0] < all[sample] || (all[$0] == all[sample] && $0 < sample) }
      if (rank + 1) * 400 / 1797 > rank * 400 / 1797 {
        parts[2].append(sample)
      } else {
        let left = rank - rank * 400 / 1797  // ranks before this one that went not to test
        parts[(left + 1) * 300 / 1397 > left * 300 / 1397 ? 1 : 0].append(sample)
      }
    }
    for (part, samples) in zip([data.train, data.validation, data.test], parts) {
      #expect(part.labels == samples.map { all[$0] })
      expectSame(part.pixels, samples.flatMap { pixels[(64 * $0)..<(64 * $0 + 64)] })
    }
  }

  @Test("the first image is the 0 that scikit-learn's documentation prints")
  func firstImage() throws {
    let pixels = try StoredFile(path: "\(directory)/images-idx3-ubyte.gz", limit: 1 << 20).bytes[16...]
    let zero: [UInt8] = [
      0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0, 0, 3, 15, 2, 0, 11, 8, 0, 0, 4, 12, 0, 0, 8, 8, 0,
      0, 5, 8, 0, 0, 9, 8, 0, 0, 4, 11, 0, 1, 12, 7, 0, 0, 2, 14, 5, 10, 12, 0, 0, 0, 0, 6, 13, 10, 0, 0, 0,
    ]
    #expect(Array(pixels.prefix(64)) == zero)
  }

  @Test("the manifest has the digests and sizes of the files, both stored and decompressed")
  func manifest() throws {
    let manifest = try DigitsManifest(path: "\(directory)/manifest.json")
    for (file, digest) in zip([manifest.images, manifest.labels], data.fileDigests) {
      let bytes = try stored(file.name)
      #expect(digest == (file.name, file.sha256))
      #expect(hexadecimal(sha256: bytes) == file.sha256)
      let contents = try StoredFile(path: "\(directory)/\(file.name)", limit: 1 << 20).bytes
      #expect(contents.count == file.decompressedBytes)
      #expect(hexadecimal(sha256: contents) == file.decompressedSha256)
    }
    let size = { try stored($0).count }
    let text = try String(contentsOfFile: "\(directory)/manifest.json", encoding: .utf8)
    #expect(text.contains("\"bytes\": \(try size("images-idx3-ubyte.gz")),"))
    #expect(text.contains("\"bytes\": \(try size("labels-idx1-ubyte.gz")),"))
    #expect((manifest.split.train, manifest.split.validation, manifest.split.test) == (1097, 300, 400))
    for word in ["CC BY 4.0", "10.24432/C50P49", "make-digits.py", "p / 16 * 2 - 1"] { #expect(text.contains(word)) }
  }

  @Test("the same contents in another compression are the same data, with another digest")
  func recompressed() throws {
    try copy()
    let contents = try StoredFile(path: "\(directory)/labels-idx1-ubyte.gz", limit: 1 << 20).bytes
    let other = Gzip.compress(contents, level: 1)
    try folder.write(other, to: "labels-idx1-ubyte.gz")
    let again = try Dataset.digits(directory: folder.path)
    #expect(again.train == data.train && again.validation == data.validation && again.test == data.test)
    #expect(again.fileDigests[0] == data.fileDigests[0])
    #expect(again.fileDigests[1].sha256 == hexadecimal(sha256: other))
    #expect(again.fileDigests[1].sha256 != data.fileDigests[1].sha256)
  }

  @Test("one changed label is caught by its file's checksum")
  func changedLabel() throws {
    try copy()
    var contents = try StoredFile(path: "\(directory)/labels-idx1-ubyte.gz", limit: 1 << 20).bytes
    let expected = hexadecimal(sha256: contents)
    contents[8 + 1000] = (contents[8 + 1000] + 1) % 10
    let path = try folder.write(Gzip.compress(contents), to: "labels-idx1-ubyte.gz")
    expectError(
      .checksum(
        at: .init(path: path, offset: 0, isDecompressed: true), name: "SHA-256", expected: expected,
        actual: hexadecimal(sha256: contents)), mentions: ["SHA-256"]
    ) { _ = try Dataset.digits(directory: folder.path) }
  }

  @Test(
    "if one of the three files is missing, it is named",
    arguments: ["manifest.json", "images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"])
  func missing(name: String) throws {
    try copy()
    let path = "\(folder.path)/\(name)"
    try FileManager.default.removeItem(atPath: path)
    expectError(.fileMissing(path: path, lookedFor: [path]), hasByte: false) {
      _ = try Dataset.digits(directory: folder.path)
    }
  }

  /// Each is a sound manifest, but of images of another form, scale or split: these are not part of the data's identity.
  @Test(
    "a folder of another name, form, scale or split is refused",
    arguments: [
      ("\"name\": \"digits\"", "\"name\": \"numerals\"", "numerals, 1797 images"),
      ("1797,\n        8,\n        8", "1797,\n        9,\n        9", "of 9×9 pixels"),
      ("1797,\n        8,\n        8", "1797,\n        4,\n        16", "of 4×16 pixels"),
      ("\"pixelMaximum\": 16", "\"pixelMaximum\": 255", "pixels up to 255"),
      ("\"classes\": 10", "\"classes\": 12", "12 classes"),
      ("\"train\": 1097,\n    \"validation\": 300", "\"train\": 1087,\n    \"validation\": 310", "310 for validation"),
      ("\"validation\": 300,\n    \"test\": 400", "\"validation\": 299,\n    \"test\": 401", "401 for test"),
    ])
  func otherManifest(old: String, new: String, mentions: String) throws {
    try copy()
    let text = try String(contentsOfFile: "\(directory)/manifest.json", encoding: .utf8)
    #expect(text.contains(old))
    let path = try folder.write(Array(text.replacing(old, with: new, maxReplacements: 1).utf8), to: "manifest.json")
    do {
      _ = try Dataset.digits(directory: folder.path)
      Issue.record("read with \(new)")
    } catch {
      #expect(error.description.hasPrefix("\(path): expected digits, 1797 images of 8×8 pixels up to 16, 10 classes, "))
      #expect(error.description.contains(mentions), "\(error)")
      #expect(!error.isInputOutput)
    }
  }

  @Test("a pixel over the maximum is an error at its byte")
  func pixelOutOfRange() throws {
    let images = try StoredFile(path: folder.write(idx([1, 2, 2], [0, 16, 17, 0]), to: "images"), limit: 100)
    let labels = try StoredFile(path: folder.write(idx([1], [0]), to: "labels"), limit: 100)
    expectError(.pixelOutOfRange(at: images.position(18), maximum: 16, actual: 17), mentions: ["0 to 16", "found 17"]) {
      _ = try LabelledImages(images: images, labels: labels, height: 2, width: 2, classes: 10, pixelMaximum: 16)
    }
  }

  @Test("the program looks beside itself, and says so")
  func places() {
    let places = Fixtures.candidates(for: "digits")
    #expect(places.contains(directory))
    #expect(places.allSatisfy { $0.hasPrefix("/") && $0.hasSuffix("/signet_Fixtures.resources/digits") })
    #expect(Fixtures.directory(of: "absent") == nil)
  }
}
