import Tensors

/// What a stream's numbers are for. Results depend on the raw values: never renumber them.
public enum RandomPurpose: UInt8, CaseIterable, Sendable {
  case initialization = 1
  case shuffle = 2
  case dropout = 3
  case reparameterization = 4
  case discretization = 5
  case augmentation = 6
  /// The images of the built-in data sets.
  case fixture = 7
}

/// Random numbers as a function of (seed, purpose, epoch, step, layer) and the element's index.
///
/// The seed is Philox's key; the counter is `(index / 4, step, epoch, purpose · 2²⁴ + layer)`. Word `i` of a stream is
/// word `i mod 4` of block `i / 4`.
public struct RandomStream: Sendable, Equatable {
  let philox: Philox4x32
  let step: UInt32
  let epoch: UInt32
  let tag: UInt32

  /// - Precondition: `epoch` and `step` fit in 32 bits, `layer` in 24.
  public init(seed: UInt64, purpose: RandomPurpose, epoch: Int = 0, step: Int = 0, layer: Int = 0) {
    precondition((0..<1 << 24).contains(layer), "RandomStream: layer \(layer) does not fit in 24 bits")
    guard let epoch = UInt32(exactly: epoch), let step = UInt32(exactly: step) else {
      preconditionFailure("RandomStream: epoch \(epoch) or step \(step) does not fit in 32 bits")
    }
    philox = Philox4x32(key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
    self.step = step
    self.epoch = epoch
    tag = UInt32(purpose.rawValue) << 24 | UInt32(layer)
  }

  /// Words `4 index ..< 4 index + 4` of the stream.
  public func block(_ index: Int) -> Philox4x32.Block {
    philox.block(at: counter(index))
  }

  /// The counter of block `index`.
  func counter(_ index: Int) -> Philox4x32.Block {
    Philox4x32.Block(UInt32(truncatingIfNeeded: index), step, epoch, tag)
  }

  /// Word `index` of the stream.
  public func word(_ index: Int) -> UInt32 { block(index >> 2)[index & 3] }
}
