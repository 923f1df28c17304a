import Tensors

/// A row of the tolerance table: how far a number may be from the expected one, and why it may differ at all.
package struct Tolerance: Sendable, Equatable, Codable {
  /// The operation's name, as in its goldens.
  package let operation: String
  /// The precision, "Float" or "Double".
  package let scalar: String
  /// The largest allowed error, in units in the last place of `max(|expected|, floor)`; 0 means bit-exact.
  package let ulps: Double
  /// The size below which the error is absolute: where terms of this size cancel, their rounding errors remain.
  package let floor: Double
  /// The reason for the difference: the condition number, the reference's accuracy, or something else.
  package let reason: String

  package init<Scalar: TensorScalar>(
    _ operation: String, _: Scalar.Type, ulps: Double, floor: Double, _ reason: String
  ) {
    self.init(operation: operation, scalar: "\(Scalar.self)", ulps: ulps, floor: floor, reason: reason)
  }

  /// This tolerance with its floor in units of `size`.
  package func scaled(by size: Double) -> Tolerance {
    Tolerance(operation: operation, scalar: scalar, ulps: ulps, floor: floor * size, reason: reason)
  }

  private init(operation: String, scalar: String, ulps: Double, floor: Double, reason: String) {
    (self.operation, self.scalar, self.ulps, self.floor, self.reason) = (operation, scalar, ulps, floor, reason)
  }

  /// The largest allowed relative error, `|actual − expected| / max(|expected|, floor)`.
  package var relative: Double { ulps * (scalar == "Float" ? Double(Float.ulpOfOne) : Double.ulpOfOne) }
}
