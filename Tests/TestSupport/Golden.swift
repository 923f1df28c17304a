import Foundation
import Tensors

/// A file of Golden: a head that says where its numbers come from, and cases.
public struct GoldenFile<Case: Decodable & Sendable>: Decodable, Sendable {
  public let what, generator, date, source: String
  /// Of all inputs' bits, as Golden/oracle/common.py says.
  public let inputsSHA256: String
  public let versions: [String: String]
  public let count: Int
  public let cases: [Case]

  /// Reads `Golden/<suite>/<name>`, and checks that no case is missing and that bits and decimals agree.
  public static func load(_ name: String, in suite: String = "ops") throws -> GoldenFile {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try decode(
      Data(contentsOf: root.appendingPathComponent("Golden/\(suite)/\(name)")), "Golden/\(suite)/\(name)")
  }

  /// Decodes a file's contents; its name is for errors.
  public static func decode(_ data: Data, _ name: String) throws -> GoldenFile {
    do {
      let file = try JSONDecoder().decode(GoldenFile.self, from: data)
      guard file.cases.count == file.count else {
        throw GoldenError("\(file.count) cases expected, \(file.cases.count) found")
      }
      return file
    } catch let error as GoldenError {
      throw GoldenError("\(name): \(error)")
    }
  }

  private enum CodingKeys: CodingKey { case what, generator, date, source, inputsSHA256, versions, count, cases }
  private struct Named: Decodable { let name: String }

  public init(from decoder: any Decoder) throws {
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
      } catch let error as GoldenError {
        throw GoldenError("case \((try? Named(from: element))?.name ?? "\(cases.count)"), \(error)")
      }
    }
    self.cases = cases
  }
}

public struct GoldenError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// Numbers that stand twice in a file: as decimals, and as the bits of a Double, 16 hexadecimal digits each.
public struct GoldenTensor: Decodable, Sendable {
  public let shape: Shape
  public let scalars: [Double]

  private enum CodingKeys: CodingKey { case shape, scalars, bits }

  /// - Throws: `GoldenError` if decimals and bits disagree.
  public init(from decoder: any Decoder) throws {
    let tensor = try decoder.container(keyedBy: CodingKeys.self)
    shape = try tensor.decode(Shape.self, forKey: .shape)
    scalars = try tensor.decode([Double].self, forKey: .scalars)
    let bits = try tensor.decode(String.self, forKey: .bits).split(separator: " ")
    let name = decoder.codingPath.last?.stringValue ?? "tensor"
    guard bits.count == scalars.count, scalars.count == shape.reduce(1, *) else {
      throw GoldenError("\(name): \(scalars.count) decimals and \(bits.count) bit patterns for shape \(shape)")
    }
    for (index, (scalar, text)) in zip(scalars, bits).enumerated()
    where text.count != 16 || UInt64(text, radix: 16) != scalar.bitPattern {
      throw GoldenError("\(name)[\(index)]: \(scalar) has not the bits \(text)")
    }
  }
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
