/// Mean and variance of numbers.
package struct Moments: Sendable {
  /// How many numbers there are.
  package let count: Int
  /// The mean, in the order of the numbers; NaN of none, and of equal numbers that number.
  package let mean: Double
  /// The variance of one number, with `n − 1`; nil for fewer than two.
  package let variance: Double?

  package init(_ numbers: [Double]) {
    let quotient = numbers.reduce(0, +) / Double(numbers.count)
    // The quotient may be rounded beyond the numbers, in particular beyond equal ones, which then seem to differ.
    let mean = min(max(quotient, numbers.min() ?? quotient), numbers.max() ?? quotient)
    (count, self.mean) = (numbers.count, mean)
    variance = count < 2 ? nil : numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
  }

  /// The standard deviation of one number; nil for fewer than two.
  package var deviation: Double? { variance?.squareRoot() }
  /// The variance of the mean of independent numbers; nil for fewer than two.
  package var squaredError: Double? { variance.map { $0 / Double(count) } }
}
