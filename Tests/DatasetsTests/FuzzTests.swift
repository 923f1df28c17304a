import BuiltInDatasets
import Datasets
import Fixtures
import Foundation
import TestSupport
import Testing
import Verification

/// A reader, good files of its form, and where it looks for them.
struct FuzzTarget: Sendable, CustomTestStringConvertible {
  let name: String
  /// What the reader is handed: a file's bytes, damaged.
  let damaged: @Sendable (inout Mutations) -> [UInt8]
  let file: String
  /// Files beside it that stay good.
  let others: [String: [UInt8]]
  let read: @Sendable (_ directory: String, _ path: String) throws -> Void
  /// Its part of the files, of the sum of all targets' shares.
  let share: Int
  var testDescription: String { name }
}

/// Damaged files of every form: a typed error or data, never a trap, never more than a second.
@Suite struct FuzzTests {
  /// `SIGNET_FUZZ=COUNT`: that many files over all readers (`ci/fuzz`).
  private static let count =
    ProcessInfo.processInfo.environment["SIGNET_FUZZ"].flatMap { Int($0) } ?? Extent.of(6000, debug: 1200)
  private static let isThorough = ProcessInfo.processInfo.environment["SIGNET_FUZZ"] != nil
  private static let allShares = targets.map(\.share).reduce(0, +)

  /// The number of a target's files, rounded down.
  private static func files(of target: FuzzTarget) -> Int { count * target.share / allShares }

  @Test("damaged files give a data error with their path, or data, within a second", arguments: targets)
  func damaged(target: FuzzTarget) throws {
    let folder = try TemporaryFolder()
    for (name, bytes) in target.others { try folder.write(bytes, to: name) }
    let path = "\(folder.path)/\(target.file)"
    var mutations = Mutations(numbers: TestNumbers(seed: 17))
    var (refused, read) = (0, 0)
    var kinds: [String: Int] = [:]
    var slowest = 0.0
    let count = Self.files(of: target)
    for index in 0..<count {
      let bytes = target.damaged(&mutations)
      try #require(overwrite(path, bytes))
      let start = threadSeconds()
      do {
        try target.read(folder.path, path)
        read += 1
      } catch let error as DataError {
        let text = error.description
        #expect(
          error.position.path.hasPrefix(folder.path) && error.position.offset >= 0, "\(target.name) \(index): \(text)")
        #expect(!error.isInputOutput && !text.contains { $0.isNewline }, "\(target.name) \(index): \(text)")
        refused += 1
        kinds["\(error)".isEmpty ? "" : kind(of: error), default: 0] += 1
      } catch {
        Issue.record("\(target.name) \(index): \(error) is no data error")
      }
      let seconds = threadSeconds() - start
      slowest = max(slowest, seconds)
      #expect(seconds < 1, "\(target.name) \(index) took \(seconds) s")
    }
    #expect(refused + read == count && refused > count / 4, "\(refused) refused, \(read) read")
    if Self.isThorough {
      let list = kinds.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      print(
        "fuzz: \(target.name): \(count) files, \(refused) refused, \(read) read, slowest \(Int(slowest * 1e3)) ms: \(list)"
      )
    }
  }

  @Test("the targets read all files together, at least 5,000 in a release build and 1,000 in debug")
  func shares() {
    let files = Self.targets.map { Self.files(of: $0) }.reduce(0, +)
    // Each target's number is rounded down.
    #expect((0..<Self.targets.count).contains(Self.count - files), "\(files) of \(Self.count) files")
    #expect(Self.isThorough || files >= Extent.of(5000, debug: 1000))
  }

  @Test("an undamaged file of every format is read", arguments: targets)
  func undamaged(target: FuzzTarget) throws {
    let folder = try TemporaryFolder()
    for (name, bytes) in target.others.merging(Self.good[target.name] ?? [:], uniquingKeysWith: { $1 }) {
      try folder.write(bytes, to: name)
    }
    try target.read(folder.path, "\(folder.path)/\(target.file)")
  }

  /// The case's name.
  private func kind(of error: DataError) -> String { Mirror(reflecting: error).children.first?.label ?? "\(error)" }

  /// As `TemporaryFolder.write`, without waiting for the disk.
  private func overwrite(_ path: String, _ bytes: [UInt8]) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    return descriptor >= 0 && Foundation.write(descriptor, bytes, bytes.count) == bytes.count
  }
}

extension FuzzTests {
  private static var idxFile: [UInt8] {
    var numbers = TestNumbers(seed: 1)
    return idx([5, 4, 3], numbers.bytes(60))
  }

  private static let ten = SmallCIFAR.ten([1, 1, 1, 1, 1, 1])
  private static let hundred = SmallCIFAR.hundred([2, 1])
  private static let svhn = SmallSVHN([1, 0], seed: 1)
  private static let bigEndian = SmallSVHN([2, 3, 4], seed: 2, isBigEndian: true)

  private static var manifest: [UInt8] {
    let path = (Fixtures.directory(of: "digits") ?? "") + "/manifest.json"
    return Array((try? Data(contentsOf: URL(fileURLWithPath: path))) ?? Data())
  }

  /// What an undamaged run reads, by target.
  private static var good: [String: [String: [UInt8]]] {
    [
      "IDX": ["file": idxFile], "gzip": ["file": Gzip.compress(idxFile)],
      "CIFAR-10 file": ["data_batch_2.bin": ten.files["data_batch_2.bin"]!],
      "CIFAR-10 archive": ["cifar-10-binary.tar.gz": Gzip.compress(tar(ten.entries))],
      "CIFAR-100 archive": ["cifar-100-binary.tar.gz": tar(hundred.entries)],
      "tar headers": ["cifar-100-binary.tar.gz": tar(hundred.entries)],
      "MAT": ["test_32x32.mat": svhn.file], "MAT elements": ["test_32x32.mat": svhn.file],
      "NPY": ["train-images.npy": arrays["train-images.npy"]!],
      "NPZ": ["arrays.npz": zipArchive(arrays.map { ZipEntry(name: $0.key, data: $0.value) })],
      "NPZ of real numbers": ["real.npz": zipArchive(realEntries)],
      "manifest": ["file": manifest],
    ]
  }

  static let targets: [FuzzTarget] = [
    FuzzTarget(
      name: "IDX", damaged: { $0.apply(to: idxFile) }, file: "file", others: [:],
      read: { _, path in _ = try IDX(StoredFile(path: path, limit: 1000), rank: 3) }, share: 2),
    FuzzTarget(
      name: "gzip",
      damaged: { mutations in
        // Of one member, of two, with zeros after it, or damaged before it is compressed.
        switch mutations.numbers.next(below: 4) {
        case 2: mutations.apply(to: Gzip.compress(idxFile) + [UInt8](repeating: 0, count: 300))
        case 0: mutations.apply(to: Gzip.compress(idxFile))
        case 1: mutations.apply(to: Gzip.compress(Array(idxFile[..<20])) + Gzip.compress(Array(idxFile[20...])))
        default: Gzip.compress(mutations.apply(to: idxFile))
        }
      }, file: "file", others: [:],
      read: { _, path in _ = try IDX(StoredFile(path: path, limit: 1000), rank: 3) }, share: 2),
    FuzzTarget(
      name: "CIFAR-10 file", damaged: { $0.apply(to: ten.files["data_batch_2.bin"]!) }, file: "data_batch_2.bin",
      others: ten.files.filter { $0.key != "data_batch_2.bin" },
      read: { folder, _ in _ = try Dataset.cifar10(directory: folder, validation: 1) }, share: 2),
    FuzzTarget(
      name: "CIFAR-10 archive",
      damaged: { mutations in
        let archive = tar(ten.entries)
        return mutations.numbers.next(below: 2) == 0
          ? mutations.apply(to: Gzip.compress(archive, level: 0))
          : Gzip.compress(mutations.apply(to: archive), level: 0)
      }, file: "cifar-10-binary.tar.gz", others: [:],
      read: { folder, _ in _ = try Dataset.cifar10(directory: folder, validation: 1) }, share: 1),
    FuzzTarget(
      name: "CIFAR-100 archive", damaged: { $0.apply(to: tar(hundred.entries)) }, file: "cifar-100-binary.tar.gz",
      others: [:], read: { folder, _ in _ = try Dataset.cifar100(directory: folder, validation: 1) }, share: 2),
    FuzzTarget(
      name: "tar headers", damaged: damagedHeaders, file: "cifar-100-binary.tar.gz", others: [:],
      read: { folder, _ in _ = try Dataset.cifar100(directory: folder, validation: 1) }, share: 3),
    FuzzTarget(
      name: "MAT", damaged: { $0.apply(to: svhn.file) }, file: "test_32x32.mat", others: trainAndExtra,
      read: readSVHN, share: 3),
    FuzzTarget(
      name: "MAT elements", damaged: damagedElements, file: "test_32x32.mat", others: trainAndExtra, read: readSVHN,
      share: 4),
    FuzzTarget(
      name: "NPY", damaged: { $0.apply(to: arrays["train-images.npy"]!) }, file: "train-images.npy",
      others: arrays.filter { $0.key != "train-images.npy" }, read: readArrays, share: 2),
    FuzzTarget(
      name: "NPZ",
      damaged: { mutations in
        let isDeflated = mutations.numbers.next(below: 2) == 0
        var entries = arrays.sorted { $0.key < $1.key }.map {
          ZipEntry(name: $0.key, data: $0.value, isDeflated: isDeflated)
        }
        // Of an entry before its checksum is taken, or of the archive.
        if mutations.numbers.next(below: 2) == 0 {
          let chosen = mutations.numbers.next(below: entries.count)
          entries[chosen].data = mutations.apply(to: entries[chosen].data)
          return zipArchive(entries)
        }
        return mutations.apply(to: zipArchive(entries))
      }, file: "arrays.npz", others: [:], read: readArrays, share: 2),
    FuzzTarget(
      name: "NPZ of real numbers",
      damaged: { mutations in
        // Of an entry before its checksum is taken, or of the archive.
        guard mutations.numbers.next(below: 2) == 0 else { return mutations.apply(to: zipArchive(realEntries)) }
        var entries = realEntries
        let chosen = mutations.numbers.next(below: entries.count)
        entries[chosen].data = mutations.apply(to: entries[chosen].data)
        return zipArchive(entries)
      }, file: "real.npz", others: [:],
      read: { _, path in _ = try NumberArray.archive(reading: path) }, share: 2),
    FuzzTarget(
      name: "manifest", damaged: { $0.apply(to: manifest) }, file: "file", others: [:],
      read: { _, path in _ = try DigitsManifest(path: path) }, share: 1),
  ]

  private static let arrays: [String: [UInt8]] = [
    "train-images.npy": npy("|u1", [6, 2, 4, 3], [UInt8](repeating: 7, count: 144)),
    "train-labels.npy": npy("<i4", [6], integers([0, 1, 2, 0, 1, 2], width: 4)),
  ]

  private static let realEntries = [
    ZipEntry(name: "dense/kernel.npy", data: npy("<f4", [6, 5], [UInt8](repeating: 60, count: 120)), isDeflated: true),
    ZipEntry(name: "dense/bias.npy", data: npy("<f8", [5], [UInt8](repeating: 63, count: 40)), isLong: false),
    ZipEntry(name: "steps.npy", data: npy("<i8", [], integers([7], width: 8))),
  ]

  private static let readArrays: @Sendable (String, String) throws -> Void = { folder, _ in
    _ = try Dataset(reading: ImageFiles(.npy, validation: .last(1), test: .last(1)), at: folder)
  }

  private static var trainAndExtra: [String: [UInt8]] {
    ["train_32x32.mat": SmallSVHN(Array(0...9), seed: 3).file, "extra_32x32.mat": bigEndian.file]
  }

  private static let readSVHN: @Sendable (String, String) throws -> Void = { folder, _ in
    _ = try Dataset.svhn(directory: folder, validationOfTrain: 1, validationOfExtra: 0)
  }

  /// Damage within headers and attributes, with sums set right: it goes further than damage that the sum finds.
  private static let damagedHeaders: @Sendable (inout Mutations) -> [UInt8] = { mutations in
    var entries = hundred.entries
    let path = "cifar-100-binary/train.bin"
    entries.insert(pax([("path", path), ("size", "\(2 * 3074)")]), at: 2)
    entries.insert(TarEntry(name: "long", data: Array("a/long/name\0".utf8), type: "L"), at: 1)
    entries.swapAt(3, 4)
    var bytes: [UInt8] = []
    let chosen = mutations.numbers.next(below: entries.count)
    for (index, entry) in entries.enumerated() {
      var (header, data) = (entry.header, padded(entry.data))
      if index == chosen {
        if mutations.numbers.next(below: 3) == 0 {
          data = mutations.apply(to: data)
        } else {
          header = mutations.apply(to: header).prefix(512) + []
          header += [UInt8](repeating: 0, count: 512 - header.count)
          header.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
          let digits = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
          header.replaceSubrange(148..<(148 + digits.utf8.count), with: digits.utf8)
        }
      }
      bytes += header + data
    }
    return bytes + tarEnd
  }

  /// Damage within elements, before they are compressed or without that.
  private static let damagedElements: @Sendable (inout Mutations) -> [UInt8] = { mutations in
    let file = mutations.numbers.next(below: 2) == 0 ? svhn : bigEndian
    let row = file.builder.array(
      "y", classCode: 6, [1, file.digits.count], type: 2, file.builder.labels(file.digits, type: 2))
    // One that is read past, too.
    let note = file.builder.array("note", classCode: 4, [1, 3], type: 4, [97, 0, 98, 0, 99, 0])
    var elements = [
      file.images(),
      mutations.numbers.next(below: 2) == 0 ? file.labels(classCode: 6, type: 9) : file.builder.matrix(row),
      file.builder.matrix(note),
    ]
    let chosen = mutations.numbers.next(below: 3)
    elements[chosen] = mutations.apply(to: elements[chosen])
    if mutations.numbers.next(below: 4) == 0 { elements.reverse() }
    let isPlain = mutations.numbers.next(below: 2) == 0
    return file.builder.header + elements.flatMap { isPlain ? $0 : file.builder.compressed($0) }
  }
}
