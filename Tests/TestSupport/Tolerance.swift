/// How far a number may be from the one expected, and why it may be at all.
public struct Tolerance: Sendable {
  /// Largest `|actual − expected| / max(|expected|, floor)`.
  public let relative: Double
  /// Below this size the error is absolute: where terms of order one cancel, their rounding errors remain.
  public let floor: Double
  public let reason: String

  public init(relative: Double, floor: Double, reason: String) {
    self.relative = relative
    self.floor = floor
    self.reason = reason
  }

  public static let goldenDouble = Tolerance(
    relative: 1e-12, floor: 1e-2, reason: "functions within 1 ulp and sums in another order, terms of order one")

  public static let goldenFloat = Tolerance(
    relative: 2e-5, floor: 0.1, reason: "the same formulas with 24 bits, terms of order one")

  public static let saturatedDouble = Tolerance(
    relative: 1e-8, floor: 1e-2, reason: "1 − x² where x is within 1e-6 of ±1 keeps about ten digits, here and in JAX")

  public static let randomDouble = Tolerance(
    relative: 1e-15, floor: 1, reason: "three roundings and functions within 1 ulp; the exact formula is expected")

  public static let gradient = Tolerance(
    relative: 1e-7, floor: 1e-3,
    reason: "central differences: truncation ~ h⁴ and rounding ~ 1e-16 / h; the floor is in units of the largest entry")
}
