import Tensors

/// The result of comparing one field with its golden values.
package enum Verdict: Sendable, Equatable {
  /// Every number is the expected one, rounded to the field's precision.
  case bitExact
  /// The largest error, the allowed one, and the unit of both.
  case within(Double, of: Double, in: ErrorUnit)
  case outside(Deviation)
}

/// What errors are measured in.
package enum ErrorUnit: String, Sendable, Encodable {
  /// Units in the last place.
  case ulps
  /// Of a mean, or of the difference of two.
  case standardErrors = "standard errors"
}

/// What is wrong with a computed tensor; the description names the place.
package struct Deviation: Error, Equatable, CustomStringConvertible {
  package enum Kind: Sendable { case shape, nan, sign, size, bits }
  package let kind: Kind
  package let description: String

  package init(kind: Kind, description: String) {
    self.kind = kind
    self.description = description
  }
}

/// One field of a case, and the verdict on it.
package struct FieldResult: Sendable {
  package let name: String
  /// The operation whose tolerance applies.
  package let operation: String
  package let verdict: Verdict
  /// If the field is outside its tolerance, all expected and actual numbers.
  fileprivate(set) package var evidence: Evidence?

  package init(_ name: String, operation: String, _ verdict: Verdict) {
    self.name = name
    self.operation = operation
    self.verdict = verdict
  }

  /// Bit-exact if both are equal.
  package static func equality<Value: Equatable>(
    _ name: String, operation: String, _ found: Value, expected: Value
  ) -> FieldResult {
    let deviation = Deviation(kind: .bits, description: "\(name): expected \(expected), found \(found)")
    return FieldResult(name, operation: operation, found == expected ? .bitExact : .outside(deviation))
  }
}

/// The largest error of `actual` and its index; the error is `|actual − expected| / max(|expected|, floor)`.
///
/// NaN counts as infinitely wrong, unless both are NaN; equal infinities agree.
/// - Parameter conditions: condition numbers to divide the errors by; nil means 1.
/// - Precondition: `actual` and `expected` have the same number of elements.
package func worstError<Scalar: TensorScalar>(
  _ actual: [Scalar], expected: [Double], floor: Double, conditions: [Double]? = nil
) -> (index: Int, error: Double) {
  precondition(actual.count == expected.count, "worstError: \(actual.count) numbers for \(expected.count)")
  var worst = (index: 0, error: 0.0)
  for (index, (a, e)) in zip(actual, expected).enumerated() {
    let error = relativeError(Double(a), e, floor: floor) / (conditions?[index] ?? 1)
    if !(error <= worst.error) { worst = (index, error) }
  }
  return worst
}

func relativeError(_ actual: Double, _ expected: Double, floor: Double) -> Double {
  if actual == expected || actual.isNaN && expected.isNaN { return 0 }
  let error = abs(actual - expected) / max(abs(expected), floor)
  return error.isFinite ? error : .infinity
}

/// The first thing that is wrong with `actual`, in this order: shape, NaN, sign, size.
///
/// A different sign counts as wrong only where the expected number is larger than the allowed error.
/// - Parameter conditions: condition numbers to multiply the tolerance by; nil means 1.
package func deviation<Scalar: TensorScalar>(
  _ what: String, _ actual: Tensor<Scalar>, expected: Tensor<Double>, within tolerance: Tolerance,
  conditions: [Double]? = nil
) -> Deviation? {
  guard actual.shape == expected.shape else {
    return Deviation(
      kind: .shape, description: "\(what): expected shape \(expected.shape), actual \(actual.shape)")
  }
  func report(_ kind: Deviation.Kind, _ label: String, at index: Int) -> Deviation {
    let (a, e) = (actual.scalars[index], expected.scalars[index])
    let condition = conditions?[index] ?? 1
    let ulps = relativeError(Double(a), e, floor: tolerance.floor) / Double(Scalar.ulpOfOne)
    return Deviation(
      kind: kind,
      description:
        "\(what)[\(index)]: \(label): expected \(e), actual \(a), \(ulps) ulps, allowed \(tolerance.ulps * condition) "
        + "of max(|expected|, \(tolerance.floor)) for \(tolerance.operation) in \(tolerance.scalar): \(tolerance.reason)"
    )
  }
  let pairs = zip(actual.scalars, expected.scalars).enumerated()
  if let (i, _) = pairs.first(where: { $1.0.isNaN != $1.1.isNaN }) { return report(.nan, "NaN", at: i) }
  let wrongSign = pairs.first { index, pair in
    let (a, e) = (Double(pair.0), pair.1)
    return abs(e) > tolerance.relative * tolerance.floor * (conditions?[index] ?? 1) && a != 0 && (a < 0) != (e < 0)
      && !e.isNaN
  }
  if let (i, _) = wrongSign { return report(.sign, "wrong sign", at: i) }
  let expectedRounded = expected.scalars.map { Scalar($0) }
  if tolerance.ulps == 0 {
    let wrong = zip(actual.scalars, expectedRounded).enumerated().first {
      $1.0.bits != $1.1.bits
    }
    return wrong.map { report(.bits, "other bits", at: $0.offset) }
  }
  let worst = worstError(
    actual.scalars, expected: expected.scalars, floor: tolerance.floor, conditions: conditions)
  return worst.error <= tolerance.relative ? nil : report(.size, "too far", at: worst.index)
}

/// The verdict on one field.
package func compare<Scalar: TensorScalar>(
  _ what: String, _ actual: Tensor<Scalar>, expected: Tensor<Double>, within tolerance: Tolerance,
  conditions: [Double]? = nil
) -> FieldResult {
  var verdict: Verdict {
    if let deviation = deviation(what, actual, expected: expected, within: tolerance, conditions: conditions) {
      return .outside(deviation)
    }
    if zip(actual.scalars, expected.scalars).allSatisfy({ $0.bits == Scalar($1).bits }) {
      return .bitExact
    }
    let error = worstError(
      actual.scalars, expected: expected.scalars, floor: tolerance.floor, conditions: conditions
    ).error
    return .within(error / Double(Scalar.ulpOfOne), of: tolerance.ulps, in: .ulps)
  }
  var result = FieldResult(what, operation: "\(tolerance.operation), \(tolerance.scalar)", verdict)
  if case .outside = result.verdict { result.evidence = Evidence(expected: expected, actual: actual) }
  return result
}
