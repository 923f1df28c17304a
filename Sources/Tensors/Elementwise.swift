// Elementwise operations. Each output depends on its own inputs alone, so threads cannot change it.

extension Tensor {
  /// A tensor of this one's shape, filled range by range: `fill(range, y, a)` writes `y[i]` for each `i` of the range, given the
  /// memory `a` of this tensor.
  ///
  /// The closure contains the loop over the range, which can thus be vectorised; `map` calls its closure for each element, and is
  /// meant for small tensors.
  @inlinable
  public func filling(
    on workers: Workers,
    _ fill: (Range<Int>, _ y: UnsafeMutablePointer<Scalar>, _ a: UnsafePointer<Scalar>) -> Void
  ) -> Tensor {
    withUnsafePointer { a in
      Tensor(shape) { y in workers.forEachRange(of: count) { fill($0, y, a) } }
    }
  }

  /// A tensor of this shape that `fill` writes range by range, from this tensor and another of its shape.
  @inlinable
  public func filling(
    with second: Tensor, on workers: Workers,
    _ fill: (
      Range<Int>, _ y: UnsafeMutablePointer<Scalar>, _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>
    ) -> Void
  ) -> Tensor {
    precondition(shape == second.shape, "filling: shapes \(shape) and \(second.shape)")
    return second.withUnsafePointer { b in filling(on: workers) { fill($0, $1, $2, b) } }
  }

  /// A tensor of this shape that `fill` writes range by range, from this tensor and two others of its shape.
  @inlinable
  public func filling(
    with second: Tensor, _ third: Tensor, on workers: Workers,
    _ fill: (
      Range<Int>, _ y: UnsafeMutablePointer<Scalar>, _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>,
      _ c: UnsafePointer<Scalar>
    ) -> Void
  ) -> Tensor {
    precondition(shape == third.shape, "filling: shapes \(shape) and \(third.shape)")
    return third.withUnsafePointer { c in filling(with: second, on: workers) { fill($0, $1, $2, $3, c) } }
  }

  /// A matrix of this one's shape, filled row by row: `fill(y, x)` writes a row `y`, given this matrix's row `x`.
  @inlinable
  public func fillingRows(
    on workers: Workers, _ fill: (_ y: UnsafeMutablePointer<Scalar>, _ x: UnsafePointer<Scalar>) -> Void
  ) -> Tensor {
    let columns = columns
    return withUnsafePointer { x in
      Tensor(shape) { y in
        workers.forEachRange(of: rows, grain: Swift.max(1, 16384 / columns)) {
          for i in $0 { fill(y + i * columns, x + i * columns) }
        }
      }
    }
  }

  /// A tensor of this shape that `fill(y, a, b)` writes row by row, from this tensor and another of its shape.
  @inlinable
  public func fillingRows(
    with second: Tensor, on workers: Workers,
    _ fill: (_ y: UnsafeMutablePointer<Scalar>, _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>) -> Void
  ) -> Tensor {
    precondition(shape == second.shape, "fillingRows: shapes \(shape) and \(second.shape)")
    let columns = columns
    return withUnsafePointers(self, second) { a, b in
      Tensor(shape) { y in
        workers.forEachRange(of: rows, grain: Swift.max(1, 16384 / columns)) {
          for i in $0 { fill(y + i * columns, a + i * columns, b + i * columns) }
        }
      }
    }
  }

  /// `y[i] = f(x[i])`.
  @inlinable
  public func map(on workers: Workers, _ f: (Scalar) -> Scalar) -> Tensor {
    filling(on: workers) { for i in $0 { $1[i] = f($2[i]) } }
  }

  /// `z[i] = f(x[i], y[i])`.
  /// - Precondition: the tensors have the same shape.
  @inlinable
  public func map(with other: Tensor, on workers: Workers, _ f: (Scalar, Scalar) -> Scalar) -> Tensor {
    filling(with: other, on: workers) { for i in $0 { $1[i] = f($2[i], $3[i]) } }
  }

  /// `w[i] = f(x[i], y[i], z[i])`.
  /// - Precondition: the tensors have the same shape.
  @inlinable
  public func map(
    with second: Tensor, _ third: Tensor, on workers: Workers, _ f: (Scalar, Scalar, Scalar) -> Scalar
  ) -> Tensor {
    filling(with: second, third, on: workers) { for i in $0 { $1[i] = f($2[i], $3[i], $4[i]) } }
  }

  /// Applies an elementary function of the kernels to each scalar.
  public func applying(_ function: ElementaryFunction, on workers: Workers) -> Tensor {
    withUnsafePointer { x in
      Tensor(shape) { y in
        workers.forEachRange(of: count, grain: 4096) {
          Scalar.apply(function, x + $0.lowerBound, y + $0.lowerBound, $0.count)
        }
      }
    }
  }
}
