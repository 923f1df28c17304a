internal import CZlib
import Files
import Foundation

/// Decompression with zlib's inflate, as many bytes at a time as there is room for.
struct Inflater: ~Copyable {
  enum Format {
    /// RFC 1952: a header, deflated bytes, their CRC-32 and length.
    case gzip
    /// RFC 1950: two bytes, deflated bytes, their Adler-32.
    case zlib
    /// RFC 1951: deflated bytes alone.
    case deflate

    /// zlib's `windowBits`: 16 more means gzip, whose header and trailer are then expected and checked; negative means no header
    /// and no trailer.
    fileprivate var windowBits: Int32 {
      switch self {
      case .gzip: 16 + MAX_WBITS
      case .zlib: MAX_WBITS
      case .deflate: -MAX_WBITS
      }
    }

    fileprivate var name: String {
      switch self {
      case .gzip: "gzip data"
      case .zlib: "zlib data"
      case .deflate: "deflated data"
      }
    }
  }

  /// The largest expansion: deflate uses at least two bits for a match, and a match gives at most 258 bytes.
  static let maximalExpansion = 1032

  private let format: Format
  /// zlib keeps the address of this structure in its state, so it must not move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  init(_ format: Format) {
    self.format = format
    stream.initialize(to: z_stream())
    let status = inflateInit2_(stream, format.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "inflateInit2 failed with \(status), zlib \(String(cString: zlibVersion()))")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Begins another stream (for gzip, another member).
  func reset() { inflateReset(stream) }

  /// Fills `buffer` until it is full, the stream ends, or `budget` bytes of input, if it is given, are used up.
  ///
  /// Takes only the stream's bytes from `input` and subtracts their number from `budget`. Checksums are checked only by the
  /// call that reports the end.
  ///
  /// - Throws: `DataError`: unreadable, corrupt, checksum, or truncated if the file ends within budget and stream.
  func fill(
    _ buffer: UnsafeMutableRawBufferPointer, from input: inout ChunkedInput, of file: inout InputFile,
    budget: inout Int?
  ) throws(DataError) -> (count: Int, isEnd: Bool) {
    var count = 0
    while count < buffer.count {
      // Even if zlib still holds back output: that comes before the trailer, so more input must follow.
      if input.unread.isEmpty && budget != 0 {
        try input.refill(from: &file)
        if input.unread.isEmpty {
          let expected = budget.map { file.offset + $0 }
          throw .truncated(at: .init(path: file.path, offset: file.offset), expected: expected, actual: file.offset)
        }
      }
      let (status, produced, taken) = step(&input, budget: budget ?? Int.max, into: buffer[count...])
      count += produced
      budget = budget.map { $0 - taken }
      if budget == 0 && produced == 0 && status != Z_STREAM_END { return (count, false) }
      switch status {
      case Z_STREAM_END: return (count, true)
      case Z_OK, Z_BUF_ERROR: continue
      default: throw failure(status, input, path: file.path, offset: file.offset - input.unread.count)
      }
    }
    return (count, false)
  }

  /// One call of inflate, to the end of the available input or room.
  private func step(
    _ input: inout ChunkedInput, budget: Int, into room: Slice<UnsafeMutableRawBufferPointer>
  ) -> (status: Int32, produced: Int, taken: Int) {
    let available = input.unread
    let offered = min(available.count, budget)
    let output = UnsafeMutableRawBufferPointer(rebasing: room.prefix(1 << 30))
    stream.pointee.next_in = available.baseAddress
    stream.pointee.avail_in = UInt32(offered)
    stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(output.count)
    let status = inflate(stream, Z_NO_FLUSH)
    let taken = offered - Int(stream.pointee.avail_in)
    input.take(taken)
    return (status, output.count - Int(stream.pointee.avail_out), taken)
  }

  /// The error for a status; `offset` is that of the byte after the last one that zlib took.
  private func failure(_ status: Int32, _ input: borrowing ChunkedInput, path: String, offset: Int) -> DataError {
    if status == Z_MEM_ERROR { return .unreadable(at: .init(path: path, offset: offset), errno: ENOMEM) }
    // zlib has no words for a stream that asks for a dictionary.
    let message =
      stream.pointee.msg.map { String(cString: $0) }
      ?? (status == Z_NEED_DICT ? "a stream that needs a dictionary" : "zlib's error \(status)")
    // A gzip member ends with the CRC-32 and the length of its contents, four bytes each; a zlib stream with the Adler-32.
    let trailer = DataError.Position(path: path, offset: offset - 4)
    let computed = UInt32(truncatingIfNeeded: stream.pointee.adler)
    switch (message, format) {
    case ("incorrect data check", .gzip):
      return .checksum(
        at: trailer, name: "CRC-32", expected: hexadecimal(input.lastWord), actual: hexadecimal(computed))
    case ("incorrect data check", .zlib):
      return .checksum(
        at: trailer, name: "Adler-32", expected: hexadecimal(input.lastWord.byteSwapped),
        actual: hexadecimal(computed))
    case ("incorrect length check", _):
      let length = UInt32(truncatingIfNeeded: stream.pointee.total_out)
      return .checksum(
        at: trailer, name: "length modulo 2^32", expected: "\(input.lastWord)", actual: "\(length)")
    default:
      return .corrupt(
        at: .init(path: path, offset: offset), format: format.name, message: message)
    }
  }
}
