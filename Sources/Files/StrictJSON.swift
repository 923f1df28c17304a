/// A reader of the part of JSON (RFC 8259) that a safetensors header needs: objects whose members' names differ, strings, and
/// arrays of non-negative integers. It reads from left to right, and the caller asks for what must come next. It also finds
/// what Foundation's decoder passes over in any JSON.
package struct StrictJSON {
  private let bytes: [UInt8]
  private let path: String
  private let offset: Int
  private var next = 0

  /// - Parameter offset: of the first byte in its file.
  init(_ bytes: [UInt8], path: String, offset: Int) throws(SafetensorsError) {
    (self.bytes, self.path, self.offset) = (bytes, path, offset)
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      next = error.byteOffsets.lowerBound
      throw .notUTF8(at: position)
    }
    // The format allows no space before it.
    guard bytes.first == UInt8(ascii: "{") else { throw expected("{") }
  }

  /// The place of the next byte.
  var position: SafetensorsError.Position { .init(path: path, offset: offset + next) }

  private func expected(_ what: String) -> SafetensorsError {
    guard next < bytes.count else { return .malformed(at: position, expected: what, found: "the header's end") }
    let byte = bytes[next]
    let found =
      (0x21...0x7e).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "the byte 0x\(String(byte, radix: 16))"
    return .malformed(at: position, expected: what, found: found)
  }

  private static let spaces = Array(" \t\n\r".utf8)

  private mutating func skipSpace() {
    while next < bytes.count, Self.spaces.contains(bytes[next]) { next += 1 }
  }

  /// Takes a character, with the space before and after it, if it is next; else returns false.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next < bytes.count, bytes[next] == UInt8(ascii: character) else { return false }
    next += 1
    skipSpace()
    return true
  }

  private mutating func require(_ character: Unicode.Scalar, or other: String? = nil) throws(SafetensorsError) {
    guard take(character) else { throw expected(["\(character)", other].compactMap { $0 }.joined(separator: " or ")) }
  }

  /// Requires that only space is left.
  mutating func end() throws(SafetensorsError) {
    skipSpace()
    guard next == bytes.count else { throw expected("spaces to the header's end") }
  }

  /// An object; `read` reads the value of each member, given the member's name and position.
  mutating func members(
    _ read: (inout StrictJSON, String, SafetensorsError.Position) throws(SafetensorsError) -> Void
  ) throws(SafetensorsError) {
    try require("{")
    if take("}") { return }
    var names: Set<String> = []
    repeat {
      let at = position
      let name = try string()
      guard names.insert(name).inserted else { throw .duplicateName(at: at, name: name) }
      guard names.count <= SafetensorsFile.Limit.names else {
        throw .tooManyNames(at: at, limit: SafetensorsFile.Limit.names)
      }
      try require(":")
      try read(&self, name, at)
    } while take(",")
    try require("}", or: ",")
  }

  /// An array of numbers; nil if there are more than the limit.
  mutating func numbers(atMost limit: Int) throws(SafetensorsError) -> [Int]? {
    try require("[")
    var numbers: [Int] = []
    if take("]") { return numbers }
    repeat {
      if numbers.count == limit { return nil }
      numbers.append(try number())
    } while take(",")
    try require("]", or: ",")
    return numbers
  }

  /// Digits without a leading zero, and no sign, point or exponent.
  private mutating func number() throws(SafetensorsError) -> Int {
    let start = next
    var number = 0
    while next < bytes.count, let digit = digitValue(bytes[next]), digit < 10 {
      let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(digit)
      guard !overflow && !carry else {
        next = start
        throw .malformed(at: position, expected: "a number below 2^63", found: "a larger one")
      }
      guard next == start || number > 0 else { throw expected("no digit after a leading 0") }
      number = sum
      next += 1
    }
    guard next > start else { throw expected("a whole number") }
    return number
  }

  /// A string with its escapes resolved.
  mutating func string() throws(SafetensorsError) -> String {
    guard next < bytes.count, bytes[next] == UInt8(ascii: "\"") else { throw expected("a string") }
    next += 1
    // No escape is shorter than the character it stands for.
    var text: [UInt8] = []
    text.reserveCapacity(rawLength())
    while next < bytes.count, bytes[next] >= 0x20 {
      next += 1
      switch bytes[next - 1] {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += UTF8.encode(try escape()) ?? .init()
      case let byte: text.append(byte)
      }
    }
    throw expected("a string's character or its end")
  }

  /// The number of bytes to the string's end, which is the next unescaped quotation mark.
  private func rawLength() -> Int {
    var end = next
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
    return end - next
  }

  /// The character that the text after a backslash stands for.
  private mutating func escape() throws(SafetensorsError) -> Unicode.Scalar {
    let simple: [Unicode.Scalar: Unicode.Scalar] = [
      "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t",
    ]
    guard next < bytes.count else { throw expected("an escape") }
    let character = Unicode.Scalar(bytes[next])
    if let scalar = simple[character] {
      next += 1
      return scalar
    }
    guard character == "u" else { throw expected("an escape") }
    next += 1
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // A surrogate: the first of a pair, or an error.
    guard UTF16.isLeadSurrogate(UInt16(first)), next + 1 < bytes.count, bytes[next] == UInt8(ascii: "\\"),
      bytes[next + 1] == UInt8(ascii: "u")
    else { throw expected("the other half of a surrogate pair") }
    next += 2
    let second = try codeUnit()
    guard UTF16.isTrailSurrogate(UInt16(second)),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw expected("the other half of a surrogate pair before this") }
    return scalar
  }

  /// Four hexadecimal digits.
  private mutating func codeUnit() throws(SafetensorsError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard next < bytes.count, let digit = digitValue(bytes[next]) else { throw expected("a hexadecimal digit") }
      unit = unit << 4 | UInt32(digit)
      next += 1
    }
    return unit
  }
}

extension StrictJSON {
  /// What is wrong with a JSON text that Foundation's decoder takes for an object; nil if nothing is.
  ///
  /// Of two members of one name, the decoder takes one without a word. It also takes text that is not UTF-8, a byte order mark
  /// and a comma before the end of an object or an array; such text is refused, for what it means is not known.
  package static func flaw(in text: [UInt8]) -> (expected: String, found: String)? {
    do throws(SafetensorsError) {
      let start = text.prefix(while: spaces.contains).count
      var json = try StrictJSON(Array(text[start...]), path: "", offset: start)
      try json.skipValue()
      return nil
    } catch {
      if case .duplicateName(_, let name) = error { return ("each key once", "\(name) twice") }
      let (expected, found) = error.wording
      return ("\(expected) at byte \(error.position.offset)", found)
    }
  }

  private mutating func skipValue() throws(SafetensorsError) {
    if next < bytes.count, bytes[next] == UInt8(ascii: "{") {
      try members { (json, _, _) throws(SafetensorsError) in try json.skipValue() }
    } else if next < bytes.count, bytes[next] == UInt8(ascii: "\"") {
      _ = try string()
    } else if take("[") {
      if take("]") { return }
      repeat { try skipValue() } while take(",")
      try require("]", or: ",")
    } else {
      // A number or a word.
      let end = bytes[next...].firstIndex { ",]}".utf8.contains($0) || Self.spaces.contains($0) } ?? bytes.count
      guard end > next else { throw expected("a value") }
      next = end
    }
  }
}

/// The value of a hexadecimal digit.
private func digitValue(_ byte: UInt8) -> Int? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30
  case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 0x41 + 10
  case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 0x61 + 10
  default: nil
  }
}
