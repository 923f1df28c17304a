/// The variables of a MATLAB 5 file (`.mat`, versions 5 to 7.2), one after the other, as a stream.
///
/// Compressed and plain elements, short tags and both byte orders are supported. Arrays of real numbers can be read; variables of
/// any kind (text, cells, structures, objects) can be skipped. Sizes are not trusted: an element must fit into the enclosing
/// element and the file, a compressed element may expand at most 1032-fold, which is deflate's limit, and memory is allocated
/// only for data that have been read.
/// Source: The MathWorks, *MAT-File Format*.
struct MATReader: ~Copyable {
  /// A variable's description; its contents come next, for `numbers(of:)` or `skip()`.
  struct Variable {
    let name: String
    /// The class of its numbers in MATLAB; in the file they may be stored as another type.
    let classCode: UInt8
    let isComplex: Bool
    let dimensions: [Int]
    let flagsPosition: DataError.Position
    let dimensionsPosition: DataError.Position
  }

  private struct Tag {
    let type: UInt32
    let size: Int
    /// Bytes of padding after the data.
    let padding: Int
    let position: DataError.Position
  }

  private static let compressed: UInt32 = 15
  private static let matrix: UInt32 = 14

  private(set) var stream: MATStream
  let isBigEndian: Bool
  /// The class of objects, which have a name in place of the dimensions.
  private static let opaque: UInt8 = 17

  /// Bytes of the variable's element that are not yet read, including the padding after its numbers.
  private var left: Int
  private var padding: Int
  private var isCompressed: Bool

  /// - Throws: `DataError`; `unexpected` if it is another kind of file, `emptyFile` if it has no bytes.
  init(path: String) throws(DataError) {
    var stream = try MATStream(path: path)
    let start = stream.position
    if try stream.isAtEnd() { throw .emptyFile(at: start) }
    let header = try stream.bytes(128)
    let order = header[126...]
    let isBigEndian = order.elementsEqual("MI".utf8)
    guard isBigEndian || order.elementsEqual("IM".utf8) else {
      throw .unexpected(at: start.advanced(by: 126), expected: "a MAT 5 file's IM or MI", actual: quotedBytes(order))
    }
    let version = isBigEndian ? [header[124], header[125]] : [header[125], header[124]]
    if version != [1, 0] {
      let actual = version == [2, 0] ? "version 7.3 (HDF5)" : "version \(version[0]).\(version[1])"
      throw .unexpected(at: start.advanced(by: 124), expected: "a MAT file of version 5", actual: actual)
    }
    self.stream = stream
    self.isBigEndian = isBigEndian
    (left, padding, isCompressed) = (0, 0, false)
  }

  var position: DataError.Position { stream.position }

  /// The next variable, after the previous one has been read or skipped; nil at the file's end.
  mutating func next() throws(DataError) -> Variable? {
    if try stream.isAtEnd() { return nil }
    let outer = try elementTag()
    if outer.type != Self.compressed && outer.type != Self.matrix {
      throw unexpected(outer, "a compressed element or an array (15 or 14)")
    }
    try stream.require(outer.size)
    left = outer.size
    isCompressed = outer.type == Self.compressed
    if isCompressed {
      stream.beginInflating(outer.size, tag: 8)
      let inner = try elementTag()
      if inner.type != Self.matrix { throw unexpected(inner, "an array (14)") }
      let limit = outer.size * Inflater.maximalExpansion
      if inner.size > limit { throw .tooLarge(at: inner.position, limit: limit, dimensions: []) }
      left = inner.size
    }
    return try description()
  }

  /// Skips the variable's contents.
  mutating func skip() throws(DataError) {
    try stream.skip(left)
    left = 0
    if isCompressed { try stream.endInflating() }
  }

  /// Reads numbers of the array, as many bytes as `buffer` has.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) {
    precondition(buffer.count <= left, "\(buffer.count) bytes of \(left)")
    try stream.fillAll(buffer)
    left -= buffer.count
  }

  /// Checks that only padding follows the array's numbers; it may be missing at the end of an element.
  mutating func end() throws(DataError) {
    try stream.skip(min(padding, left))
    left -= min(padding, left)
    if left > 0 {
      throw .unexpected(at: position, expected: "the end of the array", actual: "\(left) more bytes")
    }
    if isCompressed { try stream.endInflating() }
  }

  private mutating func description() throws(DataError) -> Variable {
    let flags = try part("array flags", type: .uint32, sizes: 8...8)
    let word = NumberType.uint32.word(flags.bytes[0..<4], isBigEndian: isBigEndian)
    let classCode = UInt8(truncatingIfNeeded: word)
    let dimensions =
      classCode == Self.opaque
      ? (bytes: [], position: flags.position) : try part("dimensions", type: .int32, sizes: 8...32)
    let name = try part("a name", type: .int8, sizes: 0...63)
    let sizes = stride(from: 0, to: dimensions.bytes.count, by: 4).map { start in
      let bytes = dimensions.bytes[start..<start + 4]
      return Int(Int32(truncatingIfNeeded: NumberType.int32.word(bytes, isBigEndian: isBigEndian)))
    }
    return Variable(
      name: text(name.bytes), classCode: classCode, isComplex: word & 0x800 != 0, dimensions: sizes,
      flagsPosition: flags.position, dimensionsPosition: dimensions.position)
  }

  /// Begins to read the numbers of the variable, and returns their form in the file.
  ///
  /// - Throws: `DataError`; `unexpected` if it is not an array of real numbers, `tooFewItems` if it is empty.
  mutating func numbers(of variable: Variable) throws(DataError) -> NumberType {
    // 1 to 5 are cells, structures, objects, text and sparse arrays; 16 and 17 functions and newer objects.
    if !(6...15).contains(variable.classCode) || variable.isComplex {
      throw .unexpected(
        at: variable.flagsPosition, expected: "an array of real numbers (class 6 to 15)",
        actual: variable.isComplex ? "complex numbers" : "class \(variable.classCode)")
    }
    let position = variable.dimensionsPosition
    if let axis = variable.dimensions.firstIndex(where: { $0 < 1 }) {
      throw .tooFewItems(at: position.advanced(by: 4 * axis), minimum: 1, actual: variable.dimensions[axis])
    }
    let numbers = try tag()
    guard let type = NumberType(rawValue: numbers.type) else {
      throw unexpected(numbers, "numbers (1 to 7, 9, 12, 13)")
    }
    try checkCount(numbers, type, variable.dimensions, at: position)
    padding = numbers.padding
    return type
  }

  /// Checks that there are as many numbers as the dimensions say, and that they fit.
  private func checkCount(
    _ numbers: Tag, _ type: NumberType, _ sizes: [Int], at position: DataError.Position
  ) throws(DataError) {
    var expected = type.size
    for size in sizes {
      let (product, overflow) = expected.multipliedReportingOverflow(by: size)
      if overflow { throw .tooLarge(at: position, limit: Int.max, dimensions: sizes) }
      expected = product
    }
    if numbers.size != expected {
      throw .unexpected(at: numbers.position, expected: "\(expected) bytes of numbers", actual: "\(numbers.size)")
    }
  }

  /// A small part of the array's description, with its padding.
  private mutating func part(
    _ what: String, type: NumberType, sizes: ClosedRange<Int>
  ) throws(DataError) -> (bytes: [UInt8], position: DataError.Position) {
    let tag = try tag()
    if tag.type != type.rawValue { throw unexpected(tag, "\(what) (\(type.rawValue))") }
    if !sizes.contains(tag.size) || (type.size == 4 && tag.size % 4 != 0) {
      throw .unexpected(
        at: tag.position, expected: "\(what) of \(sizes.lowerBound) to \(sizes.upperBound) bytes", actual: "\(tag.size)"
      )
    }
    let position = stream.position
    let bytes = try stream.bytes(tag.size)
    left -= tag.size
    let skipped = min(tag.padding, left)
    try stream.skip(skipped)
    left -= skipped
    return (bytes, position)
  }

  /// Two words, the type and the size of the data that follow.
  private mutating func elementTag() throws(DataError) -> Tag {
    let position = stream.position
    let type = try word()
    return Tag(type: type, size: Int(try word()), padding: 0, position: position)
  }

  private mutating func word() throws(DataError) -> UInt32 {
    UInt32(NumberType.uint32.word(try stream.bytes(4), isBigEndian: isBigEndian))
  }

  /// The tag of an array's part: type and size in two words or, for at most four bytes of data, both in one word.
  private mutating func tag() throws(DataError) -> Tag {
    let position = stream.position
    try take(4, at: position)
    let first = try word()
    let short = Int(first >> 16)
    if short > 0 {
      if short > 4 {
        throw .unexpected(at: position, expected: "a short element of at most 4 bytes", actual: "\(short)")
      }
      let tag = Tag(type: first & 0xffff, size: short, padding: 4 - short, position: position)
      try checkFit(tag)
      return tag
    }
    try take(4, at: position)
    let size = Int(try word())
    let tag = Tag(type: first, size: size, padding: (8 - size % 8) % 8, position: position)
    try checkFit(tag)
    return tag
  }

  private mutating func take(_ count: Int, at position: DataError.Position) throws(DataError) {
    if left < count { throw .unexpected(at: position, expected: "a tag", actual: "the end of the array") }
    left -= count
  }

  private func checkFit(_ tag: Tag) throws(DataError) {
    if tag.size > left {
      throw .unexpected(at: tag.position, expected: "at most \(left) bytes of data", actual: "\(tag.size)")
    }
  }

  private func unexpected(_ tag: Tag, _ expected: String) -> DataError {
    .unexpected(at: tag.position, expected: expected, actual: "an element of type \(tag.type)")
  }
}
