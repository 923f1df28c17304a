import Tensors

// How a stream's words become numbers. An element of `Float` takes one word, one of `Double` two.

extension RandomStream {
  /// Numbers uniform in (0, 1), symmetric about ½; neither end is ever drawn.
  public func uniform<Scalar: TensorScalar>(_ shape: Shape, on workers: Workers) -> Tensor<Scalar> {
    let count = shape.reduce(1, *)
    let perBlock = 16 / Scalar.byteWidth
    return Tensor(shape) { y in
      // Each thread begins with a block of its own.
      workers.forEachRange(of: count, grain: 4096) {
        Scalar.uniform(
          key: philox.key, from: counter($0.lowerBound / perBlock), y + $0.lowerBound, $0.count)
      }
    }
  }

  /// Standard normal numbers by the Box–Muller transform (1958): from uniform `u₁, u₂`, elements `2i` and `2i + 1` are
  /// `√(−2 log u₁) cos 2πu₂` and `√(−2 log u₁) sin 2πu₂`.
  @specialized(where Scalar == Float)
  public func normal<Scalar: TensorScalar>(_ shape: Shape, on workers: Workers) -> Tensor<Scalar> {
    let count = shape.reduce(1, *)
    let pairs = (count + 1) / 2
    let uniforms: Tensor<Scalar> = uniform([pairs, 2], on: workers)
    let radius = uniforms.column(0, on: workers) { $0 }.applying(.log, on: workers)
      .filling(on: workers) { for i in $0 { $1[i] = -2 * $2[i] } }.applying(.squareRoot, on: workers)
    let angle = uniforms.column(1, on: workers) { 2 * $0 }
    return withUnsafePointers(
      radius, angle.applying(.cospi, on: workers), angle.applying(.sinpi, on: workers)
    ) { radius, cosine, sine in
      Tensor(shape) { y in
        workers.forEachRange(of: count, grain: 8192) {
          for i in $0 { y[i] = radius[i >> 1] * (i & 1 == 0 ? cosine[i >> 1] : sine[i >> 1]) }
        }
      }
    }
  }

  /// Standard logistic numbers, `log(u / (1 − u))` for uniform `u`: distributed as the difference of two standard Gumbel numbers.
  @specialized(where Scalar == Float)
  public func logistic<Scalar: TensorScalar>(_ shape: Shape, on workers: Workers) -> Tensor<Scalar> {
    let uniforms: Tensor<Scalar> = uniform(shape, on: workers)
    return uniforms.filling(on: workers) { for i in $0 { $1[i] = $2[i] / (1 - $2[i]) } }.applying(.log, on: workers)
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

extension Tensor {
  /// `f` of each scalar in column `j` of a matrix, shape `(rows)`.
  @inlinable
  func column(_ j: Int, on workers: Workers, _ f: (Scalar) -> Scalar) -> Tensor {
    let (rows, columns) = (rows, columns)
    return withUnsafePointer { x in
      Tensor([rows]) { y in workers.forEachRange(of: rows) { for i in $0 { y[i] = f(x[i * columns + j]) } } }
    }
  }
}
