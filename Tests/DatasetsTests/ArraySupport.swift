import CZlib
import Datasets
import Files

/// An entry of a ZIP archive.
struct ZipEntry {
  var name: String
  var data: [UInt8]
  var isDeflated = false
  /// As NumPy writes it: sizes in the field for 64 bits.
  var isLong = true
  /// Fields before the one for 64 bits, as other writers put them there.
  var otherFields: [UInt8] = []
  /// Fields in the archive's directory, where a writer may put others than in the header.
  var directoryFields: [UInt8] = []
  /// Whether the header has the size of the data, too, and lacks only the stored size.
  var hasShortSize = false
  var flags = 0
  /// Instead of the data's own.
  var checksum: UInt32?
}

/// A ZIP archive of entries, with its directory.
///
/// - Parameters:
///   - isLong: whether there is another end of the directory, for archives of more than 4 GB.
///   - comment: the archive's.
func zipArchive(_ entries: [ZipEntry], isLong: Bool = false, comment: String = "") -> [UInt8] {
  func word(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
  for entry in entries {
    // Deflated bytes alone are those of a zlib stream without its first two and last four bytes.
    let stored = entry.isDeflated ? Array(Deflate.compress(entry.data, as: .zlib).dropFirst(2).dropLast(4)) : entry.data
    let checksum = entry.checksum ?? UInt32(crc32(0, entry.data, UInt32(entry.data.count)))
    let facts =
      word(20, 2) + word(entry.flags, 2) + word(entry.isDeflated ? 8 : 0, 2) + word(0, 4) + word(Int(checksum), 4)
    let name = Array(entry.name.utf8)
    let extra =
      entry.otherFields
      + (entry.isLong ? word(1, 2) + word(16, 2) + word(entry.data.count, 8) + word(stored.count, 8) : [])
    let sizes =
      word(entry.isLong ? 0xffff_ffff : stored.count, 4)
      + word(entry.isLong && !entry.hasShortSize ? 0xffff_ffff : entry.data.count, 4)
    directory +=
      word(0x0201_4b50, 4) + word(20, 2) + facts + word(stored.count, 4) + word(entry.data.count, 4)
      + word(name.count, 2) + word(entry.directoryFields.count, 2)
    directory += [UInt8](repeating: 0, count: 10) + word(bytes.count, 4) + name + entry.directoryFields
    bytes += word(0x0403_4b50, 4) + facts + sizes + word(name.count, 2) + word(extra.count, 2) + name + extra + stored
  }
  // The long end and where it is, with numbers that no reader needs here.
  let longEnd = word(0x0606_4b50, 4) + word(44, 8) + word(0, 44) + word(0x0706_4b50, 4) + word(0, 16)
  let end =
    word(0x0605_4b50, 4) + word(0, 4) + word(entries.count, 2) + word(entries.count, 2) + word(directory.count, 4)
    + word(bytes.count, 4) + word(comment.utf8.count, 2)
  return bytes + directory + (isLong ? longEnd : []) + end + Array(comment.utf8)
}

/// Integers as bytes, the least significant first unless told otherwise.
func integers(_ values: [Int], width: Int, bigEndian: Bool = false) -> [UInt8] {
  values.flatMap { value in
    let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return bigEndian ? bytes.reversed() : bytes
  }
}
