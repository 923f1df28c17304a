import Foundation
import Tensors

/// A file of Golden/ops: a head that says where its numbers come from, and cases.
public struct GoldenFile<Case: Decodable & Sendable>: Decodable, Sendable {
  public let what, generator, date, source: String
  public let versions: [String: String]
  public let count: Int
  public let cases: [Case]

  /// Reads `Golden/ops/<name>`, and checks that no case is missing.
  public static func load(_ name: String) throws -> GoldenFile {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: root.appendingPathComponent("Golden/ops/\(name)"))
    let file = try JSONDecoder().decode(GoldenFile.self, from: data)
    guard file.cases.count == file.count else {
      throw GoldenError("Golden/ops/\(name): \(file.count) cases expected, \(file.cases.count) found")
    }
    return file
  }
}

public struct GoldenError: Error, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}

public struct GoldenTensor: Decodable, Sendable {
  public let shape: Shape
  public let scalars: [Double]
}

/// A case of Golden/ops/layers.json.
public struct LayerCase: Decodable, Sendable, CustomStringConvertible {
  public let name, layer: String
  public let inputs, outputs: [String: GoldenTensor]
  public let cotangents, gradients: [String: GoldenTensor]?
  public let settings: [String: Double]?
  public let labels: [Int]?
  /// The grid's name; nil means ternary.
  public let grid: String?
  /// Whose random stream the noise is of: "Float" or "Double"; nil where there is none.
  public let scalar: String?
  private var file = "layers"

  private enum CodingKeys: CodingKey {
    case name, layer, inputs, outputs, cotangents, gradients, settings, labels, grid, scalar
  }

  public var description: String { name }

  /// What a failure is to be called, with the file and how to write it anew.
  public func what(_ tensor: String) -> String {
    "\(name), \(tensor) (Golden/ops/\(file).json; refresh: python3 Golden/oracle/\(file).py)"
  }

  /// The cases of these layers in `Golden/ops/<file>.json`.
  public static func all(of layers: String..., in file: String = "layers") throws -> [LayerCase] {
    try GoldenFile<LayerCase>.load("\(file).json").cases.filter { layers.contains($0.layer) }.map {
      var golden = $0
      golden.file = file
      return golden
    }
  }

  public func input<Scalar: Real>(_ name: String) throws -> Tensor<Scalar> { try tensor(name, in: inputs) }
  public func output(_ name: String) throws -> Tensor<Double> { try tensor(name, in: outputs) }
  public func gradient(_ name: String) throws -> Tensor<Double> { try tensor(name, in: gradients) }
  public func cotangent<Scalar: Real>(_ name: String) throws -> Tensor<Scalar> { try tensor(name, in: cotangents) }

  public func setting(_ name: String) throws -> Double {
    guard let value = settings?[name] else { throw GoldenError("\(self.name): no setting \(name)") }
    return value
  }

  private func tensor<Scalar: Real>(_ name: String, in tensors: [String: GoldenTensor]?) throws -> Tensor<Scalar> {
    guard let tensor = tensors?[name] else { throw GoldenError("\(self.name): no tensor \(name)") }
    return Tensor(tensor.shape, tensor.scalars.map { Scalar($0) })
  }
}
