import WeightDistributions

/// A grid's integers as a sum of a few planes of bits, each times a factor (`Packed.md`):
///
///     v = Σ factor · mask · (1 − 2 sign)
///
/// with the mask's and the sign's bit of `v`. A binary weight is one plane of signs; a ternary one a plane of signs and a mask.
struct GridPlanes: Equatable {
  /// One term, with a bit for each value of the grid.
  struct Term: Equatable {
    let factor: Int
    /// Nil where every sign is +1.
    let signs: [Bool]?
    /// Nil where no value is left out.
    let mask: [Bool]?
  }

  let terms: [Term]

  /// The decomposition with the fewest terms and, of those, the fewest planes.
  init(of grid: WeightGrid) {
    let divisor = grid.integers.reduce(0) { greatestCommonDivisor($0, $1) }
    let values = grid.integers.map { $0 / divisor }
    let candidates = [
      Self.odd(values), Self.signAndSize(values), Self.twosComplement(values, factor: 1),
      Self.twosComplement(values.map(-), factor: -1),
    ].compactMap { $0 }
    guard let best = candidates.min(by: { ($0.count, Self.planes($0)) < ($1.count, Self.planes($1)) }) else {
      preconditionFailure("GridPlanes: no decomposition of \(grid.name)")
    }
    terms = best.map { Term(factor: $0.factor * divisor, signs: $0.signs, mask: $0.mask) }
  }

  /// Planes of bits that terms need; a plane of signs that several terms share counts once.
  private static func planes(_ terms: [Term]) -> Int {
    Set(terms.compactMap(\.signs)).count + terms.compactMap(\.mask).count
  }

  /// Odd values, as `Σ 2^b s_b` with `s_b = ±1`.
  private static func odd(_ values: [Int]) -> [Term]? {
    guard values.allSatisfy({ $0 % 2 != 0 }), let largest = values.map(\.magnitude).max() else { return nil }
    let bits = Int.bitWidth - largest.leadingZeroBitCount
    return (0..<bits).map { bit in
      // (v + 2^n − 1) / 2 has bit b where s_b is +1.
      Term(factor: 1 << bit, signs: values.map { (($0 + (1 << bits) - 1) / 2) >> bit & 1 == 0 }, mask: nil)
    }
  }

  /// A sign, and the bits of the size.
  private static func signAndSize(_ values: [Int]) -> [Term]? {
    guard let largest = values.map(\.magnitude).max() else { return nil }
    return (0..<Int.bitWidth - largest.leadingZeroBitCount).map { bit in
      Term(factor: 1 << bit, signs: values.map { $0 < 0 }, mask: values.map { $0.magnitude >> bit & 1 == 1 })
    }
  }

  /// `v = −2^n b_n + Σ 2^i b_i`, or that of `−v` with the factors' signs turned.
  private static func twosComplement(_ values: [Int], factor: Int) -> [Term]? {
    guard let bits = values.map({ Int.bitWidth - ($0 < 0 ? ~$0 : $0).leadingZeroBitCount }).max() else { return nil }
    return (0...bits).compactMap { bit in
      let mask = values.map { $0 >> bit & 1 == 1 }
      guard mask.contains(true) else { return nil }
      return Term(factor: factor * (bit == bits ? -(1 << bit) : 1 << bit), signs: nil, mask: mask)
    }
  }
}
