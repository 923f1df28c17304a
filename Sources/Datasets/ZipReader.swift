internal import CZlib
import Files
import Foundation

/// A ZIP archive as a stream of entries, stored or deflated; their data are read, and nothing is extracted.
///
/// Supports what NumPy's `.npz` files need of ZIP, including 64-bit sizes. Each entry's size and CRC-32 must match, the directory
/// must follow the entries, and nothing may follow the directory. Offsets in an entry count bytes of its decompressed data.
struct ZipReader: ~Copyable, ByteSource {
  struct Entry {
    let name: String
    /// The numbers of bytes, as stored and decompressed.
    let stored, size: Int
    let isDeflated: Bool
    let checksum: UInt32
    /// The position where the entry's header begins.
    let position: DataError.Position
  }

  private static let nameLimit = 1 << 12

  private var file: InputFile
  private var input = ChunkedInput()
  private let inflater = Inflater(.deflate)
  private var entry: Entry?
  /// Bytes of the entry that are not read yet, as stored and decompressed, and the CRC-32 of those that are.
  private var (unread, expected) = (0, 0)
  private var checksum: UInt = 0
  private var isInflated = false

  /// - Throws: `DataError`: missing or unreadable.
  init(path: String) throws(DataError) { file = try reading(InputFile(path: path)) }

  /// The SHA-256 of what has been read of the file: of the whole file once `next` has returned nil.
  var sha256: String { file.sha256 }

  var position: DataError.Position {
    guard let entry else { return rawPosition }
    return .init(path: "\(file.path): \(entry.name)", offset: entry.size - expected, isDecompressed: entry.isDeflated)
  }

  private var rawPosition: DataError.Position { .init(path: file.path, offset: file.offset - input.unread.count) }

  /// The next entry, skipping unread data of the previous one; nil at the archive's end.
  mutating func next() throws(DataError) -> Entry? {
    if entry != nil {
      try skip(expected)
      try requireEnd()
      entry = nil
    }
    let start = rawPosition
    switch try word(4) {
    case 0x0403_4b50: break
    case 0x0201_4b50:
      try readDirectory()
      return nil
    case 0x0605_4b50:
      try readDirectoryEnd()
      return nil
    case let other:
      throw .unexpected(at: start, expected: "a ZIP archive's entry or directory", actual: hexadecimal(UInt32(other)))
    }
    let entry = try readHeader(at: start)
    (unread, expected, checksum, isInflated) = (entry.stored, entry.size, crc32(0, nil, 0), false)
    if entry.isDeflated { inflater.reset() }
    self.entry = entry
    return entry
  }

  private mutating func readHeader(at start: DataError.Position) throws(DataError) -> Entry {
    _ = try word(2)
    let (flags, method) = (try word(2), try word(2))
    _ = try word(4)
    let checksum = UInt32(try word(4))
    var (stored, size) = (try word(4), try word(4))
    let (nameLength, extraLength) = (try word(2), try word(2))
    guard flags & 0x2049 == 0 else {
      throw .unexpected(
        at: start, expected: "an unencrypted entry whose size is in its header",
        actual: "flags \(hexadecimal(UInt32(flags)))")
    }
    guard method == 0 || method == 8 else {
      throw .unexpected(at: start, expected: "an entry that is stored or deflated", actual: "method \(method)")
    }
    guard nameLength <= Self.nameLimit else {
      throw .unexpected(at: start, expected: "a name of at most \(Self.nameLimit) bytes", actual: "\(nameLength)")
    }
    let name = String(decoding: try raw(nameLength), as: UTF8.self)
    let extra = try raw(extraLength)
    if size == 0xffff_ffff || stored == 0xffff_ffff { (size, stored) = try Self.longSizes(extra, at: start) }
    // No valid entry expands more than deflate can.
    guard stored >= 0, size >= 0, method == 8 ? size / Inflater.maximalExpansion <= stored : size == stored else {
      throw .unexpected(
        at: start, expected: "sizes that fit together", actual: "\(stored) bytes stored, \(size) in all")
    }
    return Entry(
      name: name, stored: stored, size: size, isDeflated: method == 8, checksum: checksum, position: start)
  }

  /// The sizes of the field for 64 bits: decompressed, then stored.
  private static func longSizes(
    _ extra: [UInt8], at start: DataError.Position
  ) throws(DataError) -> (size: Int, stored: Int) {
    func number(_ bytes: ArraySlice<UInt8>) -> Int {
      Int(truncatingIfNeeded: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
    var rest = extra[...]
    while rest.count >= 4 {
      let (kind, length) = (number(rest.prefix(2)), number(rest.dropFirst(2).prefix(2)))
      let field = rest.dropFirst(4).prefix(length)
      if kind == 1 && field.count >= 16 { return (number(field.prefix(8)), number(field.dropFirst(8).prefix(8))) }
      rest = rest.dropFirst(4 + length)
    }
    throw .unexpected(at: start, expected: "the entry's sizes in 64 bits", actual: "none")
  }

  /// Reads the data of the entry: fewer bytes than asked for only at its end, where its size and checksum must hold.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    guard let entry else { return 0 }
    let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, expected)])
    if entry.isDeflated {
      try inflate(into: wanted)
    } else {
      try fillRaw(wanted)
      unread -= wanted.count
    }
    // Given no bytes, zlib would begin anew.
    if !wanted.isEmpty {
      checksum = crc32(checksum, wanted.bindMemory(to: UInt8.self).baseAddress, UInt32(wanted.count))
    }
    expected -= wanted.count
    if expected == 0 && wanted.count < buffer.count { try finish(entry) }
    return wanted.count
  }

  private mutating func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) {
    if buffer.isEmpty { return }
    let count = try inflateSome(into: buffer)
    if count < buffer.count {
      throw .truncated(
        at: position.advanced(by: count), expected: position.offset + expected, actual: position.offset + count)
    }
  }

  /// Returns the number of bytes, fewer than there is room for only where the deflated data end.
  private mutating func inflateSome(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    var budget: Int? = unread
    let (count, isEnd) = try inflater.fill(buffer, from: &input, of: &file, budget: &budget)
    (unread, isInflated) = (budget ?? 0, isEnd)
    return count
  }

  /// Checks what must be true at an entry's end.
  private mutating func finish(_ entry: Entry) throws(DataError) {
    if entry.isDeflated && !isInflated {
      let count = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { probe throws(DataError) in
        try inflateSome(into: probe)
      }
      if count > 0 { throw .trailingBytes(at: position, expected: entry.size, actual: nil) }
    }
    if unread > 0 || entry.isDeflated && !isInflated {
      throw .unexpected(
        at: rawPosition, expected: "the end of \(entry.name)'s deflated data", actual: "\(unread) more bytes")
    }
    if UInt32(checksum) != entry.checksum {
      throw .checksum(
        at: position, name: "CRC-32", expected: hexadecimal(entry.checksum), actual: hexadecimal(UInt32(checksum)))
    }
  }

  /// Reads the directory after its first signature, to the file's end.
  private mutating func readDirectory() throws(DataError) {
    var signature = 0x0201_4b50
    while true {
      switch signature {
      case 0x0201_4b50:
        _ = try raw(24)
        let lengths = try word(2) + word(2) + word(2)
        _ = try raw(12 + lengths)
      case 0x0606_4b50:
        let length = try word(8)
        guard (0...1 << 16).contains(length) else {
          throw .unexpected(at: rawPosition, expected: "a directory's end of at most 65536 bytes", actual: "\(length)")
        }
        _ = try raw(length)
      case 0x0706_4b50: _ = try raw(16)
      case 0x0605_4b50: return try readDirectoryEnd()
      default:
        throw .unexpected(
          at: rawPosition, expected: "a ZIP archive's directory",
          actual: hexadecimal(UInt32(truncatingIfNeeded: signature)))
      }
      signature = try word(4)
    }
  }

  private mutating func readDirectoryEnd() throws(DataError) {
    _ = try raw(16)
    _ = try raw(try word(2))
    let end = rawPosition
    if input.unread.isEmpty { try input.refill(from: &file) }
    if !input.unread.isEmpty { throw .trailingBytes(at: end, expected: end.offset, actual: nil) }
  }

  // MARK: The file's bytes

  private mutating func fillRaw(_ buffer: UnsafeMutableRawBufferPointer) throws(DataError) {
    var filled = 0
    while filled < buffer.count {
      if input.unread.isEmpty { try input.refill(from: &file) }
      if input.unread.isEmpty {
        throw .truncated(
          at: rawPosition, expected: rawPosition.offset + buffer.count - filled, actual: rawPosition.offset)
      }
      filled += input.move(to: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
    }
  }

  private mutating func raw(_ count: Int) throws(DataError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { buffer.deallocate() }
    try fillRaw(buffer)
    bytes.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(buffer)) }
    return bytes
  }

  /// A little-endian number.
  private mutating func word(_ count: Int) throws(DataError) -> Int {
    Int(truncatingIfNeeded: try raw(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}
