// Elementwise operations. Each output depends on its own inputs alone, so threads cannot change it.

extension Tensor {
  /// `y[i] = f(x[i])`.
  @inlinable
  public func map(on workers: Workers, _ f: (Scalar) -> Scalar) -> Tensor {
    withUnsafePointer { x in
      Tensor(shape) { y in
        workers.forEachRange(of: count) { for i in $0 { y[i] = f(x[i]) } }
      }
    }
  }

  /// `z[i] = f(x[i], y[i])`.
  /// - Precondition: the tensors have one shape.
  @inlinable
  public func map(with other: Tensor, on workers: Workers, _ f: (Scalar, Scalar) -> Scalar) -> Tensor {
    precondition(shape == other.shape, "map: shapes \(shape) and \(other.shape)")
    return withUnsafePointer { x in
      other.withUnsafePointer { y in
        Tensor(shape) { z in
          workers.forEachRange(of: count) { for i in $0 { z[i] = f(x[i], y[i]) } }
        }
      }
    }
  }

  /// `w[i] = f(x[i], y[i], z[i])`.
  /// - Precondition: the tensors have one shape.
  @inlinable
  public func map(
    with second: Tensor, _ third: Tensor, on workers: Workers, _ f: (Scalar, Scalar, Scalar) -> Scalar
  ) -> Tensor {
    precondition(shape == second.shape && shape == third.shape, "map: \(shape), \(second.shape), \(third.shape)")
    return withUnsafePointer { x in
      second.withUnsafePointer { y in
        third.withUnsafePointer { z in
          Tensor(shape) { w in
            workers.forEachRange(of: count) { for i in $0 { w[i] = f(x[i], y[i], z[i]) } }
          }
        }
      }
    }
  }

  /// `y[i, j] = f(x[i, j], j)`: each scalar with the number of its column.
  @inlinable
  public func mapColumns(on workers: Workers, _ f: (Scalar, Int) -> Scalar) -> Tensor {
    let columns = columns
    return withUnsafePointer { x in
      Tensor(shape) { y in
        workers.forEachRange(of: rows, grain: Swift.max(1, 16384 / columns)) {
          for i in $0 { for j in 0..<columns { y[i * columns + j] = f(x[i * columns + j], j) } }
        }
      }
    }
  }

  /// `f` of each scalar, by the kernels.
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
