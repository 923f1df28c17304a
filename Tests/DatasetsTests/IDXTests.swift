import Datasets
import TestSupport
import Testing

@Suite struct IDXTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes `bytes`, reads them as IDX of `rank`, and expects `error` of their place.
  private func check(
    _ bytes: [UInt8], rank: Int, mentions words: [String] = [], sourceLocation: SourceLocation = #_sourceLocation,
    _ error: (StoredFile) -> DataError
  ) throws {
    for stored in [bytes, Gzip.compress(bytes)] {
      let file = try StoredFile(path: folder.write(stored), limit: bytes.count)
      expectError(error(file), mentions: words, sourceLocation: sourceLocation) { _ = try IDX(file, rank: rank) }
    }
  }

  @Test("sizes are big-endian, and the values follow them")
  func parse() throws {
    let values = (0..<600).map { UInt8($0 % 251) }
    for dimensions in [[600], [2, 300], [300, 1, 2], [2, 3, 4, 25]] as [[UInt32]] {
      let file = try StoredFile(path: folder.write(idx(dimensions, values)), limit: 1000)
      let array = try IDX(file, rank: dimensions.count)
      #expect(array.dimensions == dimensions.map { Int($0) })
      #expect(Array(array.values) == values)
      #expect(array.headerLength == 4 + 4 * dimensions.count)
    }
    #expect(idx([600], [])[4...] == [0, 0, 2, 88])
  }

  @Test("another rank, another element type and a different kind of file give a wrong magic number")
  func magic() throws {
    try check(idx([1], [0]), rank: 3, mentions: ["0x00000803", "0x00000801"]) {
      .wrongMagic(at: $0.position(0), expected: 0x803, actual: 0x801)
    }
    try check(idx([1], [0, 0, 0, 0], magic: 0xd01), rank: 1) {
      .wrongMagic(at: $0.position(0), expected: 0x801, actual: 0xd01)
    }
    try check(Array("<!DOCTYPE html>".utf8), rank: 1) {
      .wrongMagic(at: $0.position(0), expected: 0x801, actual: 0x3c21_444f)
    }
  }

  @Test("a file cut in the header or in the values is truncated, with the sizes expected and found")
  func truncated() throws {
    let whole = idx([2, 3, 1], [1, 2, 3, 4, 5, 6])
    for length in 1..<whole.count {
      let expected = length < 16 ? 16 : 22
      try check(Array(whole[..<length]), rank: 3, mentions: ["\(expected) bytes", "the end after \(length) bytes"]) {
        .truncated(at: $0.position(length), expected: expected, actual: length)
      }
    }
  }

  @Test("one byte more than the sizes say is an error")
  func trailing() throws {
    try check(idx([2], [1, 2, 3]), rank: 1, mentions: ["10 bytes", "11 bytes"]) {
      .trailingBytes(at: $0.position(10), expected: 10, actual: 11)
    }
  }

  @Test("an empty file, and an empty gzip member")
  func empty() throws {
    let file = try StoredFile(path: folder.write(Gzip.compress([])), limit: 10)
    expectError(.emptyFile(at: .init(path: file.path, offset: 0, isDecompressed: true))) { _ = try IDX(file, rank: 1) }
  }

  @Test("no items, or items of size 0, are an error at the size that is 0", arguments: 0..<3)
  func noItems(axis: Int) throws {
    var dimensions: [UInt32] = [2, 3, 4]
    dimensions[axis] = 0
    try check(idx(dimensions, []), rank: 3, mentions: ["at least 1"]) {
      .tooFewItems(at: $0.position(4 + 4 * axis), minimum: 1, actual: 0)
    }
  }

  @Test("sizes whose product overflows are too large, and huge ones that do not are only truncated")
  func overflow() throws {
    let most = UInt32.max
    let large = Int(most)
    try check(idx([most, most, most], [1]), rank: 3, mentions: ["4294967295×4294967295×4294967295"]) {
      .tooLarge(at: $0.position(4), limit: .max, dimensions: [large, large, large])
    }
    try check(idx([most, 1 << 31], [1]), rank: 2) {
      .truncated(at: $0.position(13), expected: large << 31 + 12, actual: 13)
    }
    // Int.max itself, (2³¹ − 1)(2³¹ + 1)·2 + 1 = 2⁶³ − 1 = 7²·73·127·337·92737·649657: only the header overflows.
    try check(idx([7 * 7 * 73 * 127 * 337, 92_737, 649_657], [1]), rank: 3) {
      .tooLarge(at: $0.position(4), limit: .max, dimensions: [7 * 7 * 73 * 127 * 337, 92_737, 649_657])
    }
    try check(idx([most], [1]), rank: 1) { .truncated(at: $0.position(9), expected: large + 8, actual: 9) }
  }

  @Test("images need not be square: rows of pixels, one after the other")
  func oblong() throws {
    let images = try StoredFile(
      path: folder.write(idx([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), to: "images"), limit: 100)
    let labels = try StoredFile(path: folder.write(idx([2], [1, 0]), to: "labels"), limit: 100)
    let read = try LabelledImages(images: images, labels: labels, height: 2, width: 3, classes: 2, pixelMaximum: 255)
    #expect(read.channels == 1 && read.height == 2 && read.width == 3 && read.count == 2 && read.labels == [1, 0])
    #expect(read.withPixels(of: 1) { Array($0) } == [7, 8, 9, 10, 11, 12])
    expectError(.wrongShape(at: images.position(8), expected: [3, 2], actual: [2, 3])) {
      _ = try LabelledImages(images: images, labels: labels, height: 3, width: 2, classes: 2, pixelMaximum: 255)
    }
  }
}
