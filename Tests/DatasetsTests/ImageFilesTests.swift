import Datasets
import Files
import Foundation
import TestSupport
import Testing
import Verification

/// Files of one's own: small ones in every form.
@Suite("Custom images") struct ImageFilesTests {
  let folder: TemporaryFolder
  /// Nine images of 2×3 pixels to train, three to test.
  let trainPixels, testPixels: [UInt8]
  let trainLabels = [0, 1, 2, 2, 1, 0, 1, 1, 2]
  let testLabels = [2, 0, 1]

  init() throws {
    folder = try TemporaryFolder()
    var numbers = TestNumbers(seed: 11)
    (trainPixels, testPixels) = (numbers.bytes(9 * 6), numbers.bytes(3 * 6))
  }

  func writeNPY(
    train: (descr: String, width: Int) = ("<i8", 8), test: (descr: String, width: Int) = ("|u1", 1)
  ) throws {
    try folder.write(npy("|u1", [9, 2, 3], trainPixels), to: "train-images.npy")
    try folder.write(
      npy(train.descr, [9], integers(trainLabels, width: train.width, bigEndian: train.descr.hasPrefix(">"))),
      to: "train-labels.npy")
    try folder.write(npy("|u1", [3, 1, 2, 3], testPixels, version: 2), to: "test-images.npy")
    try folder.write(
      npy(test.descr, [3, 1], integers(testLabels, width: test.width, bigEndian: test.descr.hasPrefix(">"))),
      to: "test-labels.npy")
  }

  private func expectParts(_ data: Dataset, format: String) {
    // Of ordered labels 0 0 | 1 1 1 1 | 2 2 2, the last of nine is a tenth: image 8.
    #expect(data.name == format && data.validation.labels == [2])
    #expect(data.train.labels.map { Int($0) } == Array(trainLabels.dropLast()))
    #expect(data.test.labels.map { Int($0) } == testLabels && data.test.pixels == testPixels)
    expectSame(data.train.pixels + data.validation.pixels, trainPixels)
    for part in [data.train, data.validation, data.test] {
      #expect((part.channels, part.height, part.width) == (1, 2, 3))
      #expect((part.classes, part.pixelMaximum) == (3, 255))
    }
  }

  @Test(
    "NPY: labels of every width and order, and as a column",
    arguments: [
      ("|u1", 1), ("|b1", 1), ("|i1", 1), ("<u2", 2), (">u2", 2), ("<i2", 2), (">i4", 4), ("<u4", 4), ("<i8", 8),
      (">u8", 8),
    ])
  func npyFiles(descr: String, width: Int) throws {
    try writeNPY(train: (descr, width), test: (descr, width))
    let data = try Dataset(reading: ImageFiles(.npy), at: folder.path)
    expectParts(data, format: "npy")
    #expect(
      data.fileDigests.map(\.name) == ["train-images.npy", "train-labels.npy", "test-images.npy", "test-labels.npy"])
    #expect(data.fileDigests[1].sha256 == hexadecimal(sha256: try folder.bytes(of: "train-labels.npy")))
  }

  @Test("NPZ: stored or deflated, by either writer's sizes, under three ways of naming", arguments: [false, true])
  func npzFiles(isDeflated: Bool) throws {
    for (dash, names) in [
      ["train-images", "train-labels", "test-images", "test-labels"], ["x_train", "y_train", "x_test", "y_test"],
      ["train_images", "train_labels", "t10k_images", "t10k_labels"],
    ].enumerated() {
      let arrays = [
        npy("|u1", [9, 2, 3], trainPixels), npy("<i8", [9], integers(trainLabels, width: 8)),
        npy("|u1", [3, 2, 3], testPixels), npy("|u1", [3], integers(testLabels, width: 1)),
      ]
      var entries = zip(names, arrays).map { name, array in
        ZipEntry(name: "\(name).npy", data: array, isDeflated: isDeflated, isLong: dash != 1)
      }
      // Others are read past, and the order does not matter.
      entries.insert(ZipEntry(name: "notes.txt", data: [1, 2, 3], isDeflated: isDeflated), at: 1)
      entries.reverse()
      let path = try folder.write(zipArchive(entries), to: "mine.npz")
      let data = try Dataset(reading: ImageFiles(.npy), at: path)
      expectParts(data, format: "npy")
      #expect(data.fileDigests.map(\.sha256) == [hexadecimal(sha256: zipArchive(entries))])
      // In a folder without other arrays, the file is found.
      expectParts(try Dataset(reading: ImageFiles(.npy), at: folder.path), format: "npy")
    }
  }

  @Test("IDX: MNIST's names, EMNIST's labels from 1 and prefixes, QMNIST's labels of eight numbers")
  func idxFiles() throws {
    let images = (idx([9, 2, 3], trainPixels), idx([3, 2, 3], testPixels))
    try folder.write(Gzip.compress(images.0), to: "train-images-idx3-ubyte.gz")
    try folder.write(idx([9], integers(trainLabels, width: 1)), to: "train-labels.idx1-ubyte")
    try folder.write(images.1, to: "t10k-images-idx3-ubyte")
    try folder.write(Gzip.compress(idx([3], integers(testLabels, width: 1))), to: "t10k-labels-idx1-ubyte.gz")
    let mnist = try Dataset(reading: ImageFiles(.idx), at: folder.path)
    expectParts(mnist, format: "idx")

    let letters = "emnist-letters-"
    try folder.write(images.0, to: "\(letters)train-images-idx3-ubyte")
    try folder.write(idx([9], integers(trainLabels.map { $0 + 1 }, width: 1)), to: "\(letters)train-labels-idx1-ubyte")
    try folder.write(images.1, to: "\(letters)test-images-idx3-ubyte")
    try folder.write(idx([3], integers(testLabels.map { $0 + 1 }, width: 1)), to: "\(letters)test-labels-idx1-ubyte")
    let emnist = ImageFiles(.idx, prefix: letters, firstLabel: 1)
    expectParts(try Dataset(reading: emnist, at: folder.path), format: "idx")

    // Eight numbers an image: the class, then who wrote it, and so on.
    func eight(_ labels: [Int]) -> [UInt8] {
      idx(
        [UInt32(labels.count), 8], integers(labels.flatMap { [$0, 1, 99, 2, 3, 4, 0, 0] }, width: 4, bigEndian: true),
        magic: 0xc02)
    }
    for (name, file) in [
      ("train-images-idx3-ubyte", images.0), ("train-labels-idx2-int", eight(trainLabels)),
      ("test-images-idx3-ubyte", images.1), ("test-labels-idx2-int", eight(testLabels)),
    ] { try folder.write(file, to: "qmnist-\(name)") }
    let qmnist = ImageFiles(.idx, prefix: "qmnist-", labelColumn: 0)
    expectParts(try Dataset(reading: qmnist, at: folder.path), format: "idx")
    expectError(
      .unexpected(
        at: .init(path: folder.file("qmnist-train-labels-idx2-int"), offset: 4),
        expected: "one label per image, or the choice of a column", actual: "8 columns")
    ) { _ = try Dataset(reading: ImageFiles(.idx, prefix: "qmnist-"), at: folder.path) }
    expectError(
      .unfit(
        path: folder.path, expected: "the IDX files of one set, or the choice of a prefix",
        actual: "the prefixes emnist-letters-, none, qmnist-"), hasByte: false
    ) { _ = try Dataset(reading: ImageFiles(.idx), at: folder.path) }
  }

  @Test("256 classes are as many as a byte has, from whichever label they begin", arguments: [0, 1])
  func mostClasses(firstLabel: Int) throws {
    // The last image is for validation.
    let labels = Array(firstLabel...firstLabel + 255) + [firstLabel + 9]
    try folder.write(npy("|u1", [257, 1, 1], Array(0...255) + [9]), to: "train-images.npy")
    try folder.write(npy("<u2", [257], integers(labels, width: 2)), to: "train-labels.npy")
    try folder.write(npy("|u1", [2, 1, 1], [7, 8]), to: "test-images.npy")
    try folder.write(npy("<u2", [2], integers([labels[255], labels[0]], width: 2)), to: "test-labels.npy")
    let files = ImageFiles(.npy, validation: .last(1), firstLabel: firstLabel)
    let data = try Dataset(reading: files, at: folder.path)
    #expect(data.train.classes == 256 && data.validation.labels == [9] && data.test.labels == [255, 0])
    // An image's only pixel is its class.
    #expect(data.train.labels == Array(0...255) && data.train.pixels == Array(0...255))
  }

  @Test("CIFAR's records: files in the order of their numbers, with one label or two")
  func cifarFiles() throws {
    var numbers = TestNumbers(seed: 12)
    let images = (0..<13).map { _ in numbers.bytes(3072) }
    let labels = [0] + trainLabels + testLabels
    func record(_ index: Int, _ extra: [UInt8] = []) -> [UInt8] { extra + [UInt8(labels[index])] + images[index] }
    let names = (1...10).map { "data_batch_\($0).bin" }
    for (index, name) in names.enumerated() { try folder.write(record(index), to: name) }
    try folder.write((10..<13).flatMap { record($0) }, to: "test_batch.bin")
    let one = try Dataset(reading: ImageFiles(.cifar), at: folder.path)
    #expect(one.train.labels.map { Int($0) } == Array(labels[..<9]) && one.test.labels == [2, 0, 1])
    #expect(one.train.pixels + one.validation.pixels == images[..<10].flatMap(\.self) && one.train.classes == 3)
    #expect(one.fileDigests.map(\.name) == names + ["test_batch.bin"])

    let other = try TemporaryFolder()
    try other.write((0..<10).flatMap { record($0, [UInt8($0 % 2)]) }, to: "train.bin")
    try other.write((10..<13).flatMap { record($0, [0]) }, to: "test.bin")
    let fine = try Dataset(reading: ImageFiles(.cifar), at: other.path)
    #expect(fine.train.labels == one.train.labels && fine.test.labels == one.test.labels)
    let coarse = try Dataset(reading: ImageFiles(.cifar, labelColumn: 0), at: other.path)
    #expect(coarse.train.classes == 2 && coarse.train.labels == [0, 1, 0, 1, 0, 1, 0, 1, 0])
    #expect(coarse.validation.labels == [1])

    for missing in ["data_batch_4.bin", "data_batch_1.bin"] {
      try FileManager.default.removeItem(atPath: folder.file(missing))
      expectError(.fileMissing(path: folder.path, lookedFor: [missing]), hasByte: false) {
        _ = try Dataset(reading: ImageFiles(.cifar), at: folder.path)
      }
    }
  }

  @Test("shares of the training images: balanced or the last, and files of validation images")
  func shares() throws {
    try writeNPY()
    let last = try Dataset(reading: ImageFiles(.npy, validation: .last(3)), at: folder.path)
    #expect(last.validation.labels == [1, 1, 2] && last.train.labels == [0, 1, 2, 2, 1, 0])
    for name in ["test-images.npy", "test-labels.npy"] {
      try folder.write(try folder.bytes(of: name), to: name.replacing("test", with: "valid"))
    }
    let files = try Dataset(reading: ImageFiles(.npy), at: folder.path)
    #expect(files.validation.labels == files.test.labels && files.train.count == 9)
    expectError(
      .unfit(
        path: folder.path, expected: "2 of the training images as validation images, or files of validation images",
        actual: "both"), hasByte: false
    ) { _ = try Dataset(reading: ImageFiles(.npy, validation: .balanced(2)), at: folder.path) }

    let bare = try TemporaryFolder()
    for name in ["train-images.npy", "train-labels.npy"] { try bare.write(try folder.bytes(of: name), to: name) }
    expectError(
      .unfit(
        path: bare.path, expected: "files of test images, or a number of training images to test on",
        actual: "neither"), hasByte: false
    ) { _ = try Dataset(reading: ImageFiles(.npy), at: bare.path) }
    let taken = try Dataset(reading: ImageFiles(.npy, validation: .balanced(2), test: .balanced(3)), at: bare.path)
    #expect([taken.train, taken.validation, taken.test].map(\.count) == [4, 2, 3])
    // Ordered by label, 0 0 1 1 1 1 2 2 2, every third is taken.
    #expect(taken.test.labels.sorted() == [1, 1, 2])
    let images = DataError.Position(path: bare.file("train-images.npy"), offset: 10)
    for (last, minimum) in [(8, 11), (7, 10)] {
      expectError(.tooFewItems(at: images, minimum: minimum, actual: 9)) {
        _ = try Dataset(reading: ImageFiles(.npy, validation: .last(last), test: .last(1)), at: bare.path)
      }
    }
    expectError(
      .unexpected(
        at: images, expected: "images of each class to train on",
        actual: "none of label 2 beside those for validation and test")
    ) { _ = try Dataset(reading: ImageFiles(.npy, validation: .last(6), test: .last(1)), at: bare.path) }
  }

  @Test("the files of a known set are refused under the name of another")
  func otherSet() throws {
    func entry(_ name: String, _ contents: [UInt8]) -> CatalogueEntry {
      CatalogueEntry(
        name: name, form: Catalogue.mnist.form, title: "", homepage: "", licence: nil, citation: "",
        files: [
          CatalogueEntry.File(
            name: "train-labels-idx1-ubyte", bytes: contents.count, digest: .sha256(hexadecimal(sha256: contents)),
            decompressedSHA256: nil, addresses: [])
        ])
    }
    let path = try folder.write([1, 2, 3])
    let (first, second) = (entry("first", [1, 2, 3]), entry("second", [3, 2, 1]))
    try first.requireNoOther(among: [first, second], at: [path])
    expectError(
      .otherSet(path: path, expected: "second", actual: "first"),
      mentions: ["expected a file of second, found one of first"], hasByte: false
    ) {
      try second.requireNoOther(among: [first, second], at: [path])
    }
  }
}

extension ImageFilesTests {
  @Test("NPY files, compressed or not, and the arrays of an archive can be looked at")
  func inspected() throws {
    try writeNPY()
    try folder.write(Gzip.compress(folder.bytes(of: "test-labels.npy")), to: "z.npy.gz")
    let paths = try InspectedFile.read(path: folder.path).map { file -> String in
      switch file {
      case .images(let sheet): "\(sheet.count) \(sheet.channels)×\(sheet.height)×\(sheet.width)"
      case .labels(_, let labels, _): "\(labels)"
      case .other(let path, let error): "\(path): \(error)"
      }
    }
    #expect(paths == ["3 1×2×3", "[2, 0, 1]", "9 1×2×3", "[0, 1, 2, 2, 1, 0, 1, 1, 2]", "[2, 0, 1]"])
    let archive = try folder.write(
      zipArchive([
        ZipEntry(name: "x.npy", data: npy("|u1", [9, 2, 3], trainPixels), isDeflated: true),
        ZipEntry(name: "y_train.npy", data: npy("<i2", [2], integers([256, 1], width: 2))),
      ]), to: "a.npz")
    do throws(DataError) {
      _ = try InspectedFile.read(path: archive)
      Issue.record("no error")
    } catch {
      #expect(error.description.contains("a.npz: y_train.npy: at byte 128: expected a label from 0 to 255, found 256"))
    }
  }

  @Test("arrays that training passes over may be of any type and are named, in an archive and in a directory")
  func inspectedOthers() throws {
    try writeNPY()
    let names = npy("<U1", [3], [UInt8](repeating: 65, count: 12))
    let mean = npy("<f8", [1], [UInt8](repeating: 0, count: 8))
    let archive = try folder.write(
      zipArchive([
        ZipEntry(name: "names.npy", data: names), ZipEntry(name: "x.npy", data: npy("|u1", [9, 2, 3], trainPixels)),
        ZipEntry(name: "mean.npy", data: mean, isDeflated: true),
      ]), to: "a.npz")
    let inside = try InspectedFile.read(path: archive)
    #expect(inside.map(\.path) == ["names.npy", "x.npy", "mean.npy"].map { "\(archive): \($0)" })
    let words = "neither images nor labels: expected an array of integers, float32 or float64, found the type <U1"
    #expect(inside[0].text(images: 1) == "\(archive): names.npy\n\(words)")
    #expect(inside[2].text(images: 1).hasSuffix(": expected labels of an integer type, found float64"))
    let path = try folder.write(mean, to: "mean.npy")
    #expect(try InspectedFile.read(path: folder.path).map(\.path).contains(path))
    // What is no array at all is damaged, whatever its name.
    let notes = try folder.write(Array("notes and no array".utf8), to: "notes.npy")
    var flaws: [DataError] = []
    _ = try InspectedFile.read(path: folder.path) { flaws.append($0) }
    #expect(flaws.map(\.position) == [.init(path: notes, offset: 0)])
    try FileManager.default.removeItem(atPath: notes)
    // What training reads must be as it reads it, and so must a file that is asked for.
    #expect(throws: DataError.self) { try InspectedFile.read(path: path) }
    try folder.write(mean, to: "train-labels.npy")
    #expect(throws: DataError.self) { try InspectedFile.read(path: folder.path) }
  }
}
