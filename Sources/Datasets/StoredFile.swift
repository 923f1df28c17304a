/// A file's contents, and the digest of the file as stored.
package struct StoredFile: Sendable {
  package let path: String
  /// The contents, decompressed if the file was compressed.
  package let bytes: [UInt8]
  package let isCompressed: Bool
  /// The SHA-256 of the file as stored, in hexadecimal.
  package let sha256: String

  /// Reads a file, which is gzip or plain depending on its first bytes.
  ///
  /// Memory stays within `limit` (twice that while the result grows) plus a fixed buffer, whatever the file claims.
  ///
  /// - Parameter limit: the largest number of bytes that the contents may have.
  /// - Throws: `DataError`: missing, unreadable, empty, truncated, corrupt, checksum, trailing bytes or too large.
  package init(path: String, limit: Int) throws(DataError) {
    var stream = try ContentStream(path: path, limit: limit)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    var contents: [UInt8] = []
    while true {
      let count = try stream.fill(buffer)
      contents.append(contentsOf: buffer[..<count])
      if count < buffer.count { break }
    }
    (bytes, isCompressed, sha256) = (contents, stream.isCompressed, stream.sha256)
    self.path = path
  }

  /// The position of a byte of the contents.
  package func position(_ offset: Int) -> DataError.Position {
    .init(path: path, offset: offset, isDecompressed: isCompressed)
  }
}
