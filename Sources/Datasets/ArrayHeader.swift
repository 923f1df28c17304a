/// The header of a file with a single array: IDX or NPY.
struct ArrayHeader: Equatable {
  /// Sizes in row-major order.
  let shape: [Int]
  let type: NumberType
  let isBigEndian: Bool
  /// The position of the shape in the file.
  let position: DataError.Position

  /// How many numbers a row has, for labels: `K` of `N × K`, or 1.
  var columns: Int { shape.count == 2 ? shape[1] : 1 }

  /// Reads the header of an IDX file: bytes `0, 0, T, R`, then `R` big-endian 32-bit sizes. `T` is 8 for unsigned bytes, 9 for
  /// signed ones, 11 and 12 for signed integers of two and four bytes.
  ///
  /// Source: Y. LeCun, C. Cortes, C. J. C. Burges, *The MNIST database of handwritten digits*.
  ///
  /// - Throws: `DataError`: what the source throws, truncated, or unexpected.
  init<Source: ByteSource & ~Copyable>(idx source: inout Source) throws(DataError) {
    let start = source.position
    let magic = try source.bytes(4)
    let types: [UInt8: NumberType] = [8: .uint8, 9: .int8, 11: .int16, 12: .int32]
    guard magic[0] == 0, magic[1] == 0, let type = types[magic[2]], (1...4).contains(magic[3]) else {
      throw .unexpected(
        at: start, expected: "IDX of 1 to 4 dimensions (bytes 0, 0, 8 or 9 or 11 or 12, dimensions)",
        actual: "the bytes \(magic.map { "\($0)" }.joined(separator: ", "))")
    }
    self.type = type
    isBigEndian = true
    position = source.position
    let sizes = try source.bytes(4 * Int(magic[3]))
    shape = stride(from: 0, to: sizes.count, by: 4).map { at in sizes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
  }

  /// Reads the header of an NPY file of version 1, 2 or 3.
  ///
  /// Source: *NEP 1, a simple file format for NumPy arrays*.
  ///
  /// - Throws: `DataError`: what the source throws, truncated, or unexpected.
  init<Source: ByteSource & ~Copyable>(npy source: inout Source) throws(DataError) {
    let start = source.position
    let magic = try source.bytes(8)
    guard magic.prefix(6).elementsEqual([0x93] + "NUMPY".utf8), (1...3).contains(magic[6]), magic[7] == 0 else {
      throw .unexpected(
        at: start, expected: "an NPY file of version 1.0, 2.0 or 3.0",
        actual: "the bytes \(magic.map { "\($0)" }.joined(separator: ", "))")
    }
    let length = try source.bytes(magic[6] == 1 ? 2 : 4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.npyHeaderLimit else {
      throw .unexpected(
        at: start.advanced(by: 8), expected: "a header of at most \(Self.npyHeaderLimit) bytes", actual: "\(length)")
    }
    position = source.position
    let text = String(decoding: try source.bytes(length), as: UTF8.self)
    let facts: NPYFacts
    do { facts = try NPYFacts(text) } catch {
      throw .unexpected(at: position, expected: error.expected, actual: error.found)
    }
    (shape, type, isBigEndian) = (facts.shape, facts.type, facts.isBigEndian)
  }

  private static let npyHeaderLimit = 1 << 16
}

/// The contents of an NPY file's header: a Python dictionary of `descr`, `fortran_order` and `shape`.
struct NPYFacts {
  struct Flaw: Error { let expected, found: String }

  let shape: [Int]
  let type: NumberType
  let isBigEndian: Bool

  init(_ text: String) throws(Flaw) {
    var scanner = Scanner(text)
    var (type, shape): ((NumberType, Bool)?, [Int]?)
    var isFortran: Bool?
    try scanner.require("{")
    while !scanner.take("}") {
      let key = try scanner.string()
      try scanner.require(":")
      switch key {
      case "descr" where type == nil: type = try Self.type(named: try scanner.string())
      case "fortran_order" where isFortran == nil: isFortran = try scanner.boolean()
      case "shape" where shape == nil: shape = try scanner.shape()
      default: throw Flaw(expected: "the keys descr, fortran_order and shape, each once", found: key)
      }
      if !scanner.take(",") {
        try scanner.require("}")
        break
      }
    }
    try scanner.requireEnd()
    guard let type, let shape, let isFortran else {
      throw Flaw(expected: "the keys descr, fortran_order and shape", found: text.trimmedForError)
    }
    // With one dimension, both orders are the same.
    if isFortran && shape.count > 1 {
      throw Flaw(
        expected: "an array in C order (numpy.ascontiguousarray makes one before it is saved)", found: "Fortran order")
    }
    self.shape = shape
    (self.type, isBigEndian) = type
  }

  private static func type(named name: String) throws(Flaw) -> (NumberType, Bool) {
    let types: [Substring: NumberType] = [
      "b1": .uint8, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32, "u8": .uint64,
      "i8": .int64, "f4": .single, "f8": .double,
    ]
    guard let order = name.first, "<>|".contains(order), let type = types[name.dropFirst()],
      order != "|" || type.size == 1
    else {
      throw Flaw(expected: "an array of integers, float32 or float64", found: "the type \(name)")
    }
    return (type, order == ">")
  }

  /// A scanner for the few forms of Python literals that occur in such a header.
  private struct Scanner {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    private mutating func skipSpaces() { rest = rest.drop { $0 == " " || $0 == "\n" } }

    mutating func take(_ character: Character) -> Bool {
      skipSpaces()
      guard rest.first == character else { return false }
      rest.removeFirst()
      return true
    }

    mutating func require(_ character: Character) throws(Flaw) {
      if !take(character) { throw flaw("\"\(character)\"") }
    }

    mutating func string() throws(Flaw) -> String {
      skipSpaces()
      guard let quote = rest.first, quote == "'" || quote == "\"" else { throw flaw("a text in quotes") }
      let text = rest.dropFirst().prefix { $0 != quote }
      rest = rest.dropFirst(text.count + 1)
      try require(quote)
      return String(text)
    }

    mutating func boolean() throws(Flaw) -> Bool {
      skipSpaces()
      for (word, value) in [("True", true), ("False", false)] where rest.hasPrefix(word) {
        rest = rest.dropFirst(word.count)
        return value
      }
      throw flaw("True or False")
    }

    mutating func shape() throws(Flaw) -> [Int] {
      try require("(")
      var sizes: [Int] = []
      while !take(")") {
        skipSpaces()
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard let size = Int(digits) else { throw flaw("a shape of sizes below 2^63") }
        rest = rest.dropFirst(digits.count)
        sizes.append(size)
        if !take(",") {
          try require(")")
          break
        }
      }
      return sizes
    }

    mutating func requireEnd() throws(Flaw) {
      skipSpaces()
      if !rest.isEmpty { throw flaw("the header's end") }
    }

    private func flaw(_ expected: String) -> Flaw {
      Flaw(expected: expected, found: rest.isEmpty ? "the header's end" : String(rest).trimmedForError)
    }
  }
}

extension String {
  /// The beginning of the text, for an error message.
  fileprivate var trimmedForError: String { count > 40 ? "\(prefix(40))…" : self }
}
