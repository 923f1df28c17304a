// Sums in one order, which depends on the length alone: up to 16 terms are a chain in ascending index; more are split
// at the first multiple of 16 that is not below ⌊n/2⌋, and the two sums added.

/// Terms that are summed as a chain.
@usableFromInline let chainLength = 16

@inlinable
func splitPoint(_ count: Int) -> Int { (count / 2 + chainLength - 1) / chainLength * chainLength }

extension Tensor {
  /// The sum of all scalars, in the fixed order of `Tensor.sum(_:count:)`.
  public var sum: Scalar { withUnsafePointer { Tensor.sum($0, count: count) } }

  /// The sum of `count` scalars in the fixed order.
  @specialized(where Scalar == Float)
  public static func sum(_ x: UnsafePointer<Scalar>, count: Int) -> Scalar {
    guard count > chainLength else {
      var total: Scalar = 0
      for i in 0..<count { total += x[i] }
      return total
    }
    let half = splitPoint(count)
    return sum(x, count: half) + sum(x + half, count: count - half)
  }

  /// Sums of the columns of a matrix whose terms `term` gives: `y[j] = Σ_i term(i · columns + j, j)`, each in the fixed order.
  ///
  /// - Complexity: one call of `term` a scalar; temporary memory of `columns · log₂(rows)` scalars.
  @inlinable
  public static func columnSums(
    rows: Int, columns: Int, on workers: Workers, _ term: (Int, Int) -> Scalar
  ) -> Tensor {
    Tensor([columns]) { sums in
      let grain = Swift.max(16, 16384 / rows)
      workers.forEachRange(of: columns, grain: grain) {
        addColumns(0..<rows, $0, stride: columns, into: sums + $0.lowerBound, term)
      }
    }
  }

  @inlinable
  static func addColumns(
    _ rows: Range<Int>, _ columns: Range<Int>, stride: Int, into sums: UnsafeMutablePointer<Scalar>,
    _ term: (Int, Int) -> Scalar
  ) {
    guard rows.count > chainLength else {
      for j in 0..<columns.count { sums[j] = 0 }
      for i in rows {
        for j in 0..<columns.count {
          sums[j] += term(i * stride + columns.lowerBound + j, columns.lowerBound + j)
        }
      }
      return
    }
    let middle = rows.lowerBound + splitPoint(rows.count)
    addColumns(rows.lowerBound..<middle, columns, stride: stride, into: sums, term)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: columns.count) { other in
      guard let other = other.baseAddress else { return }
      addColumns(middle..<rows.upperBound, columns, stride: stride, into: other, term)
      for j in 0..<columns.count { sums[j] += other[j] }
    }
  }

  /// Sums of the columns of a matrix, shape `(columns)`, each in the fixed order.
  @specialized(where Scalar == Float)
  public func columnSums(on workers: Workers) -> Tensor {
    withUnsafePointer { x in Tensor.columnSums(rows: rows, columns: columns, on: workers) { i, _ in x[i] } }
  }
}
