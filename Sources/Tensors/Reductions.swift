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

  /// Sums of the rows of a matrix, shape `(rows)`, each in the fixed order.
  public var rowSums: Tensor { rowSums(on: .single) }

  /// Sums of the rows of a matrix, shape `(rows)`, each in the fixed order; on a processor by the calling thread alone.
  public func rowSums(on device: Device) -> Tensor {
    if let accelerator = device.accelerator(for: Scalar.self) { return accelerator.rowSums(self) }
    return withUnsafePointer { x in
      Tensor([rows]) { y in for i in 0..<rows { y[i] = Tensor.sum(x + i * columns, count: columns) } }
    }
  }

  /// Sums of the columns of a matrix, shape `(columns)`, each in the fixed order.
  public func columnSums(on device: Device) -> Tensor { Tensors.columnSums(of: .copy, self, on: device)[0] }
}
