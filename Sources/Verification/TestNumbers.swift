import Tensors

/// Numbers for tests from SplitMix64 (Steele, Lea & Flood 2014), and not from Signet's own streams, which are under test.
package struct TestNumbers {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// The numbers of the test with this name; the seed is the name's FNV-1a hash (Fowler, Noll & Vo).
  package init(named name: String) {
    self.init(seed: name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
  }

  package mutating func bits() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var x = state
    x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
    return x ^ (x >> 31)
  }

  /// A tensor of numbers in `range`.
  package mutating func tensor<Scalar: TensorScalar>(_ shape: Int..., in range: ClosedRange<Double> = -2...2) -> Tensor<
    Scalar
  > {
    let count = shape.reduce(1, *)
    let width = range.upperBound - range.lowerBound
    return Tensor(shape, (0..<count).map { _ in Scalar(range.lowerBound + width * Double(bits() >> 11) * 0x1p-53) })
  }
}
