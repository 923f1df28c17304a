import Files
import Layers
import Tensors
import WeightDistributions

extension Network {
  /// All parameters and statistics, by their names in `parameters`.
  public var tensors: [String: StoredTensor] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, StoredTensor($0.tensor)) })
  }

  /// Writes `tensors` to a safetensors file, which appears whole or not at all.
  ///
  /// - Throws: `FileWriteError`, also if the metadata are not within `SafetensorsFile.Limit`.
  public func save(to path: String, metadata: [String: String] = [:]) throws(FileWriteError) {
    try SafetensorsFile(metadata: metadata, tensors: tensors).write(to: path)
  }

  /// The network of a specification with these parameters and statistics; its `digest` is that of the network they were taken
  /// from.
  ///
  /// - Parameters:
  ///   - tensors: the tensors by their names in `parameters`.
  ///   - path: the file they come from, for errors.
  /// - Throws: `NetworkFileError` if a tensor is missing, unknown, or of another type or shape; what
  ///   `NetworkSpecification.validate()` throws.
  public init(
    _ specification: NetworkSpecification, tensors: [String: StoredTensor], from path: String, on device: Device
  ) throws {
    let parameterization = specification.method.parameterization
    var unknown = Set(tensors.keys)
    func tensor(_ name: String, of index: Int, _ shape: Shape) throws(NetworkFileError) -> Tensor<Scalar> {
      let name = "\(Self.blockName(index)).\(name)"
      unknown.remove(name)
      return try Self.tensor(tensors[name], shape: shape, name: name, path: path)
    }
    try self.init(specification) { shape, index in
      func bias() throws -> Tensor<Scalar>? {
        shape.isLast ? try tensor("linear.bias", of: index, [shape.outputs]) : nil
      }
      guard specification.kind.isDiscrete else {
        return shape.layer(weights: try tensor("linear.weights", of: index, shape.weights), bias: try bias())
      }
      let logits = try tensor(
        "linear.logits", of: index, [parameterization.count(of: shape.grid)] + shape.weights)
      return shape.layer(
        weights: WeightDistribution(
          grid: shape.grid, parameterization: parameterization, logits: logits, on: device), bias: try bias())
    } normalization: { shape, index in
      func parameter(_ name: String) throws -> Tensor<Scalar> {
        try tensor("normalization.\(name)", of: index, [shape.outputs])
      }
      return BatchNormalization(
        scale: try parameter("scale"), shift: try parameter("shift"),
        running: BatchStatistics(
          mean: try parameter("runningMean"), inverseDeviation: try parameter("runningInverseDeviation")))
    }
    if let error = NetworkFileError(unknown: unknown, in: path) { throw error }
  }

  /// Checks that parameters and statistics are those whose digest is known.
  ///
  /// - Parameter path: the file they come from, for errors.
  /// - Throws: `NetworkFileError.wrongDigest`
  package func requireDigest(_ expected: String, from path: String) throws(NetworkFileError) {
    let actual = digest
    guard actual == expected else { throw .wrongDigest(path: path, expected: expected, actual: actual) }
  }

  /// Checks that all parameters and statistics are finite.
  ///
  /// - Parameter path: the file they come from, for errors.
  /// - Throws: `NetworkFileError.notFinite`
  package func requireFinite(from path: String) throws(NetworkFileError) {
    for parameter in parameters {
      guard let place = parameter.tensor.firstNotFinite() else { continue }
      throw .notFinite(
        path: path, tensor: parameter.name, index: place, value: Double(parameter.tensor.scalars[place]))
    }
  }

  private static func tensor(
    _ stored: StoredTensor?, shape: Shape, name: String, path: String
  ) throws(NetworkFileError) -> Tensor<Scalar> {
    guard let stored else { throw .missing(path: path, tensor: name) }
    guard let tensor: Tensor<Scalar> = stored.tensor() else {
      throw .wrongType(path: path, tensor: name, expected: .of(Scalar.self), actual: stored.type)
    }
    guard tensor.shape == shape else {
      throw .wrongShape(path: path, tensor: name, expected: shape, actual: tensor.shape)
    }
    return tensor
  }
}

/// Why a file's tensors are not those of a network.
public enum NetworkFileError: Error, Equatable, Sendable {
  case missing(path: String, tensor: String)
  /// The network has no such tensor.
  case unknown(path: String, tensor: String)
  case wrongType(path: String, tensor: String, expected: StoredTensor.NumberType, actual: StoredTensor.NumberType)
  case wrongShape(path: String, tensor: String, expected: Shape, actual: Shape)
  /// The first number that is not finite, and its index in the tensor.
  case notFinite(path: String, tensor: String, index: Int, value: Double)
  /// The tensors together are not those whose digest is known.
  case wrongDigest(path: String, expected: String, actual: String)
}

extension NetworkFileError {
  /// The error of a file with tensors that it should not have: it names the first of them. Nil if there are none.
  package init?(unknown names: Set<String>, in path: String) {
    guard let name = names.min(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) else { return nil }
    self = .unknown(path: path, tensor: name)
  }
}

extension NetworkFileError: CustomStringConvertible {
  /// One line: `PATH: tensor NAME: expected X, found Y`, without a tensor if the error is that of all together.
  public var description: String {
    let (path, tensor, expected, actual) = wording
    let place = tensor.map { "tensor \(quoted($0)): " } ?? ""
    return oneLine("\(path): \(place)expected \(expected), found \(actual)")
  }

  private var wording: (path: String, tensor: String?, expected: String, actual: String) {
    switch self {
    case .missing(let path, let tensor): (path, tensor, "a tensor with this name", "none")
    case .unknown(let path, let tensor): (path, tensor, "no tensor with this name", "one")
    case .wrongType(let path, let tensor, let expected, let actual):
      (path, tensor, "type \(expected.rawValue)", actual.rawValue)
    case .wrongShape(let path, let tensor, let expected, let actual):
      (path, tensor, "shape \(expected)", "\(actual)")
    case .notFinite(let path, let tensor, let index, let value):
      (path, tensor, "finite numbers", "\(value) at index \(index)")
    case .wrongDigest(let path, let expected, let actual):
      (path, nil, "parameters with the digest \(expected)", actual)
    }
  }
}
