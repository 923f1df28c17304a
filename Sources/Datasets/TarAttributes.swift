/// What a pax header, or GNU tar's entry of type `L`, says about the next entry.
struct TarAttributes {
  private(set) var path: String?
  private(set) var size: Int?
  private(set) var isSparse = false

  var isEmpty: Bool { path == nil && size == nil && !isSparse }

  mutating func set(path: String, at position: DataError.Position) throws(DataError) {
    if self.path != nil { throw .unexpected(at: position, expected: "one name of an entry", actual: "a second") }
    self.path = path
  }

  /// Adds the records of a pax header: `LENGTH KEY=VALUE` and a line break, where the length is that of the whole record.
  ///
  /// - Parameters:
  ///   - isGlobal: whether they apply to all entries; then they must not be about anything that is read here.
  ///   - position: the position of the first record.
  mutating func add(_ data: [UInt8], isGlobal: Bool, at position: DataError.Position) throws(DataError) {
    var start = 0
    while start < data.count {
      let place = position.advanced(by: start)
      guard let (key, value, end) = Self.record(data[start...]) else {
        throw .corrupt(at: place, format: "pax header", message: quotedBytes(data[start...].prefix(40)))
      }
      start = end
      guard key == "path" || key == "size" || key.hasPrefix("GNU.sparse") else { continue }
      if isGlobal { throw .unexpected(at: place, expected: "no \(key) of all entries", actual: value) }
      switch key {
      case "path": try set(path: value, at: place)
      case "size":
        guard size == nil, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value) else {
          throw .unexpected(at: place, expected: "one size of an entry", actual: value)
        }
        size = number
      default: isSparse = true
      }
    }
  }

  private static func record(_ data: ArraySlice<UInt8>) -> (key: String, value: String, end: Int)? {
    let digits = data.prefix(6).prefix { (0x30...0x39).contains($0) }
    guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count, length <= data.count
    else { return nil }
    let record = data.prefix(length)
    guard record[digits.endIndex] == 0x20, record.last == 0x0a else { return nil }
    let body = record.dropFirst(digits.count + 1).dropLast()
    guard let equals = body.firstIndex(of: 0x3d), equals > body.startIndex, !body.contains(0) else { return nil }
    return (
      String(decoding: body[..<equals], as: UTF8.self), String(decoding: body[(equals + 1)...], as: UTF8.self),
      record.endIndex
    )
  }
}
