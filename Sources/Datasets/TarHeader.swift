/// The 512 bytes before each member of a tar archive (POSIX.1-1988 ustar, and GNU tar's variant of it).
struct TarHeader {
  static let size = 512

  let name: String
  /// The number of bytes of data that follow.
  let size: Int
  /// `0` a file, `5` a folder, `x` attributes of the next entry, …
  let type: UInt8

  /// - Parameter position: the position of the header's first byte.
  /// - Throws: `DataError`: checksum, unexpected or corrupt.
  init(_ block: [UInt8], at position: DataError.Position) throws(DataError) {
    // The magic comes first: it identifies another kind of file better than a wrong checksum does.
    let isGNU = block[257..<265].elementsEqual("ustar  \0".utf8)
    guard isGNU || block[257..<263].elementsEqual("ustar\0".utf8) else {
      throw .unexpected(
        at: position.advanced(by: 257), expected: "a tar header's ustar", actual: quotedBytes(block[257..<265]))
    }
    let stored = try Self.number(block[148..<156], at: position.advanced(by: 148))
    // The checksum is computed with spaces in its own field.
    let sum = block.reduce(0) { $0 + Int($1) } - block[148..<156].reduce(0) { $0 + Int($1) } + 8 * 32
    if stored != sum {
      throw .checksum(
        at: position.advanced(by: 148), name: "tar header checksum", expected: "\(stored)", actual: "\(sum)")
    }
    size = try Self.number(block[124..<136], at: position.advanced(by: 124))
    type = block[156]
    let name = text(block[0..<100])
    let prefix = isGNU ? "" : text(block[345..<500])  // GNU tar keeps other things there
    self.name = prefix.isEmpty ? name : "\(prefix)/\(name)"
  }

  /// The kind of an entry of this type, in words.
  var kind: String {
    switch type {
    case UInt8(ascii: "1"): "a hard link"
    case UInt8(ascii: "2"): "a symbolic link"
    case UInt8(ascii: "3"), UInt8(ascii: "4"): "a device"
    case UInt8(ascii: "5"): "a folder"
    case UInt8(ascii: "6"): "a named pipe"
    case UInt8(ascii: "S"): "a sparse file"
    default: isFile ? "a file" : "an entry of type \(quotedBytes([type]))"
    }
  }

  var isFile: Bool { type == UInt8(ascii: "0") || type == 0 }
  /// Links, devices, folders and pipes have no data.
  var hasData: Bool { !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type) }

  /// An octal number, or GNU's big-endian one after a byte 0x80.
  private static func number(_ field: ArraySlice<UInt8>, at position: DataError.Position) throws(DataError) -> Int {
    let isBinary = field.first == 0x80
    let digits: ArraySlice<UInt8>
    if isBinary {
      digits = field.dropFirst()
    } else {
      let trimmed = field.drop { $0 == 0x20 }
      digits = trimmed.prefix { (0x30...0x37).contains($0) }
      let rest = trimmed.dropFirst(digits.count)
      guard !digits.isEmpty, rest.allSatisfy({ $0 == 0 || $0 == 0x20 }) else {
        throw .unexpected(at: position, expected: "an octal number", actual: quotedBytes(field))
      }
    }
    var value = 0
    for digit in digits {
      guard value <= Int.max >> 9 else {
        throw .unexpected(at: position, expected: "a number below 2^62", actual: quotedBytes(field))
      }
      value = isBinary ? value << 8 | Int(digit) : value << 3 | Int(digit - 0x30)
    }
    return value
  }
}

/// The text before the first zero byte.
func text(_ field: some Sequence<UInt8>) -> String { String(decoding: field.prefix { $0 != 0 }, as: UTF8.self) }
