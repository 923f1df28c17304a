/// The counter-based generator Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011, doi:10.1145/2063384.2063405.
///
/// A function of counter and key without state, so that any element of a stream can be had by itself.
public struct Philox4x32: Sendable, Equatable {
  public typealias Block = SIMD4<UInt32>

  public let key: SIMD2<UInt32>

  public init(key: SIMD2<UInt32>) { self.key = key }

  /// Ten rounds on the counter: four independent words of 32 uniform bits.
  @inlinable
  public func block(at counter: Block) -> Block {
    // Scalars, not vector lanes: the compiler then keeps all in registers.
    var (x0, x1, x2, x3) = (counter.x, counter.y, counter.z, counter.w)
    var (k0, k1) = (key.x, key.y)
    for _ in 0..<10 {
      let p0 = 0xD251_1F53 * UInt64(x0)
      let p1 = 0xCD9E_8D57 * UInt64(x2)
      (x0, x1) = (UInt32(truncatingIfNeeded: p1 >> 32) ^ x1 ^ k0, UInt32(truncatingIfNeeded: p1))
      (x2, x3) = (UInt32(truncatingIfNeeded: p0 >> 32) ^ x3 ^ k1, UInt32(truncatingIfNeeded: p0))
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return Block(x0, x1, x2, x3)
  }
}
