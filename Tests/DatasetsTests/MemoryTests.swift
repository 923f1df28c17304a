import Datasets
import Foundation
import TestSupport
import Testing
import Verification

/// How much memory reading takes, beyond the pixels (`ci/fuzz --memory`).
@Suite struct MemoryTests {
  private static let images = ProcessInfo.processInfo.environment["SIGNET_SVHN_IMAGES"].flatMap { Int($0) }

  /// A process's peak is its own only while nothing else runs in it; so this is no part of an ordinary run.
  @Test("SVHN's pixels are in memory once, and at most 64 MB besides", .enabled(if: images != nil))
  func svhn() throws {
    let count = try #require(Self.images)
    let folder = try TemporaryFolder()
    try write(count, to: "train_32x32.mat", in: folder)
    try write(20, to: "extra_32x32.mat", in: folder)
    try write(20, to: "test_32x32.mat", in: folder)

    // Linux: 5 sets the peak back to the present size.
    try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
    let before = try kibibytes("VmHWM:")
    let start = ContinuousClock.now
    let data = try Dataset.svhn(directory: folder.path, validationOfTrain: 400, validationOfExtra: 1)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let peak = try kibibytes("VmHWM:") - before
    let pixels = (count + 40) * 3072 / 1024
    print("memory: \(count) images, \(pixels) KiB of pixels, the peak grew by \(peak) KiB, read in \(seconds) s")
    #expect(data.train.count + data.validation.count == count + 20)
    #expect(peak - pixels < 64 << 10)
  }

  /// A file of `count` images, half noise and half flat, its labels in turn.
  private func write(_ count: Int, to name: String, in folder: TemporaryFolder) throws {
    let build = MATBuilder()
    var numbers = TestNumbers(seed: UInt64(count))
    let noise = numbers.bytes(1 << 16)
    let pixels = [UInt8](unsafeUninitializedCapacity: count * 3072) { buffer, size in
      for i in 0..<count * 3072 {
        buffer[i] = i % 3072 < 1536 ? noise[(i &* 31 + i >> 12) & 0xffff] : UInt8(i >> 16 & 255)
      }
      size = count * 3072
    }
    let images = build.matrix(build.array("X", classCode: 9, [32, 32, 3, count], type: 2, pixels))
    let digits = (0..<count).map { UInt8($0 % 10) }
    let labels = build.matrix(build.array("y", classCode: 6, [count, 1], type: 2, build.labels(digits, type: 2)))
    try folder.write(build.header + build.compressed(images) + build.compressed(labels), to: name)
  }

  private func kibibytes(_ key: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(key) })
    return try #require(line.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }.last)
  }
}
