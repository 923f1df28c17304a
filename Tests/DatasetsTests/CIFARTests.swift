import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// CIFAR itself is not at hand in tests: these are small files in its form.
@Suite struct CIFARTests {
  let folder: TemporaryFolder
  let ten = SmallCIFAR.ten()
  let hundred = SmallCIFAR.hundred()

  init() throws { folder = try TemporaryFolder() }

  private func expect10(_ data: Dataset) {
    let pixels = ten.pixels[..<5].flatMap { $0 }
    let labels = ten.labels[..<5].flatMap { $0 }
    #expect(data.name == "cifar-10" && labels.count == 35)
    #expect(data.train.pixels == Array(pixels[..<(28 * 3072)]) && data.train.labels == Array(labels[..<28]))
    #expect(data.validation.pixels == Array(pixels[(28 * 3072)...]) && data.validation.labels == Array(labels[28...]))
    #expect(data.test.pixels == ten.pixels[5] && data.test.labels == ten.labels[5])
    for part in [data.train, data.validation, data.test] {
      #expect((part.channels, part.height, part.width, part.classes, part.pixelMaximum) == (3, 32, 32, 10, 255))
    }
  }

  @Test("CIFAR-10 is read from its archive in the order of the batches, whatever the order of the members")
  func archive10() throws {
    let stored = Gzip.compress(tar(ten.entries) + [UInt8](repeating: 0, count: 8192))
    try folder.write(stored, to: "cifar-10-binary.tar.gz")
    let data = try Dataset.cifar10(directory: folder.path, validation: 7)
    expect10(data)
    #expect(data.fileDigests.map(\.name) == ["cifar-10-binary.tar.gz"])
    #expect(data.fileDigests.map(\.sha256) == [hexadecimal(sha256: stored)])
  }

  @Test("the archive is read as left by a browser that removes .gz")
  func unzipped() throws {
    let stored = tar(ten.entries)
    try folder.write(stored, to: "cifar-10-binary.tar")
    let data = try Dataset.cifar10(directory: folder.path, validation: 7)
    expect10(data)
    #expect(data.fileDigests.map(\.name) == ["cifar-10-binary.tar"])
    #expect(data.fileDigests.map(\.sha256) == [hexadecimal(sha256: stored)])
  }

  @Test("CIFAR-10 is read from its files, here or in the archive's folder", arguments: ["", "cifar-10-batches-bin/"])
  func files10(prefix: String) throws {
    try FileManager.default.createDirectory(atPath: "\(folder.path)/\(prefix)", withIntermediateDirectories: true)
    for (name, bytes) in ten.files { try folder.write(bytes, to: prefix + name) }
    let data = try Dataset.cifar10(directory: folder.path, validation: 7)
    expect10(data)
    #expect(data.fileDigests.map(\.name) == ten.names.map { prefix + $0 })
    #expect(data.fileDigests.map(\.sha256) == ten.names.map { hexadecimal(sha256: ten.files[$0]!) })
  }

  @Test("CIFAR-100's class is the second label, from the archive and from files")
  func both100() throws {
    try folder.write(Gzip.compress(tar(hundred.entries)), to: "cifar-100-binary.tar.gz")
    let archive = try Dataset.cifar100(directory: folder.path, validation: 2)
    try FileManager.default.removeItem(atPath: "\(folder.path)/cifar-100-binary.tar.gz")
    for (name, bytes) in hundred.files { try folder.write(bytes, to: name) }
    let files = try Dataset.cifar100(directory: folder.path, validation: 2)
    for data in [archive, files] {
      #expect(data.train.labels + data.validation.labels == hundred.labels[0] && data.train.count == 3)
      expectSame(data.train.pixels + data.validation.pixels, hundred.pixels[0])
      #expect(data.test.labels == hundred.labels[1] && data.test.pixels == hundred.pixels[1])
      #expect(data.train.classes == 100 && data.name == "cifar-100")
    }
    #expect(archive.train == files.train && archive.test == files.test)
    #expect(files.fileDigests.map(\.name) == ["train.bin", "test.bin"])
  }

  @Test("if one of the six files is missing, it is named", arguments: 0..<6)
  func oneMissing(index: Int) throws {
    for name in ten.names where name != ten.names[index] { try folder.write(ten.files[name]!, to: name) }
    let path = "\(folder.path)/\(ten.names[index])"
    expectError(.fileMissing(path: path, lookedFor: [path]), hasByte: false) {
      _ = try Dataset.cifar10(directory: folder.path)
    }
  }

  @Test("too few training images for the validation part, which has 5,000 of either set")
  func tooFew() throws {
    for (name, bytes) in ten.files { try folder.write(bytes, to: name) }
    let place = DataError.Position(path: "\(folder.path)/data_batch_1.bin", offset: 0)
    expectError(.tooFewItems(at: place, minimum: 5001, actual: 35)) { _ = try Dataset.cifar10(directory: folder.path) }
    expectError(.tooFewItems(at: place, minimum: 36, actual: 35)) {
      _ = try Dataset.cifar10(directory: folder.path, validation: 35)
    }
    #expect(try Dataset.cifar10(directory: folder.path, validation: 34).train.count == 1)
    for (name, bytes) in hundred.files { try folder.write(bytes, to: name) }
    let other = DataError.Position(path: "\(folder.path)/train.bin", offset: 0)
    expectError(.tooFewItems(at: other, minimum: 5001, actual: 5)) { _ = try Dataset.cifar100(directory: folder.path) }
    for name in ten.names { try FileManager.default.removeItem(atPath: folder.file(name)) }
    let archive = try folder.write(Gzip.compress(tar(ten.entries)), to: "cifar-10-binary.tar.gz")
    // The first batch is the archive's last member. Before it are blocks of 512 bytes: a folder, a page and its header, and with a header
    // each the test batch, then the batches 5 to 2; then its own header.
    let blocks = 1 + 2 + (1 + 13) + (1 + 151) + (1 + 25) + (1 + 13) + (1 + 7) + 1
    expectError(
      .tooFewItems(at: .init(path: archive, offset: 512 * blocks, isDecompressed: true), minimum: 36, actual: 35)
    ) { _ = try Dataset.cifar10(directory: folder.path, validation: 35) }
  }

  @Test("a label out of range is an error at its byte, even beyond the buffer", arguments: [0, 3, 24])
  func label(record: Int) throws {
    for (name, bytes) in ten.files { try folder.write(bytes, to: name) }
    var bytes = ten.files["data_batch_5.bin"]!
    bytes[3073 * record] = 10
    let path = try folder.write(bytes, to: "data_batch_5.bin")
    expectError(
      .labelOutOfRange(at: .init(path: path, offset: 3073 * record), classes: 10, actual: 10), mentions: ["0 to 9"]
    ) { _ = try Dataset.cifar10(directory: folder.path, validation: 1) }
  }

  @Test("both labels of CIFAR-100 are checked", arguments: [(0, 20), (1, 100)])
  func labels100(offset: Int, classes: Int) throws {
    for (name, bytes) in hundred.files { try folder.write(bytes, to: name) }
    var bytes = hundred.files["train.bin"]!
    bytes[3074 + offset] = UInt8(classes)
    let path = try folder.write(bytes, to: "train.bin")
    expectError(
      .labelOutOfRange(at: .init(path: path, offset: 3074 + offset), classes: classes, actual: classes)
    ) { _ = try Dataset.cifar100(directory: folder.path, validation: 1) }
  }

  @Test("a file that ends within a record", arguments: [1, 3072])
  func partial(bytes count: Int) throws {
    for (name, bytes) in ten.files { try folder.write(bytes, to: name) }
    let path = try folder.write(
      ten.files["data_batch_5.bin"]! + [UInt8](repeating: 0, count: count), to: "data_batch_5.bin")
    expectError(
      .partialRecord(at: .init(path: path, offset: 25 * 3073), size: 3073, actual: count),
      mentions: ["3073 bytes", "after \(count) bytes of it"]
    ) { _ = try Dataset.cifar10(directory: folder.path, validation: 1) }
  }

  @Test("a file without any image, alone and in the archive")
  func noImages() throws {
    for (name, bytes) in ten.files { try folder.write(bytes, to: name) }
    let path = try folder.write([], to: "data_batch_3.bin")
    expectError(.emptyFile(at: .init(path: path, offset: 0))) {
      _ = try Dataset.cifar10(directory: folder.path, validation: 1)
    }
    let none = SmallCIFAR.ten([1, 1, 1, 1, 0, 1])
    let archive = try folder.write(Gzip.compress(tar(none.entries)), to: "cifar-10-binary.tar.gz")
    // A folder, a page and its header, the test batch in seven blocks of data, then the empty one.
    let offset = 512 + 1024 + 512 + 3584 + 512
    expectError(.tooFewItems(at: .init(path: archive, offset: offset, isDecompressed: true), minimum: 1, actual: 0)) {
      _ = try Dataset.cifar10(directory: folder.path, validation: 1)
    }
  }

  @Test("a page instead of the archive")
  func wrongFile() throws {
    let path = try folder.write([UInt8](repeating: 0x3c, count: 600), to: "cifar-10-binary.tar.gz")
    expectError(
      .unexpected(at: .init(path: path, offset: 257), expected: "a tar header's ustar", actual: "\"<<<<<<<<\"")
    ) { _ = try Dataset.cifar10(directory: folder.path) }
  }
}
