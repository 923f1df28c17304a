import Layers
import Tensors
import Testing
import Verification
import VerificationSuites

/// The tensors computed for a golden case, by the oracle's names; names of gradients begin with ∂.
package typealias Fields = [String: Tensor<Double>]

/// A wrong variant of an operation, which the comparison with the goldens must reject and name.
package struct PlantedFault: Sendable, CustomTestStringConvertible {
  package typealias Variant = @Sendable (inout Fields, GoldenCase) throws -> Void

  /// How the comparison must reject it.
  package enum Manner: Sendable {
    /// A number is too far off, or has the wrong sign or different bits.
    case value
    case nan, shape
    /// The field is missing.
    case missing
  }

  /// What is wrong.
  package let what: String
  /// The golden case's name.
  package let golden: String
  /// The field that must be named.
  package let field: String
  package let manner: Manner
  /// Whether numbers are rounded to Float and compared within Float's tolerance, instead of in Double.
  private let inFloat: Bool
  private let sound, faulty: Variant

  /// A fault that changes what Signet computes.
  init(
    _ what: String, of golden: String, in field: String, as manner: Manner = .value, _ faulty: @escaping Variant
  ) {
    self.init(what, of: golden, in: field, as: manner, sound: { _, _ in }, faulty: faulty)
  }

  /// A fault of a plain implementation that agrees with the goldens without the fault.
  init<Plain: PlainOperation>(
    _ what: String, of golden: String, in field: String, as manner: Manner = .value, inFloat: Bool = false,
    _ plain: Plain
  ) {
    self.init(what, of: golden, in: field, as: manner, inFloat: inFloat, sound: Plain().write, faulty: plain.write)
  }

  /// A fault of the layer's circumstances: other inputs, or noise of another stream.
  init(_ what: String, of golden: String, in field: String, as manner: Manner = .value, layer change: LayerChange) {
    self.init(
      what, of: golden, in: field, as: manner, sound: LayerChange().write, faulty: change.write)
  }

  private init(
    _ what: String, of golden: String, in field: String, as manner: Manner, inFloat: Bool = false,
    sound: @escaping Variant, faulty: @escaping Variant
  ) {
    (self.what, self.golden, self.field, self.manner, self.inFloat) = (what, golden, field, manner, inFloat)
    (self.sound, self.faulty) = (sound, faulty)
  }

  package var testDescription: String { "\(golden): \(what); must name \(field)" }

  /// The failures of the sound variant against the goldens; empty if it passes.
  package func soundFailures() throws -> [String] { try failures(sound).map(\.description) }

  /// The failures of the faulty variant that are of the required manner and name the required field.
  package func rejections() throws -> [String] {
    let golden = try goldenCase()
    let place = "\(golden.name), \(field) (Golden/ops/"
    return try failures(faulty).filter { $0.manner == manner && $0.description.contains(place) }.map(\.description)
  }

  private func goldenCase() throws -> GoldenCase {
    guard let golden = try goldens.get()[golden] else { throw GoldenError("Golden/ops", "a case \(golden)", "none") }
    return golden
  }

  private func failures(_ variant: Variant) throws -> [(manner: Manner, description: String)] {
    try inFloat ? failures(variant, as: Float.self) : failures(variant, as: Double.self)
  }

  private func failures<Scalar: TensorScalar>(
    _ variant: Variant, as _: Scalar.Type
  ) throws -> [(manner: Manner, description: String)] {
    let golden = try goldenCase()
    let computed = try golden.computed(as: Scalar.self).map { ($0.name, $0.tensor.rounded(to: Double.self)) }
    // If several parameterizations have a field, use the first one's.
    var fields = Fields(computed) { first, _ in first }
    try variant(&fields, golden)
    do {
      let rounded = fields.map { (name: $0.key, tensor: $0.value.rounded(to: Scalar.self)) }
      return try OperationSuite.check(golden, rounded).compactMap {
        guard case .outside(let deviation) = $0.verdict else { return nil }
        return (Manner(deviation.kind), deviation.description)
      }
    } catch let error as GoldenError {
      return [(.missing, error.description)]
    }
  }
}

extension PlantedFault.Manner {
  fileprivate init(_ kind: Deviation.Kind) {
    switch kind {
    case .shape: self = .shape
    case .nan: self = .nan
    case .sign, .size, .bits: self = .value
    }
  }
}

extension Tensor {
  /// The tensor in another precision.
  func rounded<Other: TensorScalar>(to _: Other.Type) -> Tensor<Other> {
    Tensor<Other>(shape, scalars.map { Other(Double($0)) })
  }
}

/// All cases of `Golden/ops` by name.
private let goldens = Result {
  Dictionary(
    uniqueKeysWithValues: try OperationSuite.files.flatMap { try GoldenCase.all(in: $0) }.map { ($0.name, $0) })
}

/// An operation computed from its formula, one number at a time, with properties that make it wrong; the initial values
/// make it right.
protocol PlainOperation: Sendable {
  init()
  /// Replaces what Signet computed for the case by the operation's own results.
  func write(_ fields: inout Fields, _ golden: GoldenCase) throws
}

extension Fields {
  /// Changes every number of a field.
  mutating func change(_ name: String, _ f: (Double) -> Double) {
    guard let tensor = self[name] else { preconditionFailure("no field is called \(name)") }
    self[name] = tensor.map(on: .single, f)
  }

  /// Changes every number of a field, given the number at the same place of another tensor.
  mutating func change(_ name: String, with other: Tensor<Double>, _ f: (Double, Double) -> Double) {
    guard let tensor = self[name] else { preconditionFailure("no field is called \(name)") }
    self[name] = tensor.map(with: other, on: .single, f)
  }

  /// Changes one number of a field.
  mutating func change(_ name: String, at index: Int, to value: Double) {
    guard let tensor = self[name] else { preconditionFailure("no field is called \(name)") }
    var scalars = tensor.scalars
    scalars[index] = value
    self[name] = Tensor(tensor.shape, scalars)
  }

  mutating func swap(_ a: String, _ b: String) { (self[a], self[b]) = (self[b], self[a]) }
}

extension GoldenCase {
  /// An input in Double.
  func given(_ name: String) throws -> Tensor<Double> { try input(name) }
  /// The incoming gradient for an output, in Double.
  func coming(_ name: String) throws -> Tensor<Double> { try cotangent(name) }
}
