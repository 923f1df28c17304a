/// gzip files (RFC 1952), by the system's zlib.
package enum Gzip {
  /// The first two bytes of each member.
  static let magic: [UInt8] = [0x1f, 0x8b]

  /// The contents of the file at `path`: decompressed if it begins as gzip does, else as they are.
  ///
  /// Memory stays within `limit` (twice, while the result grows) and a fixed buffer, whatever the file claims.
  ///
  /// - Parameter limit: the most bytes that the contents may take.
  /// - Throws: `DataError`: missing, unreadable, empty, truncated, corrupt, checksum, trailing bytes or too large.
  package static func decompress(path: String, limit: Int) throws(DataError) -> [UInt8] {
    try StoredFile(path: path, limit: limit).bytes
  }
}
