internal import Kernels
import Tensors

/// The counter-based generator Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011, doi:10.1145/2063384.2063405.
///
/// A stateless function of counter and key, so that any element of a stream can be computed by itself.
public struct Philox4x32: Sendable, Equatable {
  /// Four words of 32 bits.
  public typealias Block = SIMD4<UInt32>

  /// The key, low word first.
  public let key: SIMD2<UInt32>

  /// A generator with this key.
  public init(key: SIMD2<UInt32>) { self.key = key }

  /// Ten rounds on the counter: four independent words of 32 uniform bits.
  public func block(at counter: Block) -> Block {
    var words = Block()
    withUnsafeMutableBytes(of: &words) {
      signet_philox_block(
        signet_philox(key: key, counter: counter), $0.assumingMemoryBound(to: UInt32.self).baseAddress)
    }
    return words
  }
}
