import Datasets
import Files
import Foundation
import TestSupport
import Testing
import Verification

@Suite struct GzipTests {
  let folder: TemporaryFolder
  var numbers = TestNumbers(seed: 1)

  init() throws { folder = try TemporaryFolder() }

  /// The lengths stand on both sides of the buffers' 65,536 bytes.
  @Test("what was compressed comes back", arguments: [1, 2, 1000, 65_535, 65_536, 65_537, 200_000], [0, 1, 9])
  func roundTrip(length: Int, level: Int) throws {
    var numbers = numbers
    for alphabet in [1, 256] {
      let bytes = numbers.bytes(length, below: alphabet)
      let path = try folder.write(Gzip.compress(bytes, level: Int32(level)))
      try expectSame(StoredFile(path: path, limit: length).bytes, bytes)
    }
  }

  @Test("compression stores no time and no name, and gives equal bytes twice")
  func deterministic() {
    let bytes = Array("weights".utf8)
    let compressed = Gzip.compress(bytes)
    #expect(compressed == Gzip.compress(bytes))
    // ID1, ID2, deflate, no flags, time 0.
    #expect(compressed.prefix(8) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
  }

  @Test("a file from another program, with a name in its header, is read")
  func foreignFile() throws {
    // What gzip makes of a file named a that holds abc.
    let header: [UInt8] = [0x1f, 0x8b, 8, 8, 0xe8, 3, 0, 0, 0, 3, 0x61, 0]
    let path = try folder.write(header + [0x4b, 0x4c, 0x4a, 6, 0, 0xc2, 0x41, 0x24, 0x35, 3, 0, 0, 0])
    #expect(try StoredFile(path: path, limit: 3).bytes == Array("abc".utf8))
  }

  @Test("concatenated members are one file, wherever the boundary falls in the buffer")
  func members() throws {
    var numbers = numbers
    for length in [1, 65_500, 65_513, 65_514, 65_531, 70_000] {
      let parts = [numbers.bytes(length), numbers.bytes(10), [], numbers.bytes(5)]
      let path = try folder.write(parts.flatMap { Gzip.compress($0, level: 0) })
      #expect(try StoredFile(path: path, limit: 1 << 20).bytes == parts.flatMap { $0 })
    }
  }

  @Test("a plain file is read as it is, and its digest is that of its bytes")
  func plain() throws {
    var numbers = numbers
    let bytes = [0] + numbers.bytes(150_000)
    let file = try StoredFile(path: folder.write(bytes), limit: bytes.count)
    #expect(file.bytes == bytes && !file.isCompressed)
    #expect(file.sha256 == hexadecimal(sha256: bytes))
  }

  @Test("the digest is that of the file as stored")
  func digestOfStored() throws {
    let stored = Gzip.compress(Array("abc".utf8)) + Gzip.compress(Array("def".utf8))
    let file = try StoredFile(path: folder.write(stored), limit: 6)
    #expect(file.bytes == Array("abcdef".utf8) && file.isCompressed)
    #expect(file.sha256 == hexadecimal(sha256: stored))
  }

  @Test("a file cut anywhere is truncated, at its end")
  func truncated() throws {
    var numbers = numbers
    let whole = Gzip.compress(numbers.bytes(300, below: 16))
    for length in 2..<whole.count {
      let path = try folder.write(Array(whole[..<length]))
      expectError(
        .truncated(at: .init(path: path, offset: length), expected: nil, actual: length), mentions: ["gzip"]
      ) { _ = try StoredFile(path: path, limit: 1000) }
    }
  }

  @Test("a wrong CRC-32 is reported with both values, in each member and at a buffer's edge")
  func wrongCRC() throws {
    var numbers = numbers
    for length in [3] + Array(65_505...65_520) {
      let good = Gzip.compress(numbers.bytes(length), level: 0)
      for first in [[], Gzip.compress([1])] {
        var file = first + good
        let crc = file.count - 8
        func word() -> UInt32 { file[crc..<crc + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        let computed = word()
        file[crc + 1] ^= 0x40
        let path = try folder.write(file)
        expectError(
          .checksum(
            at: .init(path: path, offset: crc), name: "CRC-32", expected: hexadecimal(word()),
            actual: hexadecimal(computed))
        ) { _ = try StoredFile(path: path, limit: 1 << 20) }
      }
    }
  }

  @Test("a wrong length is reported with the stored and the actual length")
  func wrongLength() throws {
    var file = Gzip.compress([1, 2, 3])
    file[file.count - 3] = 1
    let path = try folder.write(file)
    expectError(
      .checksum(
        at: .init(path: path, offset: file.count - 4), name: "length modulo 2^32", expected: "259", actual: "3")
    ) { _ = try StoredFile(path: path, limit: 100) }
  }

  @Test("broken deflate data are reported in zlib's words")
  func corrupt() throws {
    var file = Gzip.compress([1, 2, 3])
    file[10] |= 0b110  // the block type that does not exist
    let path = try folder.write(file)
    expectError(
      .corrupt(at: .init(path: path, offset: 11), format: "gzip data", message: "invalid block type"),
      mentions: ["invalid block type"]
    ) { _ = try StoredFile(path: path, limit: 100) }
    file[2] = 7
    try folder.write(file)
    expectError(
      .corrupt(at: .init(path: path, offset: 4), format: "gzip data", message: "unknown compression method")
    ) { _ = try StoredFile(path: path, limit: 100) }
  }

  @Test("zeros after the last member are padding, even beyond the buffer", arguments: [1, 512, 70_000])
  func padding(zeros: Int) throws {
    let stored = Gzip.compress([1, 2]) + Gzip.compress([3]) + [UInt8](repeating: 0, count: zeros)
    let file = try StoredFile(path: folder.write(stored), limit: 3)
    #expect(file.bytes == [1, 2, 3] && file.sha256 == hexadecimal(sha256: stored))
  }

  @Test(
    "other bytes after the last member are reported, even after zeros, which no other member may follow",
    arguments: [[0x8b, 0x1f], [1], [0x1e, 0x8b]], [0, 1, 70_000])
  func trailing(garbage: [UInt8], zeros: Int) throws {
    let whole = Gzip.compress([1, 2, 3])
    let padded = whole + [UInt8](repeating: 0, count: zeros)
    let path = try folder.write(padded + garbage)
    expectError(
      .trailingBytes(at: .init(path: path, offset: padded.count), expected: whole.count, actual: nil),
      mentions: ["expected the end after \(whole.count) bytes, found more bytes"]
    ) { _ = try StoredFile(path: path, limit: 100) }
    if zeros > 0 {
      try folder.write(padded + whole)
      expectError(
        .trailingBytes(at: .init(path: path, offset: padded.count), expected: whole.count, actual: nil)
      ) { _ = try StoredFile(path: path, limit: 100) }
    }
  }

  @Test("the limit holds to the byte, for gzip and for plain files", arguments: [1, 65_536, 100_000])
  func limit(length: Int) throws {
    let bytes = [UInt8](repeating: 7, count: length)
    let compressed = try folder.write(Gzip.compress(bytes), to: "compressed")
    let plain = try folder.write(bytes, to: "plain")
    for path in [compressed, plain] {
      try expectSame(StoredFile(path: path, limit: length).bytes, bytes)
      let position = DataError.Position(path: path, offset: length - 1, isDecompressed: path == compressed)
      expectError(.tooLarge(at: position, limit: length - 1, dimensions: []), mentions: ["\(length - 1) bytes"]) {
        _ = try StoredFile(path: path, limit: length - 1)
      }
    }
  }

  @Test("a gzip bomb of 1,000 times its size stops at the limit, even when spread over several members")
  func bomb() throws {
    let mebibyte = Gzip.compress([UInt8](repeating: 0, count: 1 << 20))
    let path = try folder.write((0..<64).flatMap { _ in mebibyte })
    let limit = 3 << 19
    expectError(
      .tooLarge(at: .init(path: path, offset: limit, isDecompressed: true), limit: limit, dimensions: [])
    ) { _ = try StoredFile(path: path, limit: limit) }
  }

  @Test("an empty file is an error")
  func empty() throws {
    let path = try folder.write([])
    expectError(.emptyFile(at: .init(path: path, offset: 0))) { _ = try StoredFile(path: path, limit: 100) }
  }
}
