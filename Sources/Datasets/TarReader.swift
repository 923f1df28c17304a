import Foundation

/// A tar archive as a stream of entries; their data are read, and nothing is extracted.
///
/// Supports what the archives of data sets need of ustar, GNU tar (long names) and pax (an entry's path and size). The offsets
/// of errors count bytes of the archive, that is, of the decompressed file. Every header's checksum must match, no name may be
/// absolute or leave the folder, the data must be complete, and only zeros may follow the two final blocks of zeros.
struct TarReader: ~Copyable, ByteSource {
  struct Entry {
    /// The entry's path, without `.` and doubled slashes.
    let name: String
    let header: TarHeader
    let size: Int
    /// The position where the entry's header begins.
    let position: DataError.Position
  }

  /// The largest number of bytes of a pax header or a long name.
  private static let attributesLimit = 1 << 16

  private var stream: ContentStream
  /// Bytes of the entry's data that are not yet read, and of the padding after them.
  private var unread = 0
  private var padding = 0

  /// - Parameter limit: the largest number of bytes that the decompressed archive may have.
  init(path: String, limit: Int) throws(DataError) {
    stream = try ContentStream(path: path, limit: limit)
  }

  var position: DataError.Position { stream.position }
  var sha256: String { stream.sha256 }

  /// Reads the data of the entry: fewer bytes than asked for only at its end.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    let wanted = min(buffer.count, unread)
    let end = stream.offset + unread
    let count = try stream.fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
    if count < wanted { throw .truncated(at: stream.position, expected: end, actual: stream.offset) }
    unread -= wanted
    return wanted
  }

  /// The next entry, skipping unread data of the previous one; nil at the archive's end.
  mutating func next() throws(DataError) -> Entry? {
    var attributes = TarAttributes()
    while true {
      try stream.skip(unread + padding)
      (unread, padding) = (0, 0)
      let position = stream.position
      let block = try stream.bytes(TarHeader.size)
      if block.allSatisfy({ $0 == 0 }) {
        try readEnd(isExpected: attributes.isEmpty)
        return nil
      }
      let header = try TarHeader(block, at: position)
      switch header.type {
      case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
        try read(header, at: position, into: &attributes)
      default:
        return try begin(header, attributes, at: position)
      }
    }
  }

  private mutating func begin(
    _ header: TarHeader, _ attributes: TarAttributes, at position: DataError.Position
  ) throws(DataError) -> Entry {
    let name = attributes.path ?? header.name
    let parts = name.split(separator: "/").filter { $0 != "." }
    if name.isEmpty || name.hasPrefix("/") || parts.contains("..") { throw .unsafeName(at: position, name: name) }
    if attributes.isSparse || header.type == UInt8(ascii: "S") {
      throw .notAFile(at: position, name: name, kind: "a sparse file")
    }
    let size = attributes.size ?? header.size
    if !header.hasData && size > 0 {
      throw .unexpected(at: position, expected: "no data of \(header.kind)", actual: "\(size) bytes")
    }
    try beginData(size, at: position)
    return Entry(name: parts.joined(separator: "/"), header: header, size: size, position: position)
  }

  private mutating func beginData(_ size: Int, at position: DataError.Position) throws(DataError) {
    if size > stream.limit - stream.offset {
      throw .unexpected(
        at: position, expected: "data that end within \(stream.limit) bytes", actual: "a size of \(size)")
    }
    unread = size
    padding = (TarHeader.size - size % TarHeader.size) % TarHeader.size
  }

  /// Reads an entry that only describes the next one.
  private mutating func read(
    _ header: TarHeader, at position: DataError.Position, into attributes: inout TarAttributes
  ) throws(DataError) {
    if header.size > Self.attributesLimit {
      throw .unexpected(
        at: position, expected: "at most \(Self.attributesLimit) bytes of attributes", actual: "\(header.size)")
    }
    try beginData(header.size, at: position)
    let start = stream.position
    let data = try stream.bytes(header.size)
    unread = 0
    switch header.type {
    case UInt8(ascii: "K"): break  // the target of a link: no link is ever followed
    case UInt8(ascii: "L"): try attributes.set(path: text(data), at: start)
    default: try attributes.add(data, isGlobal: header.type == UInt8(ascii: "g"), at: start)
    }
  }

  /// Checks that a block of zeros is followed by another, and then by nothing but zeros.
  private mutating func readEnd(isExpected: Bool) throws(DataError) {
    let position = stream.position
    if !isExpected {
      throw .unexpected(at: position, expected: "the entry that the attributes belong to", actual: "the archive's end")
    }
    guard try stream.bytes(TarHeader.size).allSatisfy({ $0 == 0 }) else {
      throw .unexpected(at: position, expected: "a second block of zeros", actual: "other bytes")
    }
    let end = stream.offset
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 16)
    defer { buffer.deallocate() }
    let zeros = [UInt8](repeating: 0, count: buffer.count)
    while true {
      let start = stream.position
      let count = try stream.fill(buffer)
      if let bytes = buffer.baseAddress, memcmp(bytes, zeros, count) != 0 {
        let index = buffer[..<count].firstIndex { $0 != 0 } ?? 0
        throw .trailingBytes(at: start.advanced(by: index), expected: end, actual: nil)
      }
      if count < buffer.count { return }
    }
  }
}
