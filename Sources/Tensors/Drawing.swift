package import Kernels

extension signet_philox {
  /// The block at a counter.
  package init(key: SIMD2<UInt32>, counter: SIMD4<UInt32>) {
    self.init(key: (key.x, key.y), index: counter.x, rest: (counter.y, counter.z, counter.w))
  }
}

extension Tensor {
  /// Numbers drawn from the words of Philox4x32-10 with this key, starting at the block at `counter`; an element of `Float` takes one word,
  /// one of `Double` two.
  package init(
    _ deviate: Deviate, _ shape: Shape, key: SIMD2<UInt32>, from counter: SIMD4<UInt32>, on device: Device
  ) {
    if let accelerator = device.accelerator(for: Scalar.self) {
      self = accelerator.draw(deviate, shape, key: key, from: counter)
      return
    }
    let perBlock = 16 / Scalar.byteWidth
    self.init(shape) { y in
      // Each thread begins with a block of its own.
      device.forEachRange(of: shape.reduce(1, *), grain: 4096) {
        var first = counter
        first.x &+= UInt32(truncatingIfNeeded: $0.lowerBound / perBlock)
        Scalar.draw(deviate, key: key, from: first, y + $0.lowerBound, $0.count)
      }
    }
  }
}
