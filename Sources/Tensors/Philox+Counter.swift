package import Kernels

extension signet_philox {
  /// The block at a counter.
  package init(key: SIMD2<UInt32>, counter: SIMD4<UInt32>) {
    self.init(key: (key.x, key.y), index: counter.x, rest: (counter.y, counter.z, counter.w))
  }
}
