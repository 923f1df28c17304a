/// Which factors of a product are taken transposed.
public enum Transposition: Sendable, CaseIterable {
  case none, first, second, both
}

extension Tensor {
  /// `op(A) · op(B)`, shape `(m, n)`, with `op` the identity or the transposition.
  ///
  /// Every output is the chain of fused multiply-adds `acc ← fma(a, b, acc)` over the ascending inner index, from 0;
  /// threads divide the rows or columns of the result among them, so their number cannot change a bit.
  ///
  /// - Precondition: both are matrices whose inner lengths agree.
  public static func product(
    _ a: Tensor, _ b: Tensor, transposing: Transposition = .none, on device: Device
  ) -> Tensor {
    let transposeA = transposing == .first || transposing == .both
    let transposeB = transposing == .second || transposing == .both
    let (m, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
    let (inner, n) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(k == inner, "product: inner lengths \(k) and \(inner) of \(a.shape) and \(b.shape)")
    if let accelerator = device.accelerator(for: Scalar.self) {
      return accelerator.product(a, b, transposing: (transposeA, transposeB))
    }
    let (lda, ldb) = (a.columns, b.columns)
    return a.withUnsafePointer { a in
      b.withUnsafePointer { b in
        Tensor([m, n]) { c in
          let work = m * n * k
          let parts = work < 1 << 16 ? .single : device
          if m >= n {
            parts.forEachRange(of: m, grain: 8) { rows in
              let a = a + rows.lowerBound * (transposeA ? 1 : lda)
              multiply(transposeA, transposeB, rows.count, n, k, a, lda, b, ldb, c + rows.lowerBound * n, n)
            }
          } else {
            parts.forEachRange(of: n, grain: 32) { columns in
              let b = b + columns.lowerBound * (transposeB ? ldb : 1)
              multiply(transposeA, transposeB, m, columns.count, k, a, lda, b, ldb, c + columns.lowerBound, n)
            }
          }
        }
      }
    }
  }

  private static func multiply(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Scalar>, _ lda: Int, _ b: UnsafePointer<Scalar>, _ ldb: Int,
    _ c: UnsafeMutablePointer<Scalar>, _ ldc: Int
  ) {
    let done = Scalar.multiply(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc)
    precondition(done, "product: no memory for the packed panels of a \(m)×\(k) by \(k)×\(n) product")
  }
}
