/// How a file stores weights that have `K` values: the indices of several weights are the digits of one number in few bits.
///
///     number = Σ_j index_j · K^j < K^digits ≤ 2^bits
///
/// The bits of a layer's numbers follow each other, each byte filled from its lowest bit on.
package struct DigitGroup: Equatable, Sendable {
  /// `K`.
  package let values: Int
  /// Digits of a number.
  package let digits: Int
  /// Bits of a number.
  package let bits: Int

  /// The smallest groups for 2 to 16 values whose bits per digit are within 2 % of log2 K.
  private static let sizes = [
    (1, 1), (5, 8), (1, 2), (3, 7), (5, 13), (6, 17), (1, 3), (5, 16), (3, 10), (2, 7), (5, 18), (4, 15), (6, 23),
    (11, 43), (1, 4),
  ]

  /// - Precondition: `values` is from 2 to 16.
  package init(values: Int) {
    precondition((2...16).contains(values), "DigitGroup: \(values) values")
    self.values = values
    (digits, bits) = Self.sizes[values - 2]
  }

  /// `K^digits`.
  package var count: UInt64 { (0..<digits).reduce(1) { power, _ in power * UInt64(values) } }

  /// Bytes that so many weights take.
  package func byteCount(of weights: Int) -> Int { ((weights + digits - 1) / digits * bits + 7) / 8 }

  /// The bytes of the indices. Digits that the last number lacks are 0, and so are bits that the last byte lacks.
  package func packed(_ indices: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount(of: indices.count))
    var (rest, count) = (UInt64(0), 0)
    for start in stride(from: 0, to: indices.count, by: digits) {
      let number = indices[start..<min(start + digits, indices.count)].reversed().reduce(UInt64(0)) {
        $0 * UInt64(values) + UInt64($1)
      }
      rest |= number << count
      count += bits
      while count >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: rest))
        (rest, count) = (rest >> 8, count - 8)
      }
    }
    if count > 0 { bytes.append(UInt8(truncatingIfNeeded: rest)) }
    return bytes
  }

  /// What is no layer's weights, and the byte at which it ends.
  package struct Fault: Error, Equatable {
    package let byte: Int
    package let expected, found: String
  }

  /// The indices of `count` weights, from `byteCount(of: count)` bytes.
  ///
  /// - Throws: `Fault` unless `packed` gives these bytes.
  package func unpacked(_ bytes: ArraySlice<UInt8>, count weights: Int) throws(Fault) -> [UInt8] {
    precondition(bytes.count == byteCount(of: weights), "DigitGroup: \(bytes.count) bytes for \(weights) weights")
    let limit = count
    var indices: [UInt8] = []
    indices.reserveCapacity(weights)
    var (rest, held, next) = (UInt64(0), 0, bytes.startIndex)
    while indices.count < weights {
      while held < bits {
        rest |= UInt64(bytes[next]) << held
        (held, next) = (held + 8, next + 1)
      }
      var number = rest & (1 << bits - 1)
      (rest, held) = (rest >> bits, held - bits)
      guard number < limit else {
        throw Fault(
          byte: next - 1 - bytes.startIndex,
          expected: "a number below \(limit), \(digits) digits to the base \(values)",
          found: "\(number)")
      }
      for _ in 0..<min(digits, weights - indices.count) {
        indices.append(UInt8(number % UInt64(values)))
        number /= UInt64(values)
      }
      guard number == 0 else {
        throw Fault(byte: bytes.count - 1, expected: "zeros after the last weight", found: "other digits")
      }
    }
    guard rest == 0 else {
      throw Fault(byte: bytes.count - 1, expected: "zeros after the last weight", found: "other bits")
    }
    return indices
  }
}
