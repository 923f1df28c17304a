import Tensors
import TestSupport

extension Tensor {
  /// The planes of the outermost axis in another order, each times a factor.
  func planes(_ order: [(plane: Int, factor: Scalar)]) -> Tensor {
    Tensor(
      [order.count] + shape.dropFirst(),
      order.flatMap { entry in scalars[entry.plane * columns..<(entry.plane + 1) * columns].map { $0 * entry.factor } })
  }

  /// The scalars of one plane.
  func plane(_ k: Int) -> [Scalar] { Array(scalars[k * columns..<(k + 1) * columns]) }
}

/// `requireSameBits`, which is slow, only where memory differs.
func requireSameMemory<Scalar: TensorScalar>(
  _ what: String, _ actual: Tensor<Scalar>, expected: Tensor<Scalar>
) throws {
  let same = actual.scalars.withUnsafeBytes { actual in
    expected.scalars.withUnsafeBytes { actual.elementsEqual($0) }
  }
  if !same || actual.shape != expected.shape { try requireSameBits(what, actual, expected: expected) }
}
