import Tensors

/// How far a number may be from the one expected, and why it may be at all: a row of the tolerance table.
package struct Tolerance: Sendable, Equatable, Codable {
  /// What is computed: the name that its goldens bear.
  package let operation: String
  /// The precision, "Float" or "Double".
  package let scalar: String
  /// The most units in the last place of `max(|expected|, floor)`; 0 is bit-exact.
  package let ulps: Double
  /// Below this size the error is absolute: where terms of this size cancel, their rounding errors remain.
  package let floor: Double
  /// The condition number, the reference's accuracy, or whatever else makes the difference.
  package let reason: String

  package init<Scalar: TensorScalar>(
    _ operation: String, _: Scalar.Type, ulps: Double, floor: Double, _ reason: String
  ) {
    self.init(operation: operation, scalar: "\(Scalar.self)", ulps: ulps, floor: floor, reason: reason)
  }

  /// A row that allows nothing.
  package static func exactly<Scalar: TensorScalar>(_ operation: String, _ scalar: Scalar.Type, _ reason: String)
    -> Tolerance
  {
    Tolerance(operation, scalar, ulps: 0, floor: 0, reason)
  }

  /// This tolerance with its floor in units of `size`.
  package func scaled(by size: Double) -> Tolerance {
    Tolerance(operation: operation, scalar: scalar, ulps: ulps, floor: floor * size, reason: reason)
  }

  private init(operation: String, scalar: String, ulps: Double, floor: Double, reason: String) {
    (self.operation, self.scalar, self.ulps, self.floor, self.reason) = (operation, scalar, ulps, floor, reason)
  }

  /// The largest relative error, `|actual − expected| / max(|expected|, floor)`.
  package var relative: Double { ulps * (scalar == "Float" ? Double(Float.ulpOfOne) : Double.ulpOfOne) }
}
