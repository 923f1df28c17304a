/// gzip files (RFC 1952), read and written with the system's zlib.
package enum Gzip {
  /// The first two bytes of each member.
  static let magic: [UInt8] = [0x1f, 0x8b]

  /// One gzip member that contains `bytes`, without time and file name: the same bytes and zlib give the same file.
  package static func compress(_ bytes: [UInt8], level: Int32 = 9) -> [UInt8] {
    Deflate.compress(bytes, as: .gzip, level: level)
  }
}
