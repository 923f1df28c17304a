import Datasets
import Files
import TestSupport
import Testing

/// Elements that lie about themselves, and compressed ones.
extension MATTests {
  @Test("elements of the wrong type or size, nested ones, and short ones that are too long")
  func elements() {
    func body(
      flags: [UInt8]? = nil, dimensions: [UInt8]? = nil, name: [UInt8]? = nil, numbers: [UInt8]
    ) -> [UInt8] {
      build.matrix(
        (flags ?? build.flags(6)) + (dimensions ?? build.dimensions([1, 1]))
          + (name ?? build.element(1, [0x79], isShort: true)) + numbers)
    }
    let numbers = build.element(2, [1], isShort: true)
    func expect(_ element: [UInt8], at offset: Int, _ expected: String, _ actual: String, _ line: Int = #line) {
      refuse([element], at: offset) { .unexpected(at: $0, expected: expected, actual: actual) }
    }
    expect(
      body(flags: build.element(5, build.word(6) + build.word(0)), numbers: numbers), at: 136,
      "array flags (6)", "an element of type 5")
    expect(
      body(flags: build.element(6, build.word(6), isShort: true), numbers: numbers), at: 136,
      "array flags of 8 to 8 bytes", "4")
    expect(body(dimensions: build.dimensions([1]), numbers: numbers), at: 152, "dimensions of 8 to 32 bytes", "4")
    expect(
      body(dimensions: build.dimensions(Array(repeating: 1, count: 9)), numbers: numbers), at: 152,
      "dimensions of 8 to 32 bytes", "36")
    expect(
      body(dimensions: build.element(5, [UInt8](repeating: 1, count: 9)), numbers: numbers), at: 152,
      "dimensions of 8 to 32 bytes", "9")
    expect(
      body(name: build.element(1, [UInt8](repeating: 0x79, count: 64)), numbers: numbers), at: 168,
      "a name of 0 to 63 bytes", "64")
    expect(
      body(numbers: build.element(14, [0, 0, 0, 0, 0, 0, 0, 0])), at: 176,
      "numbers (1 to 7, 9, 12, 13)", "an element of type 14")
    expect(
      body(numbers: build.word(5 << 16 | 2) + [0, 0, 0, 0]), at: 176,
      "a short element of at most 4 bytes", "5")
    expect(
      body(numbers: build.element(2, [1], size: 4_000_000_000)), at: 176,
      "at most 8 bytes of data", "4000000000")
    expect(body(numbers: []), at: 176, "a tag", "the end of the array")
    expect(body(numbers: numbers + [0, 0, 0, 0, 0, 0, 0, 0]), at: 184, "the end of the array", "8 more bytes")
  }

  @Test("an element that is not an array, outside and inside compression")
  func noArray() {
    expectError(
      .unexpected(
        at: place(128), expected: "a compressed element or an array (15 or 14)", actual: "an element of type 9")
    ) { _ = try read(build.header + build.element(9, [1, 2, 3, 4, 5, 6, 7, 8])) }
    expectError(
      .unexpected(at: place(128, true), expected: "an array (14)", actual: "an element of type 15")
    ) { _ = try read(build.header + build.compressed(build.compressed(good.labels()))) }
  }

  @Test("sizes that go beyond the file, or beyond what deflate can hold, are refused before anything is read")
  func claims() {
    expectError(.truncated(at: place(136), expected: 136 + 4_000_000_000, actual: 136)) {
      _ = try read(build.header + build.matrix([], size: 4_000_000_000))
    }
    let element = build.matrix(good.labels(), size: 4_000_000_000)
    let compressed = zlib(element)
    expectError(
      .tooLarge(at: place(128, true), limit: 1032 * compressed.count, dimensions: [])
    ) { _ = try read(build.header + build.word(15) + build.word(compressed.count) + compressed) }
    let count = 1 << 20 + 1
    let images = build.matrix(
      build.flags(9) + build.dimensions([32, 32, 3, count]) + build.element(1, [0x58], isShort: true)
        + build.word(2) + build.word(3072 * count), size: 56 + 3072 * count)
    expectError(.truncated(at: place(136), expected: 192 + 3072 * count, actual: 192)) {
      _ = try read(build.header + images)
    }
  }

  @Test("more images or labels than a file may have are refused before one is read")
  func limits() {
    let count = 1 << 20 + 1
    let filler = [UInt8](repeating: 0, count: 1 << 22)
    let images = build.matrix(
      build.flags(9) + build.dimensions([32, 32, 3, count]) + build.element(1, [0x58], isShort: true)
        + build.word(2) + build.word(3072 * count) + filler, size: 56 + 3072 * count)
    let stream = zlib(images, level: 0)
    expectError(.tooLarge(at: place(160, true), limit: 3072 << 20, dimensions: [32, 32, 3, count])) {
      _ = try read(build.header + build.word(15) + build.word(stream.count) + stream)
    }
    let labels = build.matrix(build.array("y", classCode: 6, [count, 1], type: 2, Array(filler[..<count])))
    refuse([labels], at: 160) { .unexpected(at: $0, expected: "at most 1048576 labels", actual: "\(count)") }
  }

  @Test("a compressed element: cut, broken, with a wrong Adler-32, or with more after its array or after itself")
  func compression() throws {
    let element = good.labels()
    let stream = zlib(element)
    func wrap(_ stream: [UInt8]) -> [UInt8] { build.header + build.word(15) + build.word(stream.count) + stream }

    var broken = stream
    broken[stream.count - 1] ^= 1
    let sum = stream.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
    let end = 136 + stream.count
    expectError(
      .checksum(at: place(end - 4), name: "Adler-32", expected: hexadecimal(sum ^ 1), actual: hexadecimal(sum))
    ) { _ = try read(wrap(broken)) }
    broken = stream
    broken[2] |= 6
    expectError(.corrupt(at: place(139), format: "zlib data", message: "invalid block type")) {
      _ = try read(wrap(broken))
    }
    // A head that asks for the dictionary 1, 2, 3, 4 (RFC 1950).
    expectError(.corrupt(at: place(136 + 6), format: "zlib data", message: "a stream that needs a dictionary")) {
      _ = try read(wrap([0x78, 0x20, 1, 2, 3, 4, 0]))
    }
    expectError(
      .unexpected(at: place(end, false), expected: "the end of the compressed element", actual: "3 more bytes")
    ) { _ = try read(wrap(stream + [1, 2, 3])) }
    expectError(
      .unexpected(
        at: place(128 + element.count, true), expected: "the end of the compressed element", actual: "more bytes")
    ) { _ = try read(wrap(zlib(element + [0]))) }
    expectError(.truncated(at: place(136), expected: end + 1, actual: end)) {
      _ = try read(build.header + build.word(15) + build.word(stream.count + 1) + stream)
    }
    #expect {
      _ = try read(wrap(Array(stream[..<40])))
    } throws: { error in
      if case .truncated(let at, _?, _) = error as? DataError { at.isDecompressed } else { false }
    }
  }

  @Test("a zlib stream without its checksum, as some of MATLAB's own are, is read")
  func unterminated() throws {
    let streams = [good.images(), good.labels()].map { Array(zlib($0).dropLast(4)) }
    let file = build.header + streams.flatMap { build.word(15) + build.word($0.count) + $0 }
    #expect(try read(file).test.labels == good.digits)
  }

  @Test("padding may be missing after the last numbers of an array")
  func padding() throws {
    let body = build.array("y", classCode: 6, [10, 1], type: 2, build.labels(good.digits, type: 2)).dropLast(6)
    let file = build.header + build.compressed(good.images()) + build.compressed(build.matrix(Array(body)))
    #expect(try read(file).test.labels == good.digits)
  }

  @Test("a file cut anywhere is refused")
  func cut() {
    let file = build.header + build.compressed(good.labels()) + build.compressed(good.images())
    for length in stride(from: 0, to: file.count, by: 97) {
      #expect(throws: DataError.self, "\(length) bytes") { _ = try read(Array(file[..<length])) }
    }
  }
}
