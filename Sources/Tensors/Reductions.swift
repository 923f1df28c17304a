// Sums in a fixed order, which depends on the length alone: up to 16 terms are added one by one in ascending order of their
// index; more are split at the first multiple of 16 that is not below ⌊n/2⌋, and the two parts' sums are added.

/// The largest number of terms that are summed as a chain.
private let chainLength = 16

private func splitPoint(_ count: Int) -> Int { (count / 2 + chainLength - 1) / chainLength * chainLength }

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

  /// Sums of the columns of a matrix, shape `(columns)`, each in the fixed order.
  ///
  /// - Complexity: temporary memory of `columns · log₂(rows)` scalars.
  public func columnSums(on workers: Workers) -> Tensor {
    let (rows, columns) = (rows, columns)
    return withUnsafePointer { x in
      Tensor([columns]) { sums in
        workers.forEachRange(of: columns, grain: Swift.max(16, 16384 / rows)) {
          sumRows(x + $0.lowerBound, rows: rows, stride: columns, into: sums + $0.lowerBound, count: $0.count)
        }
      }
    }
  }
}

/// `sums[j] = Σ_i x[i · stride + j]` for `count` columns.
@specialized(where Scalar == Float)
private func sumRows<Scalar: TensorScalar>(
  _ x: UnsafePointer<Scalar>, rows: Int, stride: Int, into sums: UnsafeMutablePointer<Scalar>, count: Int
) {
  guard rows > chainLength else {
    for j in 0..<count { sums[j] = 0 }
    for i in 0..<rows {
      let row = x + i * stride
      for j in 0..<count { sums[j] += row[j] }
    }
    return
  }
  let half = splitPoint(rows)
  sumRows(x, rows: half, stride: stride, into: sums, count: count)
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: count) {
    guard let other = $0.baseAddress else { return }
    sumRows(x + half * stride, rows: rows - half, stride: stride, into: other, count: count)
    for j in 0..<count { sums[j] += other[j] }
  }
}
