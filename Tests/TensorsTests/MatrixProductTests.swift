import Tensors
import Testing
import Verification

@Suite("Matrix products of tensors")
struct MatrixProductTests {
  /// `acc ← fma(a, b, acc)` over the ascending inner index, from 0.
  private func chain<Scalar: Real>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ t: Transposition) -> Tensor<Scalar> {
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

  private func check<Scalar: Real>(_: Scalar.Type, _ m: Int, _ n: Int, _ k: Int, _ t: Transposition) throws {
    var numbers = TestNumbers(seed: UInt64(m * 10_000 + n * 100 + k))
    let a: Tensor<Scalar> = t == .first || t == .both ? numbers.tensor(k, m) : numbers.tensor(m, k)
    let b: Tensor<Scalar> = t == .second || t == .both ? numbers.tensor(n, k) : numbers.tensor(k, n)
    let expected = chain(a, b, t)
    for threads in threadCounts {
      let product = Tensor.product(a, b, transposing: t, on: Workers(count: threads))
      try requireSameBits("\(m)×\(k) by \(k)×\(n), \(t), \(threads) threads", product, expected: expected)
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
  @Test("shared-out products are the same chain", arguments: Transposition.allCases)
  func shared(transposition: Transposition) throws {
    try check(Float.self, 67, 31, 35, transposition)
    try check(Float.self, 9, 137, 55, transposition)
    try check(Double.self, 67, 31, 35, transposition)
    try check(Double.self, 9, 137, 55, transposition)
  }
}
