import Datasets
import TestSupport
import Verification

/// One entry of a tar archive for tests; any field may lie.
struct TarEntry {
  var name: String
  var data: [UInt8] = []
  var type: Character = "0"
  var size: Int?
  var magic = "ustar\0" + "00"
  var prefix = ""
  var checksumError = 0

  var header: [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    put(name, at: 0)
    put("0000644\0", at: 100)
    put(octal(size ?? data.count, digits: 11) + "\0", at: 124)
    put(octal(0, digits: 11) + " ", at: 136)
    put(String(type), at: 156)
    put(magic, at: 257)
    put(prefix, at: 345)
    put("        ", at: 148)
    let sum = block.reduce(0) { $0 + Int($1) } + checksumError
    put(octal(sum, digits: 6) + "\0 ", at: 148)
    return block
  }

  var bytes: [UInt8] { header + padded(data) }

  private func octal(_ value: Int, digits: Int) -> String {
    let text = String(value, radix: 8)
    return String(repeating: "0", count: digits - text.count) + text
  }
}

func padded(_ data: [UInt8]) -> [UInt8] { data + [UInt8](repeating: 0, count: (512 - data.count % 512) % 512) }

/// The two blocks of zeros that end an archive.
let tarEnd = [UInt8](repeating: 0, count: 1024)

func tar(_ entries: [TarEntry]) -> [UInt8] { entries.flatMap(\.bytes) + tarEnd }

/// A pax header of some records.
func pax(_ records: [(String, String)], type: Character = "x") -> TarEntry {
  var data: [UInt8] = []
  for (key, value) in records {
    let rest = " \(key)=\(value)\n".utf8
    var length = rest.count + 1
    while String(length).utf8.count + rest.count > length { length += 1 }
    data += Array(String(length).utf8) + Array(rest)
  }
  return TarEntry(name: "PaxHeaders/x", data: data, type: type)
}

/// The files of a small CIFAR-10 or CIFAR-100, in random pixels.
struct SmallCIFAR {
  let folder: String
  let names: [String]
  let labelBytes: Int
  /// A file's bytes, by name.
  var files: [String: [UInt8]] = [:]
  /// Each file's labels (the class) and pixels.
  var labels: [[UInt8]] = []
  var pixels: [[UInt8]] = []

  static func ten(_ counts: [Int] = [3, 1, 2, 4, 25, 2], seed: UInt64 = 7) -> SmallCIFAR {
    SmallCIFAR(
      folder: "cifar-10-batches-bin", names: (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"],
      labelClasses: [10], counts: counts, seed: seed)
  }

  static func hundred(_ counts: [Int] = [5, 3], seed: UInt64 = 8) -> SmallCIFAR {
    SmallCIFAR(
      folder: "cifar-100-binary", names: ["train.bin", "test.bin"], labelClasses: [20, 100], counts: counts, seed: seed)
  }

  private init(folder: String, names: [String], labelClasses: [Int], counts: [Int], seed: UInt64) {
    (self.folder, self.names, labelBytes) = (folder, names, labelClasses.count)
    var numbers = TestNumbers(seed: seed)
    for (name, count) in zip(names, counts) {
      var file: [UInt8] = []
      var labels: [UInt8] = []
      var pixels: [UInt8] = []
      for _ in 0..<count {
        let values = labelClasses.map { UInt8(numbers.next(below: $0)) }
        let image = numbers.bytes(3072)
        file += values + image
        labels.append(values[values.count - 1])
        pixels += image
      }
      files[name] = file
      self.labels.append(labels)
      self.pixels.append(pixels)
    }
  }

  /// Entries in another order than the names', as in the official archives, with some that are not wanted.
  var entries: [TarEntry] {
    var entries = [
      TarEntry(name: folder + "/", type: "5", magic: "ustar  \0"),
      TarEntry(name: folder + "/readme.html", data: Array("<html>".utf8), magic: "ustar  \0"),
    ]
    for name in names.reversed() {
      entries.append(TarEntry(name: "\(folder)/\(name)", data: files[name] ?? [], magic: "ustar  \0"))
    }
    return entries
  }
}
