/// The types of numbers in files of arrays; raw values are the codes of MAT 5 files.
enum NumberType: UInt32 {
  case int8 = 1
  case uint8, int16, uint16, int32, uint32, single
  case double = 9
  case int64 = 12
  case uint64 = 13

  /// The size of a number in bytes.
  var size: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .single: 4
    case .double, .int64, .uint64: 8
    }
  }

  /// NumPy's name for the type.
  var name: String {
    switch self {
    case .single: "float32"
    case .double: "float64"
    default: "\(self)"
    }
  }

  var isInteger: Bool { self != .single && self != .double }

  /// The number in `size` bytes, if it is an integer that an `Int` can hold.
  func integer(_ bytes: some Collection<UInt8>, isBigEndian: Bool) -> Int? {
    let word = word(bytes, isBigEndian: isBigEndian)
    return switch self {
    case .int8: Int(Int8(truncatingIfNeeded: word))
    case .int16: Int(Int16(truncatingIfNeeded: word))
    case .int32: Int(Int32(truncatingIfNeeded: word))
    case .int64: Int(truncatingIfNeeded: word)
    case .uint8, .uint16, .uint32, .uint64: Int(exactly: word)
    case .single: Int(exactly: Float(bitPattern: UInt32(truncatingIfNeeded: word)))
    case .double: Int(exactly: Double(bitPattern: word))
    }
  }

  /// The number in `size` bytes as text, for messages.
  func description(of bytes: some Collection<UInt8>, isBigEndian: Bool) -> String {
    let word = word(bytes, isBigEndian: isBigEndian)
    return switch self {
    case .single: "\(Float(bitPattern: UInt32(truncatingIfNeeded: word)))"
    case .double: "\(Double(bitPattern: word))"
    default: integer(bytes, isBigEndian: isBigEndian).map { "\($0)" } ?? "\(word)"
    }
  }

  /// The bits of the bytes, read in the file's byte order.
  func word(_ bytes: some Collection<UInt8>, isBigEndian: Bool) -> UInt64 {
    var word: UInt64 = 0
    for (i, byte) in bytes.enumerated() {
      word |= UInt64(byte) << UInt64(8 * (isBigEndian ? bytes.count - 1 - i : i))
    }
    return word
  }
}
