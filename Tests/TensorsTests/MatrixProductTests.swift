import Tensors
import TestSupport
import Testing
import Verification

@Suite("Matrix products of tensors")
struct MatrixProductTests {
  /// `acc ← fma(a, b, acc)` over the ascending inner index, from 0.
  private func chain<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ t: Transposition) -> Tensor<
    Scalar
  > {
    let (first, second) = (t == .first || t == .both, t == .second || t == .both)
    let (m, k) = first ? (a.columns, a.rows) : (a.rows, a.columns)
    let n = second ? b.rows : b.columns
    var c = Tensor<Scalar>([m, n], repeating: 0)
    for i in 0..<m {
      for j in 0..<n {
        var sum: Scalar = 0
        for p in 0..<k { sum = sum.addingProduct(first ? a[p, i] : a[i, p], second ? b[j, p] : b[p, j]) }
        c[i, j] = sum
      }
    }
    return c
  }

  private func check<Scalar: TensorScalar>(_: Scalar.Type, _ m: Int, _ n: Int, _ k: Int, _ t: Transposition) throws {
    var numbers = TestNumbers(seed: UInt64(m * 10_000 + n * 100 + k))
    let a: Tensor<Scalar> = t == .first || t == .both ? numbers.tensor(k, m) : numbers.tensor(m, k)
    let b: Tensor<Scalar> = t == .second || t == .both ? numbers.tensor(n, k) : numbers.tensor(k, n)
    let expected = chain(a, b, t)
    for threads in threadCounts {
      let product = Tensor.product(a, b, transposing: t, on: Device.processor(threads: threads))
      try requireSameBits("\(m)×\(k) by \(k)×\(n), \(t), \(threads) threads", product, expected: expected)
    }
  }

  @Test("factors whose inner lengths differ have no product: the program ends, whichever is transposed")
  func innerLengths() async {
    // Of 2×3 by 3×4; the other number is larger, so that all of the smaller one could be read.
    Self.product([2, 3], [3, 4], .none)
    await #expect(processExitsWith: .failure) { MatrixProductTests.product([2, 3], [5, 4], .none) }
    await #expect(processExitsWith: .failure) { MatrixProductTests.product([3, 2], [5, 4], .first) }
    await #expect(processExitsWith: .failure) { MatrixProductTests.product([2, 3], [4, 5], .second) }
    await #expect(processExitsWith: .failure) { MatrixProductTests.product([3, 2], [4, 5], .both) }
    await #expect(processExitsWith: .failure) { MatrixProductTests.product([2, 5], [3, 4], .none) }
  }

  private static func product(_ a: Shape, _ b: Shape, _ transposition: Transposition) {
    _ = Tensor<Float>.product(
      Tensor(a, repeating: 1), Tensor(b, repeating: 1), transposing: transposition, on: .single)
  }

  /// `1 ± ab` beside the middle between two floats, by less than a double tells: where there is no fused multiply-add, and it
  /// is computed in Double, the sum must know on which side of the middle it is.
  @Test("a step is rounded once, even if its exact sum is almost halfway between two floats")
  func ties() {
    func step(_ a: Float, _ b: Float, _ c: Float) -> Float {
      // c · 1, then ab.
      let x = Tensor<Float>([3, 2], [c, a, c, a, c, a])
      let y = Tensor<Float>([2, 19], Array(repeating: 1, count: 19) + Array(repeating: b, count: 19))
      let product = Tensor.product(x, y, transposing: .none, on: .single).scalars
      #expect(Set(product.map(\.bitPattern)).count == 1)
      return product[0]
    }
    // (1 − 2⁻²³)(1 + 2⁻²³) = 1 − 2⁻⁴⁶.
    let (below, above): (Float, Float) = (1 - 0x1p-23, 1 + 0x1p-23)
    for scale in [Float(0x1p-12), 0x1p-13] {
      for c: Float in [1, 1.5, -1, -1.25] {
        for (a, b) in [(below, above), (above, above), (below, below), (1, 1)] {
          for sign: Float in [1, -1] {
            let (a, b) = (a * scale * sign, b * scale)
            #expect(step(a, b, c) == c.addingProduct(a, b), "\(c) + \(a) · \(b)")
          }
        }
      }
    }
  }

  @Test("small odd products are the chain of fused multiply-adds", arguments: Transposition.allCases)
  func small(transposition: Transposition) throws {
    for (m, n, k) in [(1, 1, 1), (3, 5, 7), (7, 1, 2), (1, 9, 33), (17, 3, 16), (2, 40, 5)] {
      try check(Float.self, m, n, k, transposition)
      try check(Double.self, m, n, k, transposition)
    }
  }

  /// Large enough for threads: rows are shared out in the first, columns in the second.
  @Test("products split among threads are the same chain", arguments: Transposition.allCases)
  func shared(transposition: Transposition) throws {
    try check(Float.self, 67, 31, 35, transposition)
    try check(Float.self, 9, 137, 55, transposition)
    try check(Double.self, 67, 31, 35, transposition)
    try check(Double.self, 9, 137, 55, transposition)
  }
}
