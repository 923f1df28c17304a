import Datasets
import TestSupport
import Testing

// What an error names: the file, the byte in it and the label as the file has it.
extension ImageFilesTests {
  @Test("a pixel above the largest is named by its byte in the file, also far behind the first images")
  func farPixel() throws {
    // The last pixel of the second of three images, which are too large to be read at once.
    let size = 500 * 600
    var pixels = [UInt8](repeating: 0, count: 3 * size)
    pixels[2 * size - 1] = 17
    let path = try folder.write(npy("|u1", [3, 500, 600], pixels), to: "train-images.npy")
    try folder.write(npy("|u1", [3], [0, 1, 0]), to: "train-labels.npy")
    expectError(.pixelOutOfRange(at: .init(path: path, offset: 128 + 2 * size - 1), maximum: 16, actual: 17)) {
      _ = try Dataset(reading: ImageFiles(.npy, test: .last(1), pixelMaximum: 16), at: folder.path)
    }
  }

  @Test("a label that does not fit is named by its own file, of several, and its byte in that", arguments: [1, 2])
  func laterFile(number: Int) throws {
    func record(_ label: UInt8) -> [UInt8] { [label] + [UInt8](repeating: 7, count: 3072) }
    for batch in 1...2 { try folder.write(record(1) + record(2), to: "data_batch_\(batch).bin") }
    let path = try folder.write(record(2) + record(0), to: "data_batch_\(number).bin")
    try folder.write(record(1), to: "test_batch.bin")
    let error = DataError.unexpected(
      at: .init(path: path, offset: 3073), expected: "a label from 1 to at most 256", actual: "0")
    expectError(error) { _ = try Dataset(reading: ImageFiles(.cifar, firstLabel: 1), at: folder.path) }
  }

  @Test("labels are named as the files have them, whatever the first class's is")
  func namedLabels() throws {
    let files = ImageFiles(.npy, validation: .last(1), firstLabel: 5)
    func expect(_ train: [UInt8], _ test: [UInt8], _ file: String, at offset: Int, _ expected: String, _ actual: String)
      throws
    {
      for (part, labels) in [("train", train), ("test", test)] {
        let pixels = [UInt8](repeating: 0, count: labels.count)
        try folder.write(npy("|u1", [labels.count, 1, 1], pixels), to: "\(part)-images.npy")
        try folder.write(npy("|u1", [labels.count], labels), to: "\(part)-labels.npy")
      }
      let place = DataError.Position(path: folder.file(file), offset: offset)
      expectError(.unexpected(at: place, expected: expected, actual: actual)) {
        _ = try Dataset(reading: files, at: folder.path)
      }
    }
    try expect(
      [5, 5, 5, 6], [5], "train-images.npy", at: 10, "images of each class to train on",
      "none of label 6 beside those for validation and test")
    try expect(
      [5, 7, 5, 7], [5], "train-labels.npy", at: 128, "labels from 5 to 7, each at least once", "no label 6")
    try expect([5, 6, 5, 6], [6, 7], "test-labels.npy", at: 129, "a label from 5 to 6", "7")
  }

  @Test("NPZ: arrays of validation images are the validation images; of a pair, the array that is missing is named")
  func archiveParts() throws {
    let arrays = [
      ("train-images", npy("|u1", [9, 2, 3], trainPixels)),
      ("train-labels", npy("|u1", [9], integers(trainLabels, width: 1))),
      ("val_images", npy("|u1", [2, 2, 3], Array(testPixels.prefix(12)))), ("val_labels", npy("|u1", [2], [1, 2])),
      ("test-images", npy("|u1", [3, 2, 3], testPixels)),
      ("test-labels", npy("|u1", [3], integers(testLabels, width: 1))),
    ]
    func write(without left: String?) throws -> (path: String, count: Int) {
      let entries = arrays.filter { $0.0 != left }.map { ZipEntry(name: "\($0.0).npy", data: $0.1) }
      let bytes = zipArchive(entries)
      return (try folder.write(bytes, to: "a.npz"), bytes.count)
    }
    let data = try Dataset(reading: ImageFiles(.npy), at: write(without: nil).path)
    #expect(data.train.count == 9 && data.validation.labels == [1, 2] && data.test.labels == [2, 0, 1])
    #expect(data.validation.pixels == Array(testPixels.prefix(12)))
    for (left, missing) in [
      ("val_images", "validation-images.npy"), ("val_labels", "validation-labels.npy"),
      ("test-labels", "test-labels.npy"), ("train-images", "train-images.npy"),
    ] {
      let (path, count) = try write(without: left)
      expectError(.missingMember(at: .init(path: path, offset: count), name: missing), mentions: [missing]) {
        _ = try Dataset(reading: ImageFiles(.npy), at: path)
      }
    }
  }
}
