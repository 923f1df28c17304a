import Datasets
import Files
import TestSupport
import Testing

/// MAT 5 files that are wrong, by way of SVHN's test file.
@Suite struct MATTests {
  let folder: TemporaryFolder
  let good = SmallSVHN(Array(0..<10), seed: 1)
  let build = MATBuilder()
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/test_32x32.mat"
    try folder.write(SmallSVHN(Array(0..<10) + [0], seed: 2).file, to: "train_32x32.mat")
    try folder.write(good.file, to: "extra_32x32.mat")
  }

  func place(_ offset: Int, _ isDecompressed: Bool = false) -> DataError.Position {
    .init(path: path, offset: offset, isDecompressed: isDecompressed)
  }

  func read(_ bytes: [UInt8]) throws -> Dataset {
    try folder.write(bytes, to: "test_32x32.mat")
    return try Dataset.svhn(directory: folder.path, validationOfTrain: 1, validationOfExtra: 1)
  }

  /// Expects an error of the file that these elements make, plain, and the same of compressed ones.
  func refuse(
    _ elements: [[UInt8]], at offset: Int, mentions words: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation, _ error: (DataError.Position) -> DataError
  ) {
    for isCompressed in [false, true] {
      let body = elements.flatMap { isCompressed ? build.compressed($0) : $0 }
      expectError(error(place(offset, isCompressed)), mentions: words, sourceLocation: sourceLocation) {
        _ = try read(build.header + body)
      }
    }
  }

  // Offsets in a file whose first element is X: 128 header, 8 tag, 16 flags, 8 tag of the dimensions.
  private let flagsTag = 136
  private let dimensionsData = 160

  @Test("a different kind of file, and a file of the newer format, are reported")
  func otherFormats() {
    var header = build.header
    header[126] = 0
    expectError(
      .unexpected(at: place(126), expected: "a MAT 5 file's IM or MI", actual: #""\0M""#)
    ) { _ = try read(header) }
    header = build.header
    header[125] = 2
    expectError(
      .unexpected(at: place(124), expected: "a MAT file of version 5", actual: "version 7.3 (HDF5)")
    ) { _ = try read(header) }
    header[125] = 3
    expectError(
      .unexpected(at: place(124), expected: "a MAT file of version 5", actual: "version 3.0")
    ) { _ = try read(header) }
    expectError(.truncated(at: place(100), expected: 128, actual: 100)) { _ = try read(Array(header[..<100])) }
    expectError(.emptyFile(at: place(0))) { _ = try read([]) }
  }

  @Test("X or y missing, or twice")
  func arrays() {
    expectError(.missingMember(at: place(128), name: "X"), mentions: ["without it"]) { _ = try read(build.header) }
    refuse([good.images()], at: 128 + good.images().count) { .missingMember(at: $0, name: "y") }
    refuse([good.labels()], at: 128 + good.labels().count) { .missingMember(at: $0, name: "X") }
    refuse([good.images(), good.images()], at: good.images().count + dimensionsData) {
      .duplicateMember(at: $0, name: "X")
    }
    refuse([good.labels(), good.labels()], at: good.labels().count + dimensionsData) {
      .duplicateMember(at: $0, name: "y")
    }
  }

  @Test(
    "X of other dimensions, of none and of huge ones", arguments: [[32, 32, 1, 30], [30, 1024], [32, 32, 3, 5, 2]])
  func shape(sizes: [Int]) {
    let expected = [32, 32, 3] + (sizes.count == 2 ? [1024] : [sizes[sizes.count - 1]])
    refuse([good.images(sizes)], at: dimensionsData) {
      .wrongShape(at: $0, expected: expected, actual: sizes)
    }
  }

  @Test("dimensions of 0, below 0, or whose product overflows")
  func dimensions() {
    for (axis, value) in [(0, 0), (3, 0), (2, -1)] {
      var sizes = [32, 32, 3, 10]
      sizes[axis] = value
      refuse([good.images(sizes)], at: dimensionsData + 4 * axis, mentions: ["at least 1"]) {
        .tooFewItems(at: $0, minimum: 1, actual: value)
      }
    }
    let huge = [Int](repeating: 0x7fff_ffff, count: 3)
    refuse([good.images(huge)], at: dimensionsData) { .tooLarge(at: $0, limit: .max, dimensions: huge) }
  }

  @Test("the number of values must be what the dimensions say")
  func count() {
    for count in [9, 11, 1_000_000] {
      refuse([good.images([32, 32, 3, count])], at: 184) {
        .unexpected(at: $0, expected: "\(3072 * count) bytes of numbers", actual: "30720")
      }
    }
  }

  @Test("X that is not bytes, complex numbers, and arrays of other kinds")
  func classes() {
    func images(classCode: Int, flags: Int = 0, type: Int = 2) -> [UInt8] {
      build.matrix(build.array("X", classCode: classCode, flags: flags, [32, 32, 3, 10], type: type, good.columns))
    }
    refuse([images(classCode: 6)], at: dimensionsData) {
      .unexpected(at: $0, expected: "X of class 9 (bytes)", actual: "class 6, stored as type 2")
    }
    refuse([images(classCode: 9, type: 1)], at: dimensionsData) {
      .unexpected(at: $0, expected: "X of class 9 (bytes)", actual: "class 9, stored as type 1")
    }
    for classCode in [0, 1, 2, 3, 4, 5, 16, 255] {
      refuse([images(classCode: classCode)], at: flagsTag + 8) {
        .unexpected(at: $0, expected: "an array of real numbers (class 6 to 15)", actual: "class \(classCode)")
      }
    }
    refuse([images(classCode: 9, flags: 8)], at: flagsTag + 8) {
      .unexpected(at: $0, expected: "an array of real numbers (class 6 to 15)", actual: "complex numbers")
    }
  }

  @Test("labels that are not whole numbers from 1 to 10")
  func labels() {
    let cases: [(type: Int, bytes: [UInt8], text: String)] = [
      (2, [0], "0"), (2, [11], "11"), (1, [0xff], "-1"), (3, [0, 0x80], "-32768"), (5, [0, 0, 0, 0x80], "-2147483648"),
      (6, [255, 255, 255, 255], "4294967295"), (7, build.word(Int(Float(2.5).bitPattern)), "2.5"),
      (9, build.word(Int(Double(9.5).bitPattern), bytes: 8), "9.5"),
      (9, build.word(Int(Double.nan.bitPattern), bytes: 8), "nan"),
      (9, build.word(Int(Double.infinity.bitPattern), bytes: 8), "inf"),
      (9, build.word(Int(Double(1e300).bitPattern), bytes: 8), "1e+300"),
      (12, build.word(Int.min, bytes: 8), "\(Int.min)"),
      (13, build.word(-1, bytes: 8), "\(UInt64.max)"),
    ]
    for (type, bytes, text) in cases {
      // The second of 5,000 labels is wrong, then the last, beyond the buffer.
      for index in [1, 4999] {
        var data = build.labels([UInt8](repeating: 3, count: 5000), type: type)
        data.replaceSubrange(index * bytes.count..<(index + 1) * bytes.count, with: bytes)
        let element = build.matrix(build.array("y", classCode: 6, [5000, 1], type: type, data))
        refuse([element], at: 184 + index * bytes.count, mentions: ["found \(text)"]) {
          .unexpected(at: $0, expected: "a label from 1 to 10", actual: text)
        }
      }
    }
  }

  @Test("labels in a block, and fewer or more than images")
  func labelShape() {
    for sizes in [[5, 2], [2, 5], [10, 1, 1]] {
      let element = build.matrix(build.array("y", classCode: 6, sizes, type: 2, [UInt8](repeating: 1, count: 10)))
      refuse([element], at: dimensionsData) { .wrongShape(at: $0, expected: [sizes[0], 1], actual: sizes) }
    }
    for count in [9, 11] {
      let data = [UInt8](repeating: 1, count: count)
      let element = build.matrix(build.array("y", classCode: 6, [count, 1], type: 2, data))
      refuse([good.images(), element], at: good.images().count + dimensionsData) {
        .countMismatch(at: $0, images: 10, labels: count)
      }
    }
  }
}
