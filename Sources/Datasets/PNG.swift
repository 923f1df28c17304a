internal import CZlib
import Files

/// Writes PNG files (RFC 2083): 8 bits per channel, grey or RGB, no filter, not interlaced.
package enum PNG {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  package static let kind = FileKind("a PNG file", beginning: signature)

  /// - Parameter pixels: `H × W × C` with `C` 1 or 3, row-major.
  package static func encode(_ pixels: [UInt8], width: Int, height: Int, channels: Int) -> [UInt8] {
    precondition(channels == 1 || channels == 3, "a PNG of \(channels) channels")
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * channels,
      "\(pixels.count) pixels are not \(height)×\(width)×\(channels)")
    var rows: [UInt8] = []
    rows.reserveCapacity(pixels.count + height)
    for y in 0..<height {
      rows.append(0)  // no filter
      rows += pixels[y * width * channels..<(y + 1) * width * channels]
    }
    let header = word(width) + word(height) + [8, channels == 1 ? 0 : 2, 0, 0, 0]
    return signature + chunk("IHDR", header) + chunk("IDAT", Deflate.compress(rows, as: .zlib)) + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    let check = body.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    return word(data.count) + body + word(Int(check))
  }

  private static func word(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }
}
