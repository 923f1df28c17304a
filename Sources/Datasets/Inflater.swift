import CZlib
import Foundation

/// zlib's inflate, a gzip member at a time.
struct Inflater: ~Copyable {
  /// zlib keeps the address of its state's owner, so that must not move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)

  init() {
    stream.initialize(to: z_stream())
    // 16 more than the window's bits: a gzip header and trailer are expected, and checked.
    let status = inflateInit2_(stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "inflateInit2 failed with \(status), zlib \(String(cString: zlibVersion()))")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    output.deallocate()
  }

  /// Appends one member's contents to `contents`, and takes just its bytes from `input`.
  func inflateMember(
    _ input: inout ChunkedInput, of file: inout InputFile, to contents: inout [UInt8], limit: Int
  ) throws(DataError) {
    inflateReset(stream)
    while true {
      // Also if zlib still holds back output: it comes before the trailer, so bytes must follow.
      if input.unread.isEmpty {
        try input.refill(from: &file)
        if input.unread.isEmpty {
          throw .truncated(at: .init(path: file.path, offset: file.offset), expected: nil, actual: file.offset)
        }
      }
      let status = step(&input)
      let produced = UnsafeMutableBufferPointer(rebasing: output[..<(output.count - Int(stream.pointee.avail_out))])
      if produced.count > limit - contents.count {
        let position = DataError.Position(path: file.path, offset: limit, isDecompressed: true)
        throw .tooLarge(at: position, limit: limit, dimensions: [])
      }
      contents.append(contentsOf: produced)
      switch status {
      case Z_STREAM_END: return
      case Z_OK, Z_BUF_ERROR: continue
      default: throw failure(status, input, path: file.path, offset: file.offset - input.unread.count)
      }
    }
  }

  /// One call of inflate, to the end of the input at hand or of the output buffer.
  private func step(_ input: inout ChunkedInput) -> Int32 {
    let available = input.unread
    stream.pointee.next_in = available.baseAddress
    stream.pointee.avail_in = UInt32(available.count)
    stream.pointee.next_out = output.baseAddress
    stream.pointee.avail_out = UInt32(output.count)
    let status = inflate(stream, Z_NO_FLUSH)
    input.take(available.count - Int(stream.pointee.avail_in))
    return status
  }

  /// `offset` is that of the byte after the last one that zlib took.
  private func failure(_ status: Int32, _ input: borrowing ChunkedInput, path: String, offset: Int) -> DataError {
    if status == Z_MEM_ERROR { return .unreadable(at: .init(path: path, offset: offset), errno: ENOMEM) }
    let message = stream.pointee.msg.map { String(cString: $0) } ?? "zlib's error \(status)"
    // A member ends with the CRC-32 and the length of its contents, four bytes each.
    let trailer = DataError.Position(path: path, offset: offset - 4)
    switch message {
    case "incorrect data check":
      let computed = UInt32(truncatingIfNeeded: stream.pointee.adler)
      return .checksum(
        at: trailer, name: "CRC-32", expected: hexadecimal(input.lastWord), actual: hexadecimal(computed))
    case "incorrect length check":
      let computed = UInt32(truncatingIfNeeded: stream.pointee.total_out)
      return .checksum(
        at: trailer, name: "length modulo 2^32", expected: "\(input.lastWord)", actual: "\(computed)")
    default:
      return .corrupt(at: .init(path: path, offset: offset), format: "gzip data", message: message)
    }
  }
}
