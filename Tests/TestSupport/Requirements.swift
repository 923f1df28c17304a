import Tensors
import Verification

/// The thread counts that every result must be independent of.
package let threadCounts = [1, 2, 3, 5]

/// Throws the `Deviation` of `actual`, if there is one.
/// - Returns: the largest error.
@discardableResult
package func requireClose<Scalar: TensorScalar>(
  _ what: String, _ actual: Tensor<Scalar>, expected: Tensor<Double>, within tolerance: Tolerance
) throws -> Double {
  if let deviation = deviation(what, actual, expected: expected, within: tolerance) { throw deviation }
  return worstError(actual.scalars, expected: expected.scalars, floor: tolerance.floor).error
}

/// Throws unless the shapes and all bits agree; zeros of different signs differ, and so do different NaNs.
package func requireSameBits<Scalar: TensorScalar>(
  _ what: String, _ actual: Tensor<Scalar>, expected: Tensor<Scalar>
) throws {
  guard actual.shape == expected.shape else {
    throw Deviation(kind: .shape, description: "\(what): expected shape \(expected.shape), actual \(actual.shape)")
  }
  for (index, (a, e)) in zip(actual.scalars, expected.scalars).enumerated()
  where a.bits != e.bits {
    let bits = (String(e.bits, radix: 16), String(a.bits, radix: 16))
    throw Deviation(
      kind: .bits,
      description: "\(what)[\(index)]: expected \(e) (0x\(bits.0)), actual \(a) (0x\(bits.1)), allowed 0 ulps")
  }
}
