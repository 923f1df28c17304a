import Files
import Foundation
import Golden
import Tensors

/// A file of reference values: a header that says where the numbers come from, and cases.
package struct GoldenFile<Case: Decodable & Sendable>: Decodable, Sendable {
  package let what, generator, date, source: String
  /// The digest of the bits of all inputs, as described in Golden/oracle/common.py.
  package let inputsSHA256: String
  package let versions: [String: String]
  package let count: Int
  package let cases: [Case]

  /// Reads a file such as `ops/layers.json`, and checks that there are cases, that none is missing, and that bits and decimals agree.
  ///
  /// - Throws: `GoldenError`
  package static func load(_ name: String, from folder: GoldenFolder = .builtIn) throws -> GoldenFile {
    try decode(name, from: folder)
  }

  private enum CodingKeys: CodingKey { case what, generator, date, source, inputsSHA256, versions, count, cases }
  private struct Named: Decodable { let name: String }

  package init(from decoder: any Decoder) throws {
    let head = try decoder.container(keyedBy: CodingKeys.self)
    what = try head.decode(String.self, forKey: .what)
    generator = try head.decode(String.self, forKey: .generator)
    date = try head.decode(String.self, forKey: .date)
    source = try head.decode(String.self, forKey: .source)
    inputsSHA256 = try head.decode(String.self, forKey: .inputsSHA256)
    versions = try head.decode([String: String].self, forKey: .versions)
    count = try head.decode(Int.self, forKey: .count)
    var list = try head.nestedUnkeyedContainer(forKey: .cases)
    var cases: [Case] = []
    while !list.isAtEnd {
      let element = try list.superDecoder()
      do {
        cases.append(try Case(from: element))
      } catch let flaw as GoldenFlaw {
        throw GoldenFlaw("case \((try? Named(from: element))?.name ?? "\(cases.count)"), \(flaw.place)", flaw)
      }
    }
    if cases.count != count { throw GoldenFlaw("cases", "\(count)", "\(cases.count)") }
    if cases.isEmpty { throw GoldenFlaw("cases", "at least one", "none") }
    self.cases = cases
  }
}

extension Decodable {
  /// Decodes the golden file with this name.
  ///
  /// - Throws: `GoldenError`
  package static func decode(_ name: String, from folder: GoldenFolder) throws -> Self {
    let path = folder.path(of: name)
    return try decode(GoldenError.contents(of: path), named: path)
  }

  /// Decodes a golden file's contents; the file's name is used in error messages.
  ///
  /// - Throws: `GoldenError`
  package static func decode(_ data: Data, named path: String) throws -> Self {
    do {
      return try JSONDecoder().decode(Self.self, from: data)
    } catch let flaw as GoldenFlaw {
      throw GoldenError("\(path): \(flaw.place)", flaw.expected, flaw.found)
    } catch {
      throw GoldenError(path, "a golden file", whatDoesNotDecode(error))
    }
  }
}

/// What is wrong within a golden file.
private struct GoldenFlaw: Error {
  let place, expected, found: String

  init(_ place: String, _ expected: String, _ found: String) {
    (self.place, self.expected, self.found) = (place, expected, found)
  }

  /// The same flaw at a more specific place.
  init(_ place: String, _ flaw: GoldenFlaw) { self.init(place, flaw.expected, flaw.found) }
}

/// A golden file is missing or is not what it should be.
package struct GoldenError: Error, CustomStringConvertible {
  package let description: String
  /// Whether a file or folder is missing or cannot be read, as opposed to having wrong contents.
  package let isInputOutput: Bool

  package init(_ path: String, _ expected: String, _ found: String, isInputOutput: Bool = false) {
    description = "\(path): expected \(expected), found \(found)"
    self.isInputOutput = isInputOutput
  }

  /// The bytes of a file.
  package static func contents(of path: String) throws(GoldenError) -> Data {
    do {
      return try Data(contentsOf: URL(plainPath: path))
    } catch {
      throw GoldenError(path, "a readable file", reason(of: error), isInputOutput: true)
    }
  }
}

/// Numbers that a file holds twice: as decimals, and as the bits of a Double in 16 hexadecimal digits each.
package struct GoldenTensor: Decodable, Sendable {
  package let shape: Shape
  package let scalars: [Double]

  private enum CodingKeys: CodingKey { case shape, scalars, bits }

  /// Decodes the numbers.
  ///
  /// - Throws: an error if decimals and bits disagree, or the shape is none of theirs.
  package init(from decoder: any Decoder) throws {
    let tensor = try decoder.container(keyedBy: CodingKeys.self)
    shape = try tensor.decode(Shape.self, forKey: .shape)
    scalars = try tensor.decode([Double].self, forKey: .scalars)
    let bits = try tensor.decode(String.self, forKey: .bits).split(separator: " ")
    let name = decoder.codingPath.last?.stringValue ?? "tensor"
    guard bits.count == scalars.count, scalars.count == Self.count(of: shape) else {
      throw GoldenFlaw(name, "as many decimals and bits as shape \(shape) has", "\(scalars.count) and \(bits.count)")
    }
    for (index, (scalar, text)) in zip(scalars, bits).enumerated()
    where text.count != 16 || UInt64(text, radix: 16) != scalar.bitPattern {
      throw GoldenFlaw("\(name)[\(index)]", "the bits of \(scalar)", "\(text)")
    }
  }

  /// How many numbers a tensor of this shape has; nil for a shape that none has.
  private static func count(of shape: Shape) -> Int? {
    guard !shape.isEmpty, shape.allSatisfy({ $0 > 0 }) else { return nil }
    return shape.reduce(1) { (count: Int?, size) -> Int? in
      guard let (product, overflow) = count?.multipliedReportingOverflow(by: size), !overflow else { return nil }
      return product
    }
  }
}

/// A case of `Golden/ops`: an operation's inputs and settings, and its outputs and gradients from an independent source.
package struct GoldenCase: Decodable, Sendable, CustomStringConvertible {
  package let name: String
  /// The operation's name, which is also that of its row in the tolerance table.
  package let operation: String
  package let inputs, outputs: [String: GoldenTensor]
  package let cotangents, gradients: [String: GoldenTensor]?
  package let settings: [String: Double]?
  package let labels: [Int]?
  /// The grid's name; nil means ternary.
  package let grid: String?
  /// The type whose random stream the noise is from, "Float" or "Double"; nil if there is no noise.
  package let scalar: String?
  /// The file's name without folder and extension: `layers` for Golden/ops/layers.json.
  package private(set) var file = ""

  private enum CodingKeys: String, CodingKey {
    case name, inputs, outputs, cotangents, gradients, settings, labels, grid, scalar
    case operation = "layer"
  }

  package var description: String { name }

  /// The label of a failure, with the file and the command that refreshes it.
  package func what(_ tensor: String) -> String {
    "\(name), \(tensor) (Golden/ops/\(file).json; refresh: ci/refresh-oracle --accept \(file).py)"
  }

  /// All cases of `Golden/ops/<file>.json`. A gradient has the shape of the input with its name, a cotangent that of its output.
  ///
  /// - Throws: `GoldenError`
  package static func all(in file: String, of folder: GoldenFolder = .builtIn) throws -> [GoldenCase] {
    try GoldenFile<GoldenCase>.load("ops/\(file).json", from: folder).cases.map {
      var golden = $0
      golden.file = file
      try golden.requireShapes("gradient", golden.gradients, of: golden.inputs)
      try golden.requireShapes("cotangent", golden.cotangents, of: golden.outputs)
      return golden
    }
  }

  private func requireShapes(
    _ what: String, _ tensors: [String: GoldenTensor]?, of others: [String: GoldenTensor]
  ) throws(GoldenError) {
    for (name, tensor) in tensors ?? [:] {
      guard let shape = others[name]?.shape, shape != tensor.shape else { continue }
      throw unfit("\(name) and its \(what) of one shape", "\(shape) and \(tensor.shape)")
    }
  }

  /// All cases of the given operations.
  ///
  /// - Throws: `GoldenError`
  package static func all(of operations: String..., in file: String = "layers") throws -> [GoldenCase] {
    try all(in: file).filter { operations.contains($0.operation) }
  }

  package func input<Scalar: TensorScalar>(_ name: String) throws -> Tensor<Scalar> { try tensor(name, in: inputs) }
  package func output(_ name: String) throws -> Tensor<Double> { try tensor(name, in: outputs) }
  package func gradient(_ name: String) throws -> Tensor<Double> { try tensor(name, in: gradients) }
  package func cotangent<Scalar: TensorScalar>(_ name: String) throws -> Tensor<Scalar> {
    try tensor(name, in: cotangents)
  }

  package func setting(_ name: String) throws -> Double {
    guard let value = settings?[name] else { throw missing("a setting \(name)") }
    return value
  }

  package func classes() throws -> [Int] {
    guard let labels else { throw missing("labels") }
    return labels
  }

  /// The error for a case that has something else than its operation needs.
  package func unfit(_ expected: String, _ found: String) -> GoldenError {
    GoldenError("Golden/ops/\(file).json, \(name)", expected, found)
  }

  /// The error for a case that lacks something.
  package func missing(_ what: String) -> GoldenError { unfit(what, "none") }

  private func tensor<Scalar: TensorScalar>(_ name: String, in tensors: [String: GoldenTensor]?) throws -> Tensor<
    Scalar
  > {
    guard let tensor = tensors?[name] else { throw missing("a tensor \(name)") }
    return Tensor(tensor.shape, tensor.scalars.map { Scalar($0) })
  }
}
