/// A source of bytes that are read once, from the first to the last.
protocol ByteSource: ~Copyable {
  /// The position of the next byte.
  var position: DataError.Position { get }

  /// Reads until `buffer` is full or the bytes end, and returns the number of bytes read: fewer than asked for only at the end.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int
}

extension ByteSource where Self: ~Copyable {
  /// Fills `buffer`.
  ///
  /// - Throws: `DataError`; `truncated` if the bytes end before that.
  mutating func fillAll(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) {
    let start = position.offset
    let count = try fill(buffer)
    if count < buffer.count {
      throw .truncated(at: position, expected: start + buffer.count, actual: start + count)
    }
  }

  /// The next `count` bytes, which must be few: memory for them is allocated before they are read.
  mutating func bytes(_ count: Int) throws(DataError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { buffer.deallocate() }
    try fillAll(buffer)
    return Array(buffer)
  }

  /// Reads `count` bytes and discards them.
  mutating func skip(_ count: Int) throws(DataError) {
    let end = position.offset + count
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(count, 1 << 16), alignment: 16)
    defer { buffer.deallocate() }
    while position.offset < end {
      let wanted = min(buffer.count, end - position.offset)
      if try fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])) < wanted {
        throw .truncated(at: position, expected: end, actual: position.offset)
      }
    }
  }

  /// - Throws: `DataError.trailingBytes` if there is another byte.
  mutating func requireEnd() throws(DataError) {
    let end = position
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
    defer { buffer.deallocate() }
    if try fill(buffer) > 0 { throw .trailingBytes(at: end, expected: end.offset, actual: nil) }
  }
}
