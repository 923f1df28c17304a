import Datasets
import TestSupport
import Testing
import Verification

// What the names of the files, their types and the options choose.

extension ImageFilesTests {
  @Test(
    "files of validation images are known by each of their names, and then no training images are taken",
    arguments: ["validation", "valid", "val"], ["-images -labels", "_images _labels", "x_ y_"])
  func validationNames(word: String, form: String) throws {
    try writeNPY()
    let parts = form.split(separator: " ")
    for (part, test) in zip(parts, ["test-images.npy", "test-labels.npy"]) {
      let name = part.hasSuffix("_") ? "\(part)\(word)" : "\(word)\(part)"
      try folder.write(try folder.bytes(of: test), to: "\(name).npy")
    }
    let data = try Dataset(reading: ImageFiles(.npy), at: folder.path)
    #expect(data.validation.labels == [2, 0, 1] && data.train.count == 9)
  }

  @Test("a tenth of the training images that are not for test are for validation, unless told otherwise")
  func defaultShare() throws {
    try folder.write(npy("|u1", [40, 1, 1], Array(0..<40)), to: "train-images.npy")
    try folder.write(npy("|u1", [40], (0..<40).map { $0 % 2 }), to: "train-labels.npy")
    for (test, counts) in [(10, [27, 3, 10]), (1, [36, 3, 1]), (35, [4, 1, 35])] {
      let data = try Dataset(reading: ImageFiles(.npy, test: .balanced(test)), at: folder.path)
      #expect([data.train, data.validation, data.test].map(\.count) == counts)
    }
  }

  @Test("of several numbers an image, the label is that of the chosen column", arguments: 0..<3)
  func labelColumn(column: Int) throws {
    // Their columns have 2, 3 and 4 classes, and the largest label is always there.
    func labels(_ count: Int) -> [UInt8] { (0..<count).flatMap { n in [2, 3, 4].map { UInt8((n + 1) % $0) } } }
    try writeNPY()
    try folder.write(npy("|u1", [9, 3], labels(9)), to: "train-labels.npy")
    try folder.write(npy("|u1", [3, 3], labels(3)), to: "test-labels.npy")
    let data = try Dataset(reading: ImageFiles(.npy, validation: .last(1), labelColumn: column), at: folder.path)
    let classes = column + 2
    #expect(data.train.classes == classes)
    #expect(data.train.labels == (1...8).map { UInt8($0 % classes) } && data.validation.labels == [UInt8(9 % classes)])
    #expect(data.test.labels == (1...3).map { UInt8($0 % classes) })
    // The place of an error is that of the number that was read.
    var wrong = labels(3)
    wrong[3 + column] = 200
    let path = try folder.write(npy("|u1", [3, 3], wrong), to: "test-labels.npy")
    expectError(
      .unexpected(
        at: .init(path: path, offset: 128 + 3 + column), expected: "a label from 0 to \(classes - 1)", actual: "200")
    ) { _ = try Dataset(reading: ImageFiles(.npy, validation: .last(1), labelColumn: column), at: folder.path) }
  }

  @Test("the largest pixel is the one that is told, of every part", arguments: [16, 254])
  func pixelMaximum(maximum: Int) throws {
    try folder.write(npy("|u1", [9, 2, 3], trainPixels.map { $0 % UInt8(maximum) }), to: "train-images.npy")
    try folder.write(npy("|u1", [9], trainLabels.map { UInt8($0) }), to: "train-labels.npy")
    try folder.write(npy("|u1", [3, 2, 3], testPixels.map { $0 % UInt8(maximum) }), to: "test-images.npy")
    try folder.write(npy("|u1", [3], testLabels.map { UInt8($0) }), to: "test-labels.npy")
    let data = try Dataset(reading: ImageFiles(.npy, pixelMaximum: maximum), at: folder.path)
    #expect([data.train, data.validation, data.test].map(\.pixelMaximum) == [maximum, maximum, maximum])
  }

  @Test(
    "IDX: labels are of any of the types of integers, by the type's number in the file and not by its name",
    arguments: [(8, 1), (9, 1), (11, 2), (12, 4)],
    ["-idx1-ubyte", "-idx1-byte", ".idx1-short", "-idx1-int", ".idx1-int", "-idx2-int"])
  func idxLabels(form: (type: UInt32, width: Int), ending: String) throws {
    try folder.write(idx([9, 2, 3], trainPixels), to: "train-images-idx3-ubyte")
    try folder.write(idx([3, 2, 3], testPixels), to: "test-images-idx3-ubyte")
    for (part, labels) in [("train", trainLabels), ("test", testLabels)] {
      let file = idx(
        [UInt32(labels.count)], integers(labels, width: form.width, bigEndian: true), magic: form.type << 8 | 1)
      try folder.write(file, to: "\(part)-labels\(ending)")
    }
    let data = try Dataset(reading: ImageFiles(.idx, validation: .last(1)), at: folder.path)
    #expect(data.train.labels + data.validation.labels == trainLabels.map { UInt8($0) })
    #expect(data.test.labels == testLabels.map { UInt8($0) })
  }

  @Test("hidden files, which some systems put beside every other, are none of the set's", arguments: ["", "a-"])
  func hiddenFiles(prefix: String) throws {
    for (part, pixels, labels) in [("train", trainPixels, trainLabels), ("test", testPixels, testLabels)] {
      let count = UInt32(labels.count)
      try folder.write(idx([count, 2, 3], pixels), to: "\(prefix)\(part)-images-idx3-ubyte")
      try folder.write(idx([count], labels.map { UInt8($0) }), to: "\(prefix)\(part)-labels-idx1-ubyte")
    }
    for name in try folder.names { try folder.write([0, 5, 22, 7], to: "._\(name)") }
    let data = try Dataset(reading: ImageFiles(.idx, validation: .last(1)), at: folder.path)
    #expect(data.train.count == 8 && data.test.labels == [2, 0, 1])
    #expect(data.fileDigests.map(\.name).allSatisfy { $0.hasPrefix("\(prefix)t") })
    let inspected = try InspectedFile.read(path: folder.path).map(\.path)
    #expect(inspected == ["test", "train"].map { folder.file("\(prefix)\($0)-images-idx3-ubyte") })
  }

  @Test("IDX: images of four dimensions have channels", arguments: ["-idx4-ubyte", ".idx4-ubyte"])
  func idxChannels(ending: String) throws {
    for (part, pixels, labels) in [("train", trainPixels, trainLabels), ("test", testPixels, testLabels)] {
      try folder.write(idx([UInt32(labels.count), 3, 1, 2], pixels), to: "\(part)-images\(ending)")
      try folder.write(idx([UInt32(labels.count)], labels.map { UInt8($0) }), to: "\(part)-labels-idx1-ubyte")
    }
    let data = try Dataset(reading: ImageFiles(.idx, validation: .last(1)), at: folder.path)
    for part in [data.train, data.validation, data.test] {
      #expect((part.channels, part.height, part.width) == (3, 1, 2))
    }
    expectSame(data.train.pixels + data.validation.pixels, trainPixels)
    #expect(data.test.pixels == testPixels && data.train.count == 8)
  }
}
