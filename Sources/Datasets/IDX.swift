/// An array of unsigned bytes in the IDX format, which the MNIST files use.
///
/// Four bytes `0, 0, 8, N` (8: unsigned bytes), `N` big-endian 32-bit sizes, then the values in row-major order.
/// Source: Y. LeCun, C. Cortes, C. J. C. Burges, *The MNIST database of handwritten digits*.
package struct IDX: Sendable {
  package let file: StoredFile
  package let dimensions: [Int]

  /// The offset of the values in the contents of the file.
  package var headerLength: Int { Self.headerLength(rank: dimensions.count) }
  package var values: ArraySlice<UInt8> { file.bytes[headerLength...] }

  /// - Parameter rank: how many dimensions there must be.
  /// - Throws: `DataError`: empty, truncated, wrong magic, a size of 0, too large or trailing bytes.
  package init(_ file: StoredFile, rank: Int) throws(DataError) {
    precondition((1...255).contains(rank), "rank \(rank) is not in 1...255")
    let bytes = file.bytes
    if bytes.isEmpty { throw .emptyFile(at: file.position(0)) }
    let header = Self.headerLength(rank: rank)
    func word(at offset: Int) throws(DataError) -> UInt32 {
      if bytes.count < offset + 4 {
        throw .truncated(at: file.position(bytes.count), expected: header, actual: bytes.count)
      }
      return bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    let magic = try word(at: 0)
    let expected = 0x800 + UInt32(rank)
    if magic != expected { throw .wrongMagic(at: file.position(0), expected: expected, actual: magic) }

    var dimensions: [Int] = []
    for axis in 0..<rank { dimensions.append(Int(try word(at: 4 + 4 * axis))) }
    if let axis = dimensions.firstIndex(of: 0) {
      throw .tooFewItems(at: file.position(4 + 4 * axis), minimum: 1, actual: 0)
    }
    guard let end = Self.end(of: dimensions, after: header) else {
      throw .tooLarge(at: file.position(4), limit: Int.max, dimensions: dimensions)
    }
    if bytes.count < end {
      throw .truncated(at: file.position(bytes.count), expected: end, actual: bytes.count)
    }
    if bytes.count > end { throw .trailingBytes(at: file.position(end), expected: end, actual: bytes.count) }
    self.file = file
    self.dimensions = dimensions
  }

  private static func headerLength(rank: Int) -> Int { 4 + 4 * rank }

  /// The header's length and the product of the dimensions, or nil if an `Int` cannot hold it.
  private static func end(of dimensions: [Int], after header: Int) -> Int? {
    var product = 1
    for dimension in dimensions {
      let (partial, overflow) = product.multipliedReportingOverflow(by: dimension)
      if overflow { return nil }
      product = partial
    }
    let (end, overflow) = product.addingReportingOverflow(header)
    return overflow ? nil : end
  }
}
