internal import CZlib

/// Compression with zlib's deflate.
package enum Deflate {
  /// The format around the deflate data: a gzip member (RFC 1952) or a zlib stream (RFC 1950).
  package enum Wrapper { case gzip, zlib }

  /// The version of the system's zlib.
  package static var version: String { String(cString: zlibVersion()) }

  /// - Precondition: fewer than 2³² bytes.
  package static func compress(_ bytes: [UInt8], as wrapper: Wrapper, level: Int32 = 9) -> [UInt8] {
    precondition(bytes.count <= Int(UInt32.max), "\(bytes.count) bytes are more than one call takes")
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let size = Int32(MemoryLayout<z_stream>.size)
    let windowBits = wrapper == .gzip ? 16 + MAX_WBITS : MAX_WBITS
    var status = deflateInit2_(
      stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    precondition(status == Z_OK, "deflateInit2 failed with \(status)")
    defer { deflateEnd(stream) }

    let bound = Int(deflateBound(stream, UInt(bytes.count)))
    var input = bytes
    return input.withUnsafeMutableBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(bound)
        status = deflate(stream, Z_FINISH)
        precondition(status == Z_STREAM_END, "deflate failed with \(status)")
        count = Int(stream.pointee.total_out)
      }
    }
  }
}
