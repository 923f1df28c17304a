import Datasets
import Foundation
import TestSupport
import Testing

// Files that do not fit.

extension ImageFilesTests {
  /// What is wrong with one of the files, and the error.
  struct Fault: Sendable, CustomTestStringConvertible {
    let file: String
    let bytes: [UInt8]
    var files = ImageFiles(.npy)
    let error: @Sendable (DataError.Position) -> DataError
    let testDescription: String

    init(
      _ testDescription: String, _ file: String, _ bytes: [UInt8], files: ImageFiles = ImageFiles(.npy),
      _ error: @escaping @Sendable (DataError.Position) -> DataError
    ) {
      (self.testDescription, self.file, self.bytes, self.error) = (testDescription, file, bytes, error)
      self.files = files
    }
  }

  private static func labels(_ values: [Int]) -> [UInt8] { npy("|u1", [values.count], integers(values, width: 1)) }

  static let faults = [
    Fault("a class is missing", "train-labels.npy", labels([0, 1, 3, 3, 1, 0, 1, 1, 3])) {
      .unexpected(at: $0.advanced(by: 118), expected: "labels from 0 to 3, each at least once", actual: "no label 2")
    },
    Fault("labels from 1", "train-labels.npy", labels([1, 2, 3, 3, 2, 1, 2, 2, 3])) {
      .unexpected(at: $0.advanced(by: 118), expected: "labels from 0 to 3, each at least once", actual: "no label 0")
    },
    Fault(
      "a label below the first", "train-labels.npy", labels([1, 2, 0, 3, 2, 1, 2, 2, 3]),
      files: ImageFiles(.npy, firstLabel: 1)
    ) {
      .unexpected(at: $0.advanced(by: 120), expected: "a label from 1 to at most 256", actual: "0")
    },
    Fault("too many classes", "train-labels.npy", npy("<i2", [9], integers([0, 1, 2, 2, 1, 0, 1, 1, 256], width: 2))) {
      .unexpected(at: $0.advanced(by: 134), expected: "a label from 0 to at most 255", actual: "256")
    },
    Fault("a label that no training image has", "test-labels.npy", labels([0, 3, 1])) {
      .unexpected(at: $0.advanced(by: 119), expected: "a label from 0 to 2", actual: "3")
    },
    Fault("fewer labels than images", "test-labels.npy", labels([0, 1])) {
      .countMismatch(at: $0.advanced(by: 118), images: 3, labels: 2)
    },
    Fault("labels of floats", "train-labels.npy", npy("<f4", [9], [UInt8](repeating: 0, count: 36))) {
      .unexpected(at: $0, expected: "labels of an integer type", actual: "float32")
    },
    Fault("pixels of floats", "train-images.npy", npy("<f8", [9, 2, 3], [])) {
      .unexpected(at: $0, expected: "pixels of type uint8 from 0 to 255", actual: "float64")
    },
    Fault("channels last", "train-images.npy", npy("|u1", [9, 20, 20, 3], [])) {
      .unexpected(
        at: $0, expected: "images N×C×H×W",
        actual: "the shape 9×20×20×3, which looks like N×H×W×C (NumPy's transpose(0, 3, 1, 2) reorders it)")
    },
    Fault("one channel last", "train-images.npy", npy("|u1", [9, 20, 20, 1], [])) {
      .unexpected(
        at: $0, expected: "images N×C×H×W",
        actual: "the shape 9×20×20×1, which looks like N×H×W×C (NumPy's transpose(0, 3, 1, 2) reorders it)")
    },
    Fault("flat images", "train-images.npy", npy("|u1", [9, 6], [])) {
      .unexpected(at: $0, expected: "images N×H×W or N×C×H×W", actual: "the shape 9×6")
    },
    Fault("Fortran order", "train-images.npy", npy("|u1", [9, 2, 3], [], order: "True")) {
      .unexpected(
        at: $0, expected: "an array in C order (numpy.ascontiguousarray makes one before it is saved)",
        actual: "Fortran order")
    },
    Fault("images of another size", "test-images.npy", npy("|u1", [3, 3, 2], [UInt8](repeating: 0, count: 18))) {
      .wrongShape(at: $0, expected: [1, 2, 3], actual: [1, 3, 2])
    },
    Fault(
      "a pixel above the largest", "train-images.npy", npy("|u1", [9, 2, 3], [UInt8](repeating: 0, count: 53) + [17]),
      files: ImageFiles(.npy, pixelMaximum: 16)
    ) {
      .pixelOutOfRange(at: $0.advanced(by: 118 + 53), maximum: 16, actual: 17)
    },
    Fault("an end within the images", "train-images.npy", npy("|u1", [9, 2, 3], [UInt8](repeating: 0, count: 50))) {
      .truncated(at: $0.advanced(by: 118 + 50), expected: 128 + 54, actual: 128 + 50)
    },
    Fault("more than the shape tells", "train-images.npy", npy("|u1", [9, 2, 3], [UInt8](repeating: 0, count: 55))) {
      .trailingBytes(at: $0.advanced(by: 118 + 54), expected: 128 + 54, actual: nil)
    },
    Fault("no labels", "train-labels.npy", labels([])) { .tooFewItems(at: $0, minimum: 1, actual: 0) },
    Fault("no columns of labels", "train-labels.npy", npy("|u1", [9, 0], [])) {
      .tooFewItems(at: $0, minimum: 1, actual: 0)
    },
    Fault("no images", "train-images.npy", npy("|u1", [0, 2, 3], [])) { .tooFewItems(at: $0, minimum: 1, actual: 0) },
    Fault("more images than can be read", "train-images.npy", npy("|u1", [1 << 31, 2, 3], [])) {
      .unexpected(at: $0, expected: "at most 2147483647 images", actual: "2147483648")
    },
    Fault("labels of more images than can be read", "train-labels.npy", npy("|u1", [1 << 26 + 1], [])) {
      .unexpected(at: $0, expected: "labels of at most 67108864 images", actual: "67108865")
    },
    Fault("more columns of labels than can be read", "train-labels.npy", npy("|u1", [9, 65_537], [])) {
      .unexpected(at: $0, expected: "at most 65536 columns of labels", actual: "65537")
    },
    Fault("images that no memory holds", "train-images.npy", npy("|u1", [9, 65_536, 65_536], [])) {
      .tooLarge(at: $0, limit: 1 << 24, dimensions: [65_536, 65_536])
    },
  ]

  @Test("a file that does not fit is refused, with its place, what was expected and what was found", arguments: faults)
  func refused(_ fault: Fault) throws {
    try writeNPY()
    let path = try folder.write(fault.bytes, to: fault.file)
    expectError(fault.error(.init(path: path, offset: 10))) {
      _ = try Dataset(reading: fault.files, at: folder.path)
    }
  }

  @Test("if neither the validation images nor the test images fit, it is always the former that are named")
  func firstPart() throws {
    try writeNPY()
    let parts = ["validation", "test"]
    for part in parts {
      try folder.write(npy("|u1", [3, 3, 2], testPixels), to: "\(part)-images.npy")
      try folder.write(Self.labels([0, 3, 1]), to: "\(part)-labels.npy")
    }
    func expectEachTime(_ error: DataError) {
      for _ in 0..<10 { expectError(error) { _ = try Dataset(reading: ImageFiles(.npy), at: folder.path) } }
    }
    expectEachTime(
      .wrongShape(
        at: .init(path: folder.file("validation-images.npy"), offset: 10), expected: [1, 2, 3], actual: [1, 3, 2]))
    for part in parts { try folder.write(npy("|u1", [3, 2, 3], testPixels), to: "\(part)-images.npy") }
    expectEachTime(
      .unexpected(
        at: .init(path: folder.file("validation-labels.npy"), offset: 129), expected: "a label from 0 to 2", actual: "3"
      ))
  }

  @Test("a number of CIFAR's training files that is below 1 or occurs twice is an error that names the files")
  func batchNumbers() throws {
    func expect(_ numbers: [String], _ expected: String, _ actual: String) throws {
      let folder = try TemporaryFolder()
      for name in numbers.map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
        let record = [UInt8](repeating: 7, count: 3072)
        try folder.write([0] + record + [1] + record, to: name)
      }
      expectError(.unfit(path: folder.path, expected: expected, actual: actual), hasByte: false) {
        _ = try Dataset(reading: ImageFiles(.cifar, validation: .last(1)), at: folder.path)
      }
    }
    let first = "one data_batch file with the number 1"
    try expect(["1", "01", "2"], first, "data_batch_01.bin and data_batch_1.bin")
    try expect(["1", "01"], first, "data_batch_01.bin and data_batch_1.bin")
    try expect(
      ["2", "002", "1"], "one data_batch file with the number 2", "data_batch_002.bin and data_batch_2.bin")
    for number in ["0", "-1"] {
      try expect(
        [number, "1", "2"], "files data_batch_NUMBER.bin with numbers from 1 on", "data_batch_\(number).bin")
    }
  }

  @Test(
    "CIFAR records of two sets in one directory are not chosen from",
    arguments: [
      (["data_batch_1.bin", "test_batch.bin", "train.bin"], "data_batch_1.bin and train.bin"),
      (["data_batch_1.bin", "train_batch.bin", "test_batch.bin"], "data_batch_1.bin and train_batch.bin"),
      (["data_batch_1.bin", "test.bin", "test_batch.bin"], "test_batch.bin and test.bin"),
    ])
  func twoSetsOfRecords(names: [String], found: String) throws {
    for name in names {
      let record = [UInt8](repeating: 7, count: name.hasSuffix("_1.bin") || name.hasSuffix("batch.bin") ? 3072 : 3073)
      try folder.write([0] + record + [1] + record, to: name)
    }
    let error = DataError.unfit(path: folder.path, expected: "the CIFAR records of one set", actual: found)
    expectError(error, hasByte: false) {
      _ = try Dataset(reading: ImageFiles(.cifar, validation: .last(1)), at: folder.path)
    }
  }

  @Test("a missing file is named")
  func missing() throws {
    try writeNPY()
    let other = try TemporaryFolder()
    try other.write(npy("|u1", [9, 2, 3], trainPixels), to: "train-images.npy")
    #expect(throws: DataError.self) { try Dataset(reading: ImageFiles(.npy), at: other.path) }
    do throws(DataError) { _ = try Dataset(reading: ImageFiles(.npy), at: other.path) } catch {
      #expect(error.isInputOutput && error.description.contains("train-labels.npy"), "\(error)")
    }
    for format in ImageFiles.Format.allCases {
      let empty = try TemporaryFolder()
      do throws(DataError) { _ = try Dataset(reading: ImageFiles(format), at: empty.path) } catch {
        #expect(error.isInputOutput && error.description.contains("train"), "\(error)")
      }
    }
  }

  @Test(
    "invalid headers of NPY files are refused",
    arguments: [
      "", "{", "{}", "[]", "{'descr': '|u1'}", "{'descr': '|u1', 'descr': '|u1', }", "{'descr': [('a', '<i4')], }",
      "{'descr': '|u1', 'fortran_order': No, 'shape': (9,), }",
      "{'descr': '|O', 'fortran_order': False, 'shape': (9,), }",
      "{'descr': '=u1', 'fortran_order': False, 'shape': (9,), }",
      "{'descr': '|u2', 'fortran_order': False, 'shape': (9,), }",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (9, -1), }",
      "{'descr': '|u1', 'fortran_order': False, 'shape': 9, }",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (9,), } x", "{'descr': '|u1' 'shape': (9,), }",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (9,), 'more': '1'}",
    ])
  func headers(text: String) throws {
    try writeNPY()
    let length = [UInt8(text.utf8.count & 255), UInt8(text.utf8.count >> 8)]
    let path = try folder.write(
      [0x93] + Array("NUMPY".utf8) + [1, 0] + length + Array(text.utf8) + [UInt8](repeating: 0, count: 54),
      to: "train-images.npy")
    do throws(DataError) {
      _ = try Dataset(reading: ImageFiles(.npy), at: folder.path)
      Issue.record("no error")
    } catch {
      #expect(error.position == .init(path: path, offset: 10) && !error.description.contains("\n"), "\(error)")
    }
  }

  @Test("a directory in which images or labels have two names is refused; one name with and without .gz is one")
  func twoNames() throws {
    try writeNPY()
    try folder.write(Gzip.compress(folder.bytes(of: "train-images.npy")), to: "train-images.npy.gz")
    _ = try Dataset(reading: ImageFiles(.npy), at: folder.path)
    for (name, other) in [("train-images", "x_train"), ("test-labels", "t10k_labels")] {
      let twice = try TemporaryFolder()
      for file in try folder.names { try twice.write(folder.bytes(of: file), to: file) }
      try twice.write(folder.bytes(of: "\(name).npy"), to: "\(other).npy")
      expectError(
        .unfit(
          path: twice.path, expected: "one name of a part's images, and one of its labels",
          actual: "\(name).npy and \(other).npy"), hasByte: false
      ) { _ = try Dataset(reading: ImageFiles(.npy), at: twice.path) }
    }
  }

  @Test("what is neither a directory nor an .npz file is said to be missing as that")
  func missingPath() throws {
    let path = folder.file("none")
    expectError(.fileMissing(path: path, lookedFor: ["a directory or an .npz file"]), hasByte: false) {
      _ = try Dataset(reading: ImageFiles(.npy), at: path)
    }
    for (path, number) in [(path, ENOENT), (try folder.write([1], to: "taken"), ENOTDIR)] {
      expectError(.noDirectory(path: path, errno: number), hasByte: false) {
        _ = try Dataset(reading: ImageFiles(.idx), at: path)
      }
    }
  }
}
