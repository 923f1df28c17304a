import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// SVHN itself is not at hand in tests: these are small files in its form.
@Suite struct SVHNTests {
  let folder: TemporaryFolder
  // Each digit three times and more, in no order.
  let train = SmallSVHN(
    [1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], seed: 1)
  let extra = SmallSVHN([9, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1], seed: 2)
  let test = SmallSVHN([4, 0], seed: 3)

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(train.file, to: "train_32x32.mat")
    try folder.write(extra.file, to: "extra_32x32.mat")
    try folder.write(test.file, to: "test_32x32.mat")
  }

  private func read(validationOfTrain: Int = 2, validationOfExtra: Int = 1) throws -> Dataset {
    try Dataset.svhn(
      directory: folder.path, validationOfTrain: validationOfTrain, validationOfExtra: validationOfExtra)
  }

  private func pixels(_ file: SmallSVHN, _ indices: [Int]) -> [UInt8] {
    indices.flatMap { file.pixels[(3072 * $0)..<(3072 * $0 + 3072)] }
  }

  @Test(
    "the last images of each digit in train and extra are validation, the rest training; rows and columns are right"
  )
  func split() throws {
    let data = try read()
    // Training keeps each digit's first of train; of extra the first 9 and the first 1.
    let firstOfTrain = Array(0..<10)
    let firstOfExtra = [0, 9]
    #expect(data.train.labels == firstOfTrain.map { train.digits[$0] } + [9, 1])
    expectSame(data.train.pixels, pixels(train, firstOfTrain) + pixels(extra, firstOfExtra))
    let lastOfExtra = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11]
    #expect(data.validation.labels == Array(train.digits[10...]) + lastOfExtra.map { extra.digits[$0] })
    expectSame(data.validation.pixels, pixels(train, Array(10..<30)) + pixels(extra, lastOfExtra))
    #expect(data.test.labels == test.digits && data.test.pixels == test.pixels)
    for part in [data.train, data.validation, data.test] {
      #expect((part.channels, part.height, part.width, part.classes, part.pixelMaximum) == (3, 32, 32, 10, 255))
    }
    #expect(data.name == "svhn")
    #expect(data.fileDigests.map(\.name) == ["train_32x32.mat", "extra_32x32.mat", "test_32x32.mat"])
    #expect(data.fileDigests.map(\.sha256) == [train, extra, test].map { hexadecimal(sha256: $0.file) })
  }

  @Test("more images from the two files than a piece of the store holds")
  func manyImages() throws {
    let digits = (0..<1500).map { UInt8($0 % 10) }
    let (first, second) = (SmallSVHN(digits, seed: 9), SmallSVHN(digits.reversed(), seed: 10))
    try folder.write(first.builder.header + first.images() + first.labels(), to: "train_32x32.mat")
    try folder.write(second.builder.header + second.images() + second.labels(), to: "extra_32x32.mat")
    let data = try read(validationOfTrain: 20, validationOfExtra: 30)
    expectSame(data.train.pixels, pixels(first, Array(0..<1300)) + pixels(second, Array(0..<1200)))
    expectSame(data.validation.pixels, pixels(first, Array(1300..<1500)) + pixels(second, Array(1200..<1500)))
    #expect(data.validation.labels == Array(digits[1300...]) + digits.reversed()[1200...])
  }

  @Test(
    "labels of every numeric form and class, in both byte orders, compressed or not",
    arguments: [1, 2, 3, 4, 5, 6, 7, 9, 12, 13], [false, true])
  func labelForms(type: Int, isBigEndian: Bool) throws {
    for classCode in 6...15 {
      let file = SmallSVHN([1, 2, 0, 9], seed: 4, isBigEndian: isBigEndian)
      let (images, labels) = (file.images(), file.labels(classCode: classCode, type: type, isShort: type <= 2))
      let plain = file.builder.header + images + labels
      let packed = file.builder.header + file.builder.compressed(labels) + file.builder.compressed(images)
      for bytes in [plain, packed] {
        try folder.write(bytes, to: "test_32x32.mat")
        let data = try read()
        #expect(data.test.labels == file.digits && data.test.pixels == file.pixels)
      }
    }
  }

  @Test("a single image, whose last dimension MATLAB drops")
  func oneImage() throws {
    let one = SmallSVHN([7], seed: 5)
    for sizes in [[32, 32, 3], [32, 32, 3, 1]] {
      let bytes = one.builder.header + one.builder.compressed(one.images(sizes)) + one.builder.compressed(one.labels())
      try folder.write(bytes, to: "test_32x32.mat")
      let data = try read()
      #expect(data.test.labels == [7] && data.test.pixels == one.pixels)
    }
  }

  @Test("fewer images of a digit than validation takes: the digit is named")
  func tooFewOfDigit() {
    #expect {
      _ = try read(validationOfTrain: 3, validationOfExtra: 2)
    } throws: { error in
      let text = "\(error)"
      return text.contains("extra_32x32.mat (decompressed)") && text.contains("at least 2 images of digit 0, found 1")
    }
  }

  @Test("of each digit, 400 images of train and 200 of extra are for validation")
  func publishedShares() throws {
    /// A file of black images, so many of each digit.
    func file(_ count: Int) -> [UInt8] {
      let build = MATBuilder()
      let digits = (0..<10 * count).map { UInt8($0 % 10) }
      return build.header
        + build.matrix(
          build.array(
            "X", classCode: 9, [32, 32, 3, digits.count], type: 2, [UInt8](repeating: 0, count: 3072 * digits.count)))
        + build.matrix(
          build.array("y", classCode: 6, [digits.count, 1], type: 2, build.labels(digits, type: 2)))
    }
    try folder.write(file(400), to: "train_32x32.mat")
    try folder.write(file(199), to: "extra_32x32.mat")
    #expect {
      _ = try Dataset.svhn(directory: folder.path)
    } throws: { error in
      "\(error)".contains("extra_32x32.mat") && "\(error)".contains("at least 200 images of digit 0, found 199")
    }
  }

  @Test("nothing left to train on")
  func nothingLeft() throws {
    let tens = SmallSVHN(Array(0..<10), seed: 6)
    try folder.write(tens.file, to: "train_32x32.mat")
    try folder.write(tens.file, to: "extra_32x32.mat")
    #expect {
      _ = try read(validationOfTrain: 1, validationOfExtra: 1)
    } throws: { error in
      if case .tooFewItems(_, 11, 10) = error as? DataError { true } else { false }
    }
  }

  @Test("if one of the three files is missing, it is named", arguments: ["train", "extra", "test"])
  func missing(part: String) throws {
    let path = "\(folder.path)/\(part)_32x32.mat"
    try FileManager.default.removeItem(atPath: path)
    expectError(.fileMissing(path: path, lookedFor: [path]), hasByte: false) { _ = try read() }
  }

  @Test("without extra, each digit's last images of train alone are for validation, and extra is not read")
  func withoutExtra() throws {
    // A file that could not be read: it is not looked at.
    try folder.write([1, 2, 3], to: "extra_32x32.mat")
    for isThere in [true, false] {
      if !isThere { try FileManager.default.removeItem(atPath: "\(folder.path)/extra_32x32.mat") }
      let data = try Dataset.svhn(directory: folder.path, validationOfTrain: 2, validationOfExtra: nil)
      #expect(data.train.labels == Array(train.digits[..<10]) && data.validation.labels == Array(train.digits[10...]))
      expectSame(data.train.pixels, pixels(train, Array(0..<10)))
      expectSame(data.validation.pixels, pixels(train, Array(10..<30)))
      #expect(data.test.labels == test.digits && data.test.pixels == test.pixels)
      #expect(data.fileDigests.map(\.name) == ["train_32x32.mat", "test_32x32.mat"])
    }
    #expect {
      _ = try Dataset.svhn(directory: folder.path, validationOfTrain: 3, validationOfExtra: nil)
    } throws: { error in
      if case .tooFewItems(_, 31, 30) = error as? DataError { true } else { false }
    }
    // The public form takes 400 of each digit, more than there are.
    #expect {
      _ = try Dataset.svhn(directory: folder.path, withoutExtra: true)
    } throws: { error in
      "\(error)".contains("at least 400 images of digit 0, found 3")
    }
  }

  @Test("labels in a row are labels as well", arguments: [false, true])
  func rowOfLabels(isCompressed: Bool) throws {
    let file = SmallSVHN([1, 2, 0, 9, 9], seed: 4)
    let labels = file.builder.matrix(
      file.builder.array("y", classCode: 9, [1, 5], type: 2, file.builder.labels(file.digits, type: 2)))
    let elements = [file.images(), labels].flatMap { isCompressed ? file.builder.compressed($0) : $0 }
    try folder.write(file.builder.header + elements, to: "test_32x32.mat")
    let data = try read()
    #expect(data.test.labels == file.digits && data.test.pixels == file.pixels)
  }

  @Test(
    "other variables are skipped, whatever they hold, before, between and after", arguments: [false, true],
    [false, true])
  func otherVariables(isCompressed: Bool, isBigEndian: Bool) throws {
    let file = SmallSVHN([1, 2, 0], seed: 4, isBigEndian: isBigEndian)
    let build = file.builder
    let text = build.array("note", classCode: 4, [1, 3], type: 4, [97, 0, 98, 0, 99, 0])
    let others = [
      text, build.array("x", classCode: 6, [1, 1], type: 9, [UInt8](repeating: 0, count: 8)),
      build.array("empty", classCode: 6, [0, 0], type: 9, []),
      build.array("complex", classCode: 6, flags: 8, [1, 1], type: 2, [1]) + build.element(2, [2]),
      // A cell with an array in it, a sparse array, an object, and what MATLAB adds after one.
      build.flags(1) + build.dimensions([1, 1]) + build.element(1, Array("cell".utf8), isShort: true)
        + build.matrix(text),
      build.flags(5) + build.dimensions([2, 2]) + build.element(1, Array("s".utf8), isShort: true)
        + build.element(5, build.word(0)) + build.element(5, build.word(0) + build.word(1)),
      build.flags(17) + build.element(1, Array("object".utf8)) + build.element(1, Array("MCOS".utf8)),
      build.array("", classCode: 9, [1, 20], type: 2, [UInt8](repeating: 7, count: 20)),
    ].map { build.matrix($0) }
    var elements = others
    elements.insert(file.labels(), at: 3)
    elements.insert(file.images(), at: 5)
    let bytes = build.header + elements.flatMap { isCompressed ? build.compressed($0) : $0 }
    try folder.write(bytes, to: "test_32x32.mat")
    let data = try read()
    #expect(data.test.labels == file.digits && data.test.pixels == file.pixels)
    #expect(data.fileDigests.last?.sha256 == hexadecimal(sha256: bytes))
    // Cut within the last of them, it is refused.
    try folder.write(Array(bytes.dropLast(9)), to: "test_32x32.mat")
    #expect(throws: DataError.self) { _ = try read() }
  }
}
