/// gzip files (RFC 1952), read with the system's zlib.
package enum Gzip {
  /// The first two bytes of each member.
  static let magic: [UInt8] = [0x1f, 0x8b]

  /// The contents of the file at `path`: decompressed if it begins like a gzip file, else as they are.
  ///
  /// Memory stays within `limit` (twice that while the result grows) plus a fixed buffer, whatever the file claims.
  ///
  /// - Parameter limit: the largest number of bytes that the contents may have.
  /// - Throws: `DataError`: missing, unreadable, empty, truncated, corrupt, checksum, trailing bytes or too large.
  package static func decompress(path: String, limit: Int) throws(DataError) -> [UInt8] {
    try StoredFile(path: path, limit: limit).bytes
  }
}
