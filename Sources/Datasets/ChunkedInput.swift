import Files

/// A fixed buffer through which a file is read, and which keeps the last bytes of the previous chunk.
struct ChunkedInput: ~Copyable {
  private static let history = 8
  private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: history + (1 << 16))
  private var start = history
  private var end = history

  init() { buffer.initialize(repeating: 0) }
  deinit { buffer.deallocate() }

  /// The bytes of the chunk not yet taken.
  var unread: UnsafeMutableBufferPointer<UInt8> { UnsafeMutableBufferPointer(rebasing: buffer[start..<end]) }

  mutating func take(_ count: Int) { start += count }

  /// Takes as many bytes as are available and fit, and returns their number.
  mutating func move(to destination: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(destination.count, end - start)
    destination.copyBytes(from: unread[..<count])
    take(count)
    return count
  }

  /// The little-endian word of the last four bytes taken.
  var lastWord: UInt32 { buffer[start - 4..<start].reversed().reduce(0) { $0 << 8 | UInt32($1) } }

  /// Reads the next chunk; `unread`, empty before, stays so at the end of the file.
  mutating func refill(from file: inout InputFile) throws(DataError) {
    precondition(start == end, "\(end - start) bytes are unread")
    for i in 0..<Self.history { buffer[i] = buffer[end - Self.history + i] }
    start = Self.history
    end = start
    let space = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[start...]))
    end += try reading(file.fill(space))
  }
}
