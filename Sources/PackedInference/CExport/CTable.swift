import Files

/// A constant table of a C source.
struct CTable {
  /// The type of an element.
  enum Element {
    case byte, int8, int16, int32, word

    /// The type's name in C.
    var name: String {
      switch self {
      case .byte: "uint8_t"
      case .int8: "int8_t"
      case .int16: "int16_t"
      case .int32: "int32_t"
      case .word: "uint32_t"
      }
    }

    /// Its size in bytes.
    var size: Int {
      switch self {
      case .byte, .int8: 1
      case .int16: 2
      case .int32, .word: 4
      }
    }

    /// The smallest signed type that holds all the values.
    static func fitting(_ values: [Int]) -> Element {
      if values.allSatisfy({ Int(Int8.min)...Int(Int8.max) ~= $0 }) { return .int8 }
      return values.allSatisfy { Int(Int16.min)...Int(Int16.max) ~= $0 } ? .int16 : .int32
    }
  }

  let name: String
  let element: Element
  let values: [Int]

  init(_ name: String, _ element: Element, _ values: [Int]) {
    (self.name, self.element, self.values) = (name, element, values)
  }

  /// A table of signed integers, in as few bytes as they need.
  init(_ name: String, signed values: [Int]) { self.init(name, .fitting(values), values) }

  /// Its size in bytes.
  var size: Int { element.size * values.count }

  /// The definition in C.
  ///
  /// - Parameter placement: a macro that may say where the table is to lie.
  func text(placement: String) -> String {
    var text = "static const \(placement) \(element.name) \(name)[\(values.count)] = {"
    let perLine = element == .word ? 8 : 16
    for (index, value) in values.enumerated() {
      if index % perLine == 0 { text += "\n  " }
      text += element == .word ? "\(hexadecimal(UInt32(value)))u," : "\(value),"
      if index % perLine != perLine - 1 && index != values.count - 1 { text += " " }
    }
    return text + "\n};\n"
  }

  /// The C statement that adds the table to the checksum `check`.
  func checking(prefix: String) -> String {
    "for (i = 0; i < \(values.count)u; i++) check = \(prefix)_check(check, (uint32_t)\(name)[i]);"
  }

  /// The checksum of tables: FNV-1a over their elements as 32-bit words. Any change of one element changes it, since each step is
  /// a bijection.
  static func checksum(_ tables: [CTable]) -> UInt32 {
    var check: UInt32 = 2_166_136_261
    for table in tables {
      for value in table.values { check = (check ^ UInt32(truncatingIfNeeded: value)) &* 16_777_619 }
    }
    return check
  }
}
