import Files

/// An array of numbers of any type from one of NumPy's files.
package struct NumberArray: Sendable, Equatable {
  /// Its name in an archive, without `.npy`; empty of a file of its own.
  package let name: String
  /// Sizes in row-major order; none of a single number.
  package let shape: [Int]
  /// The numbers; integers beyond 2⁵³ are rounded.
  package let values: [Double]

  package init(name: String, shape: [Int], values: [Double]) {
    (self.name, self.shape, self.values) = (name, shape, values)
  }

  /// What a file may contain.
  package enum Limit {
    /// Numbers of all arrays together.
    package static let numbers = 1 << 27
    /// Arrays of an archive.
    package static let arrays = 4096
  }

  /// Reads an NPY file.
  ///
  /// - Throws: `DataError`
  package init(npy path: String) throws(DataError) {
    var stream = try ContentStream(path: path, limit: 1 << 32)
    self = try NumberArray("", atMost: Limit.numbers, from: &stream)
  }

  /// Reads the arrays of an NPZ file, in the file's order. Nothing is extracted, and no more is allocated than the file's data
  /// decompress to.
  ///
  /// - Parameter ignored: names of arrays of any type, such as text; they are returned without their shapes and contents.
  /// - Throws: `DataError`, also for a name that climbs, or that comes twice.
  package static func archive(
    reading path: String, ignoring ignored: Set<String> = []
  ) throws(DataError) -> [NumberArray] {
    var archive = try ZipReader(path: path)
    var (arrays, names, rest) = ([NumberArray](), Set<String>(), Limit.numbers)
    while let entry = try archive.next() {
      guard entry.name.hasSuffix(".npy") else {
        throw .unexpected(at: entry.position, expected: "arrays, whose names end in .npy", actual: quoted(entry.name))
      }
      let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
      if entry.name.hasPrefix("/") || parts.contains("..") {
        throw .unsafeName(at: entry.position, name: entry.name)
      }
      if !names.insert(entry.name).inserted { throw .duplicateMember(at: entry.position, name: entry.name) }
      if arrays.count == Limit.arrays {
        throw .unexpected(at: entry.position, expected: "at most \(Limit.arrays) arrays", actual: "more")
      }
      let name = String(entry.name.dropLast(4))
      guard !ignored.contains(name) else {
        arrays.append(NumberArray(name: name, shape: [], values: []))
        continue
      }
      let array = try NumberArray(name, atMost: rest, from: &archive)
      rest -= array.values.count
      arrays.append(array)
    }
    return arrays
  }

  /// Reads an array to the end of its source.
  ///
  /// - Parameter limit: the largest number of numbers.
  private init<Source: ByteSource & ~Copyable>(
    _ name: String, atMost limit: Int, from source: inout Source
  ) throws(DataError) {
    let header = try ArrayHeader(npy: &source)
    var count = 1
    for size in header.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow && product <= limit else {
        throw .unexpected(
          at: header.position, expected: "at most \(Limit.numbers) numbers in all arrays",
          actual: "the shape \(header.shape.map(String.init).joined(separator: "×"))")
      }
      count = product
    }
    let (size, most) = (header.type.size, 1 << 14)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(most, max(count, 1)) * size, alignment: 16)
    defer { buffer.deallocate() }
    var values: [Double] = []
    for start in stride(from: 0, to: count, by: most) {
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(min(most, count - start) * size)])
      try source.fillAll(part)
      for at in stride(from: 0, to: part.count, by: size) {
        values.append(header.type.real(part[at..<at + size], isBigEndian: header.isBigEndian))
      }
    }
    try source.requireEnd()
    self.init(name: name, shape: header.shape, values: values)
  }
}

extension NumberType {
  /// The number in `size` bytes; an integer beyond 2⁵³ is rounded.
  func real(_ bytes: some Collection<UInt8>, isBigEndian: Bool) -> Double {
    let word = word(bytes, isBigEndian: isBigEndian)
    return switch self {
    case .int8: Double(Int8(truncatingIfNeeded: word))
    case .int16: Double(Int16(truncatingIfNeeded: word))
    case .int32: Double(Int32(truncatingIfNeeded: word))
    case .int64: Double(Int64(truncatingIfNeeded: word))
    case .uint8, .uint16, .uint32, .uint64: Double(word)
    case .single: Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
    case .double: Double(bitPattern: word)
    }
  }
}
