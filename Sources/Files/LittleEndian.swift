import Tensors

/// The 8 bytes of a number, least significant first.
package func littleEndianBytes(_ number: UInt64) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.append(integer: number)
  return bytes
}

extension [UInt8] {
  /// Adds a number's bytes, least significant first.
  package mutating func append(integer: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
  }
}

extension Tensor {
  /// Calls `body` with the scalars' bytes, those of each scalar least significant first.
  package func withLittleEndianBytes<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    #if _endian(little)
      try scalars.withUnsafeBufferPointer { (scalars) throws(Failure) in try body(UnsafeRawBufferPointer(scalars)) }
    #else
      var swapped = scalars
      try swapped.withUnsafeMutableBufferPointer { (scalars) throws(Failure) in
        let bytes = UnsafeMutableRawBufferPointer(scalars)
        reverseBytes(ofEach: Scalar.byteWidth, in: bytes)
        try body(UnsafeRawBufferPointer(bytes))
      }
    #endif
  }

  /// A tensor whose scalars' bytes `fill` writes, those of each scalar least significant first.
  init<Failure: Error>(
    _ shape: Shape, fillingLittleEndianBytes fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    var scalars = [Scalar](repeating: 0, count: shape.reduce(1, *))
    try scalars.withUnsafeMutableBufferPointer { (scalars) throws(Failure) in
      let bytes = UnsafeMutableRawBufferPointer(scalars)
      try fill(bytes)
      #if !_endian(little)
        reverseBytes(ofEach: Scalar.byteWidth, in: bytes)
      #endif
    }
    self.init(shape, scalars)
  }
}

#if !_endian(little)
  private func reverseBytes(ofEach width: Int, in bytes: UnsafeMutableRawBufferPointer) {
    for start in stride(from: 0, to: bytes.count, by: width) { bytes[start..<start + width].reverse() }
  }
#endif
