import Files

/// The bytes of a MAT 5 file, as they would be if no element were compressed.
///
/// So `offset` counts the bytes of the header, then those of each element decompressed, with its inner tag. Memory stays within a
/// fixed buffer.
struct MATStream: ~Copyable, ByteSource {
  /// How many bytes have been read.
  private(set) var offset = 0
  private var file: InputFile
  private var input = ChunkedInput()
  private let inflater = Inflater(.zlib)
  /// Whether any element was compressed, so that offsets are not those of the file.
  private var hasInflated = false
  /// Compressed bytes of the element that are not yet taken; nil in an element that is not compressed.
  private var budget: Int?

  init(path: String) throws(DataError) {
    file = try reading(InputFile(path: path))
  }

  var position: DataError.Position { .init(path: file.path, offset: offset, isDecompressed: hasInflated) }
  /// The SHA-256 of what has been read of the file: of the whole file once it is read to its end.
  var sha256: String { file.sha256 }
  /// The position in the file of the next byte.
  var filePosition: DataError.Position { .init(path: file.path, offset: file.offset - input.unread.count) }

  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      var count = 0
      if budget == nil {
        if input.unread.isEmpty { try input.refill(from: &file) }
        count = input.move(to: room)
      } else {
        count = try inflater.fill(room, from: &input, of: &file, budget: &budget).count
      }
      if count == 0 { break }
      filled += count
      offset += count
    }
    return filled
  }

  /// Whether the file's end has been reached.
  mutating func isAtEnd() throws(DataError) -> Bool {
    if input.unread.isEmpty { try input.refill(from: &file) }
    return input.unread.isEmpty
  }

  /// - Throws: `truncated` if the file is known to have fewer bytes left.
  func require(_ count: Int) throws(DataError) {
    let size = try reading(file.size())
    let place = filePosition
    if size > 0 && count > size - place.offset {
      throw .truncated(at: place, expected: place.offset + count, actual: size)
    }
  }

  /// From here on, `count` bytes of the file are a zlib stream (RFC 1950), as the `tag` bytes before them say.
  mutating func beginInflating(_ count: Int, tag: Int) {
    offset -= tag
    hasInflated = true
    budget = count
    inflater.reset()
  }

  /// Checks, after the last byte of a compressed element, that its checksum matches and that no bytes are left.
  ///
  /// A stream may lack its end: some that MATLAB writes do (`scipy.io.loadmat` reads them, too).
  mutating func endInflating() throws(DataError) {
    let end = position
    let isEmpty = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { probe throws(DataError) in
      try fill(probe) == 0
    }
    if !isEmpty { throw .unexpected(at: end, expected: "the end of the compressed element", actual: "more bytes") }
    if let budget, budget > 0 {
      throw .unexpected(at: filePosition, expected: "the end of the compressed element", actual: "\(budget) more bytes")
    }
    budget = nil
  }
}
