// Elementwise operations with a closure for each element, meant for small tensors and for tests: whatever a training step does to
// large ones is a pass. Each output depends on its own inputs alone, so threads cannot change it.

extension Tensor {
  /// A tensor whose scalar in row `i`, column `j` is `f(i, j)`.
  @inlinable
  public init(_ shape: Shape, on device: Device, _ f: (_ i: Int, _ j: Int) -> Scalar) {
    let columns = shape.dropFirst().reduce(1, *)
    self.init(shape) { y in
      device.forEachRange(of: shape[0] * columns) { range in
        var (i, j) = range.lowerBound.quotientAndRemainder(dividingBy: columns)
        for position in range {
          y[position] = f(i, j)
          j += 1
          if j == columns { (i, j) = (i + 1, 0) }
        }
      }
    }
  }

  /// `y[i] = f(x[i])`.
  @inlinable
  public func map(on device: Device, _ f: (Scalar) -> Scalar) -> Tensor {
    withUnsafePointer { x in
      Tensor(shape) { y in device.forEachRange(of: count) { for i in $0 { y[i] = f(x[i]) } } }
    }
  }

  /// `z[i] = f(x[i], y[i])`.
  /// - Precondition: the tensors have the same shape.
  @inlinable
  public func map(with other: Tensor, on device: Device, _ f: (Scalar, Scalar) -> Scalar) -> Tensor {
    precondition(shape == other.shape, "map: shapes \(shape) and \(other.shape)")
    return withUnsafePointers(self, other) { x, y in
      Tensor(shape) { z in device.forEachRange(of: count) { for i in $0 { z[i] = f(x[i], y[i]) } } }
    }
  }

  /// `w[i] = f(x[i], y[i], z[i])`.
  /// - Precondition: the tensors have the same shape.
  @inlinable
  public func map(
    with second: Tensor, _ third: Tensor, on device: Device, _ f: (Scalar, Scalar, Scalar) -> Scalar
  ) -> Tensor {
    precondition(shape == second.shape && shape == third.shape, "map: shapes \(shape), \(second.shape), \(third.shape)")
    return withUnsafePointers(self, second, third) { x, y, z in
      Tensor(shape) { w in device.forEachRange(of: count) { for i in $0 { w[i] = f(x[i], y[i], z[i]) } } }
    }
  }

  /// Applies an elementary function of the kernels to each scalar.
  public func applying(_ function: ElementaryFunction, on device: Device) -> Tensor {
    if let accelerator = device.accelerator(for: Scalar.self) { return accelerator.apply(function, to: self) }
    return withUnsafePointer { x in
      Tensor(shape) { y in
        device.forEachRange(of: count, grain: 4096) {
          Scalar.apply(function, x + $0.lowerBound, y + $0.lowerBound, $0.count)
        }
      }
    }
  }
}
