import Foundation
import Golden
import Tensors

/// A file of reference values: a head that says where its numbers come from, and cases.
package struct GoldenFile<Case: Decodable & Sendable>: Decodable, Sendable {
  package let what, generator, date, source: String
  package let versions: [String: String]
  package let count: Int
  package let cases: [Case]

  /// Reads the file of that name, `ops/layers.json`, and checks that no case is missing.
  ///
  /// - Throws: `GoldenError`
  package static func load(_ name: String, from folder: GoldenFolder = .builtIn) throws -> GoldenFile {
    let file = try GoldenFile.decode(name, from: folder)
    guard file.cases.count == file.count else {
      throw GoldenError(folder.path(of: name), "\(file.count) cases", "\(file.cases.count)")
    }
    return file
  }
}

extension Decodable {
  /// Decodes the golden file of that name.
  ///
  /// - Throws: `GoldenError`
  package static func decode(_ name: String, from folder: GoldenFolder) throws -> Self {
    let path = folder.path(of: name)
    do {
      return try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch let error as DecodingError {
      throw GoldenError(path, "a golden file", "\(error)")
    } catch let error as GoldenError {
      throw error
    } catch {
      throw GoldenError(path, "a readable file", error.localizedDescription)
    }
  }
}

/// A golden file that is missing or not what it should be.
package struct GoldenError: Error, CustomStringConvertible {
  package let description: String

  package init(_ path: String, _ expected: String, _ found: String) {
    description = "\(path): expected \(expected), found \(found)"
  }
}

package struct GoldenTensor: Decodable, Sendable {
  package let shape: Shape
  package let scalars: [Double]
}

/// A case of `Golden/ops`: an operation's inputs and settings, and its outputs and gradients by an independent source.
package struct GoldenCase: Decodable, Sendable, CustomStringConvertible {
  package let name: String
  /// The operation's name, which is that of its row in the tolerance table.
  package let operation: String
  package let inputs, outputs: [String: GoldenTensor]
  package let cotangents, gradients: [String: GoldenTensor]?
  package let settings: [String: Double]?
  package let labels: [Int]?
  /// The grid's name; nil means ternary.
  package let grid: String?
  /// Whose random stream the noise is of: "Float" or "Double"; nil where there is none.
  package let scalar: String?
  /// `layers` of Golden/ops/layers.json.
  package private(set) var file = ""

  private enum CodingKeys: String, CodingKey {
    case name, inputs, outputs, cotangents, gradients, settings, labels, grid, scalar
    case operation = "layer"
  }

  package var description: String { name }

  /// What a failure is to be called, with the file and how to write it anew.
  package func what(_ tensor: String) -> String {
    "\(name), \(tensor) (Golden/ops/\(file).json; refresh: ci/refresh-oracle \(file))"
  }

  /// All cases of `Golden/ops/<file>.json`.
  ///
  /// - Throws: `GoldenError`
  package static func all(in file: String, of folder: GoldenFolder = .builtIn) throws -> [GoldenCase] {
    try GoldenFile<GoldenCase>.load("ops/\(file).json", from: folder).cases.map {
      var golden = $0
      golden.file = file
      return golden
    }
  }

  /// The cases of these operations.
  ///
  /// - Throws: `GoldenError`
  package static func all(of operations: String..., in file: String = "layers") throws -> [GoldenCase] {
    try all(in: file).filter { operations.contains($0.operation) }
  }

  package func input<Scalar: Real>(_ name: String) throws -> Tensor<Scalar> { try tensor(name, in: inputs) }
  package func output(_ name: String) throws -> Tensor<Double> { try tensor(name, in: outputs) }
  package func gradient(_ name: String) throws -> Tensor<Double> { try tensor(name, in: gradients) }
  package func cotangent<Scalar: Real>(_ name: String) throws -> Tensor<Scalar> { try tensor(name, in: cotangents) }

  package func setting(_ name: String) throws -> Double {
    guard let value = settings?[name] else { throw missing("a setting \(name)") }
    return value
  }

  package func classes() throws -> [Int] {
    guard let labels else { throw missing("labels") }
    return labels
  }

  /// The error of a case that lacks something.
  package func missing(_ what: String) -> GoldenError { GoldenError("Golden/ops/\(file).json, \(name)", what, "none") }

  private func tensor<Scalar: Real>(_ name: String, in tensors: [String: GoldenTensor]?) throws -> Tensor<Scalar> {
    guard let tensor = tensors?[name] else { throw missing("a tensor \(name)") }
    return Tensor(tensor.shape, tensor.scalars.map { Scalar($0) })
  }
}
