import Tensors

// How a stream's words become numbers. An element of `Float` takes one word, one of `Double` two.

extension RandomStream {
  /// Numbers uniform in (0, 1), symmetric about ½; neither end is ever drawn.
  public func uniform<Scalar: TensorScalar>(_ shape: Shape, on device: Device) -> Tensor<Scalar> {
    draw(.uniform, shape, on: device)
  }

  /// Standard normal numbers by the Box–Muller transform (1958): from uniform `u₁, u₂`, elements `2i` and `2i + 1` are
  /// `√(−2 log u₁) cos 2πu₂` and `√(−2 log u₁) sin 2πu₂`.
  public func normal<Scalar: TensorScalar>(_ shape: Shape, on device: Device) -> Tensor<Scalar> {
    draw(.normal, shape, on: device)
  }

  /// Standard logistic numbers, `log(u / (1 − u))` for uniform `u`: distributed as the difference of two standard Gumbel numbers.
  public func logistic<Scalar: TensorScalar>(_ shape: Shape, on device: Device) -> Tensor<Scalar> {
    draw(.logistic, shape, on: device)
  }

  private func draw<Scalar: TensorScalar>(_ deviate: Deviate, _ shape: Shape, on device: Device) -> Tensor<Scalar> {
    Tensor(deviate, shape, key: philox.key, from: counter(0), on: device)
  }

  /// A uniformly drawn permutation of `0..<count`, by the Fisher–Yates shuffle. Each bounded number is drawn by Lemire's
  /// multiplication with rejection (doi:10.1145/3230636), so that none is favoured.
  ///
  /// - Precondition: `count < 2³²`.
  public func permutation(_ count: Int) -> [Int] {
    precondition(count >= 0 && count < 1 << 32, "permutation: count \(count) is not in 0..<2^32")
    var order = Array(0..<count)
    var index = 0
    for last in stride(from: count - 1, to: 0, by: -1) {
      let bound = UInt32(last + 1)
      let threshold = (0 &- bound) % bound
      var product: UInt64
      repeat {
        product = UInt64(word(index)) * UInt64(bound)
        index += 1
      } while UInt32(truncatingIfNeeded: product) < threshold
      order.swapAt(last, Int(product >> 32))
    }
    return order
  }
}
