extension Tensor {
  /// The index of the first number in row-major order that is infinite or not a number; nil if all are finite.
  @specialized(where Scalar == Float)
  package func firstNotFinite() -> Int? { scalars.firstIndex { !$0.isFinite } }

  /// True if all numbers are finite.
  package var isFinite: Bool { firstNotFinite() == nil }
}
