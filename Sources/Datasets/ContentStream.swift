import Files

/// The contents of a file as a stream: decompressed if the file begins like a gzip file, else as they are.
///
/// All members of a concatenation are read. Each member's CRC-32 and length must match, and only zeros may follow the last
/// member (tapes and some downloads are padded with them; gzip ignores them, too). This is known for certain only at the end,
/// when `fill` returns fewer bytes than asked for. Memory stays within a fixed buffer.
struct ContentStream: ~Copyable, ByteSource {
  let isCompressed: Bool
  /// The largest number of bytes that the contents may have.
  let limit: Int
  /// How many bytes of the contents have been read.
  private(set) var offset = 0
  private var file: InputFile
  private var input: ChunkedInput
  private let inflater: Inflater
  private var isInMember: Bool

  /// - Throws: `DataError`: missing, unreadable or empty.
  init(path: String, limit: Int) throws(DataError) {
    precondition(limit >= 0, "limit \(limit) is negative")
    var file = try reading(InputFile(path: path))
    var input = ChunkedInput()
    try input.refill(from: &file)
    if input.unread.isEmpty { throw .emptyFile(at: .init(path: path, offset: 0)) }
    self.limit = limit
    isCompressed = input.unread.starts(with: Gzip.magic)
    isInMember = isCompressed
    self.file = file
    self.input = input
    inflater = Inflater(.gzip)
  }

  var position: DataError.Position { .init(path: file.path, offset: offset, isDecompressed: isCompressed) }
  /// The SHA-256 of what has been read of the file as stored: of the whole file once the contents are read to their end.
  var sha256: String { file.sha256 }

  /// - Throws: `DataError`: unreadable, truncated, corrupt, checksum, trailing bytes, or too large.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    var filled = 0
    while filled < buffer.count {
      // At the limit one more byte is asked for, to check that there is none.
      let wanted = min(buffer.count - filled, max(1, limit - offset))
      let count = try fillOnce(UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + wanted]))
      if count > limit - offset { throw .tooLarge(at: position, limit: limit, dimensions: []) }
      if count == 0 { break }
      filled += count
      offset += count
    }
    return filled
  }

  /// Some bytes; none only at the end.
  private mutating func fillOnce(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    guard isCompressed else {
      if input.unread.isEmpty { try input.refill(from: &file) }
      return input.move(to: buffer)
    }
    while isInMember {
      var budget: Int?
      let (count, isEnd) = try inflater.fill(buffer, from: &input, of: &file, budget: &budget)
      if isEnd { try beginMember() }
      if count > 0 { return count }
    }
    return 0
  }

  /// After a member: another one, or the end.
  private mutating func beginMember() throws(DataError) {
    if input.unread.isEmpty { try input.refill(from: &file) }
    let end = file.offset - input.unread.count
    isInMember = input.unread.first == Gzip.magic[0]
    if isInMember { return inflater.reset() }
    while !input.unread.isEmpty {
      if let place = input.unread.firstIndex(where: { $0 != 0 }) {
        let position = file.offset - input.unread.count + place
        throw .trailingBytes(at: .init(path: file.path, offset: position), expected: end, actual: nil)
      }
      input.take(input.unread.count)
      try input.refill(from: &file)
    }
  }
}
