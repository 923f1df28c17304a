/// gzip files (RFC 1952), by the system's zlib.
package enum Gzip {
  /// The first two bytes of each member.
  static let magic: [UInt8] = [0x1f, 0x8b]

  /// The contents of the file at `path`: decompressed if it begins as gzip does, else as they are.
  ///
  /// All members of a concatenation are taken. Each member's CRC-32 and length must hold, and nothing may follow the
  /// last. Memory stays within `limit` (twice, while the result grows) and a fixed buffer, whatever the file claims.
  ///
  /// - Parameter limit: the most bytes that the contents may take.
  /// - Throws: `DataError`: missing, unreadable, empty, truncated, corrupt, checksum, trailing bytes or too large.
  package static func decompress(path: String, limit: Int) throws(DataError) -> [UInt8] {
    try StoredFile(path: path, limit: limit).bytes
  }

  static func contents(of file: inout InputFile, limit: Int) throws(DataError) -> ([UInt8], isCompressed: Bool) {
    precondition(limit >= 0, "limit \(limit) is negative")
    var input = ChunkedInput()
    try input.refill(from: &file)
    if input.unread.isEmpty { throw .emptyFile(at: .init(path: file.path, offset: 0)) }
    var contents: [UInt8] = []
    guard input.unread.starts(with: magic) else {
      try copy(&input, of: &file, to: &contents, limit: limit)
      return (contents, false)
    }
    let inflater = Inflater()
    while !input.unread.isEmpty {
      if input.unread[0] != magic[0] {
        let end = file.offset - input.unread.count
        throw .trailingBytes(at: .init(path: file.path, offset: end), expected: end, actual: nil)
      }
      try inflater.inflateMember(&input, of: &file, to: &contents, limit: limit)
      if input.unread.isEmpty { try input.refill(from: &file) }
    }
    return (contents, true)
  }

  private static func copy(
    _ input: inout ChunkedInput, of file: inout InputFile, to contents: inout [UInt8], limit: Int
  ) throws(DataError) {
    while !input.unread.isEmpty {
      if input.unread.count > limit - contents.count {
        throw .tooLarge(at: .init(path: file.path, offset: limit), limit: limit, dimensions: [])
      }
      contents.append(contentsOf: input.unread)
      input.take(input.unread.count)
      try input.refill(from: &file)
    }
  }
}
