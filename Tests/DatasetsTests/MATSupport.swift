import Datasets
import TestSupport
import Verification

/// Writes MAT 5 files for tests; any field may lie.
struct MATBuilder {
  var isBigEndian = false

  func word(_ value: Int, bytes: Int = 4) -> [UInt8] {
    let little = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return isBigEndian ? little.reversed() : little
  }

  var header: [UInt8] {
    let text = Array("MATLAB 5.0 MAT-file, Platform: GLNXA64".utf8)
    return text + [UInt8](repeating: 0x20, count: 124 - text.count) + word(0x100, bytes: 2)
      + Array((isBigEndian ? "MI" : "IM").utf8)
  }

  /// An element with its padding; short if asked for.
  func element(_ type: Int, _ data: [UInt8], size: Int? = nil, isShort: Bool = false) -> [UInt8] {
    if isShort {
      return word((size ?? data.count) << 16 | type) + data + [UInt8](repeating: 0, count: 4 - data.count)
    }
    return word(type) + word(size ?? data.count) + data + [UInt8](repeating: 0, count: (8 - data.count % 8) % 8)
  }

  func flags(_ classCode: Int, _ flags: Int = 0) -> [UInt8] { element(6, word(flags << 8 | classCode) + word(0)) }

  func dimensions(_ sizes: [Int]) -> [UInt8] { element(5, sizes.flatMap { word($0) }) }

  func array(
    _ name: String, classCode: Int, flags bits: Int = 0, _ sizes: [Int], type: Int, _ data: [UInt8],
    isShort: Bool = false
  ) -> [UInt8] {
    flags(classCode, bits) + dimensions(sizes)
      + element(1, Array(name.utf8), isShort: (1...4).contains(name.utf8.count))
      + element(type, data, isShort: isShort)
  }

  func matrix(_ body: [UInt8], size: Int? = nil) -> [UInt8] { word(14) + word(size ?? body.count) + body }

  func compressed(_ element: [UInt8]) -> [UInt8] {
    let stream = zlib(element)
    return word(15) + word(stream.count) + stream
  }

  /// The labels of `digits` in the file's form: 10 stands for 0.
  func labels(_ digits: [UInt8], type: Int) -> [UInt8] {
    digits.flatMap { digit -> [UInt8] in
      let value = digit == 0 ? 10 : Int(digit)
      return switch type {
      case 1, 2: word(value, bytes: 1)
      case 3, 4: word(value, bytes: 2)
      case 5, 6: word(value, bytes: 4)
      case 7: word(Int(Float(value).bitPattern), bytes: 4)
      case 9: word(Int(Double(value).bitPattern), bytes: 8)
      default: word(value, bytes: 8)
      }
    }
  }
}

/// A zlib stream (RFC 1950) of `bytes`: what gzip makes of them, in the other wrapping.
func zlib(_ bytes: [UInt8], level: Int32 = 1) -> [UInt8] {
  var (a, b): (UInt32, UInt32) = (1, 0)
  for byte in bytes {
    a = (a + UInt32(byte)) % 65521
    b = (b + a) % 65521
  }
  let sum = (b << 16 | a).bigEndian
  let deflated = Gzip.compress(bytes, level: level).dropFirst(10).dropLast(8)
  return [0x78, 0x01] + deflated + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
}

/// A small file of SVHN's form.
struct SmallSVHN {
  let digits: [UInt8]
  /// `N C H W`.
  let pixels: [UInt8]
  /// As in the file: each image column by column.
  let columns: [UInt8]
  var builder = MATBuilder()

  init(_ digits: [UInt8], seed: UInt64, isBigEndian: Bool = false) {
    var numbers = TestNumbers(seed: seed)
    let pixels = numbers.bytes(digits.count * 3072)
    var columns = pixels
    for (i, pixel) in pixels.enumerated() {
      let (plane, y, x) = (i / 1024, i / 32 % 32, i % 32)
      columns[plane * 1024 + x * 32 + y] = pixel
    }
    (self.digits, self.pixels, self.columns) = (digits, pixels, columns)
    builder.isBigEndian = isBigEndian
  }

  /// The array X; `sizes` may lie.
  func images(_ sizes: [Int]? = nil) -> [UInt8] {
    builder.matrix(builder.array("X", classCode: 9, sizes ?? [32, 32, 3, digits.count], type: 2, columns))
  }

  func labels(classCode: Int = 6, type: Int = 2, isShort: Bool = false) -> [UInt8] {
    builder.matrix(
      builder.array(
        "y", classCode: classCode, [digits.count, 1], type: type, builder.labels(digits, type: type), isShort: isShort))
  }

  /// As MATLAB writes it: both arrays compressed, labels of class double stored in bytes.
  var file: [UInt8] { builder.header + builder.compressed(images()) + builder.compressed(labels()) }
}
