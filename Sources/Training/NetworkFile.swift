import Datasets
import Files
import Layers
import Tensors

extension Network {
  /// All parameters and statistics by name, `LAYER.PARAMETER`: the layer's index and `Parameter.name`.
  public var tensors: [String: StoredTensor] {
    var tensors: [String: StoredTensor] = [:]
    for (index, layer) in layers.enumerated() {
      for parameter in layer.parameters { tensors["\(index).\(parameter.name)"] = StoredTensor(parameter.tensor) }
    }
    return tensors
  }

  /// Writes `tensors` to a safetensors file, which appears whole or not at all.
  ///
  /// - Precondition: metadata within `SafetensorsFile.Limit`.
  public func save(to path: String, metadata: [String: String] = [:]) throws(FileWriteError) {
    try SafetensorsFile(metadata: metadata, tensors: tensors).write(to: path)
  }

  /// This network with all parameters and statistics replaced; its `digest` is that of the network they were taken from.
  ///
  /// - Parameters:
  ///   - tensors: by the names of `Network.tensors`.
  ///   - path: the file they come from, for errors.
  /// - Throws: `NetworkFileError` if a tensor is missing, of another type or shape, or unknown.
  public func loading(
    _ tensors: [String: StoredTensor], from path: String, on workers: Workers
  ) throws(NetworkFileError) -> Network {
    var network = self
    var unknown = Set(tensors.keys)
    for (index, layer) in layers.enumerated() {
      var loaded: [Tensor<Scalar>] = []
      for parameter in layer.parameters {
        let name = "\(index).\(parameter.name)"
        unknown.remove(name)
        loaded.append(
          try loadedTensor(tensors[name], shape: parameter.tensor.shape, name: name, path: path))
      }
      network.layers[index].setParameters(loaded, on: workers)
    }
    if let name = unknown.min(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      throw .unknown(path: path, tensor: name)
    }
    return network
  }

  /// Checks that all parameters and statistics are finite.
  ///
  /// - Parameter path: the file they come from, for errors.
  /// - Throws: `NetworkFileError.notFinite`
  func requireFinite(from path: String) throws(NetworkFileError) {
    for (index, layer) in layers.enumerated() {
      for parameter in layer.parameters {
        guard let place = parameter.tensor.scalars.firstIndex(where: { !$0.isFinite }) else { continue }
        throw .notFinite(
          path: path, tensor: "\(index).\(parameter.name)", index: place,
          value: Double(parameter.tensor.scalars[place]))
      }
    }
  }

  private func loadedTensor(
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

/// Why tensors of a file are not those of a network.
public enum NetworkFileError: Error, Equatable, Sendable {
  case missing(path: String, tensor: String)
  /// The network has no such tensor.
  case unknown(path: String, tensor: String)
  case wrongType(path: String, tensor: String, expected: StoredTensor.NumberType, actual: StoredTensor.NumberType)
  case wrongShape(path: String, tensor: String, expected: Shape, actual: Shape)
  /// The first number that is not finite, and its place among the tensor's.
  case notFinite(path: String, tensor: String, index: Int, value: Double)
}

extension NetworkFileError: CustomStringConvertible {
  /// One line: `PATH: tensor NAME: expected X, found Y`.
  public var description: String {
    let (path, tensor, expected, actual) = wording
    return oneLine("\(path): tensor \(quoted(tensor)): expected \(expected), found \(actual)")
  }

  private var wording: (path: String, tensor: String, expected: String, actual: String) {
    switch self {
    case .missing(let path, let tensor): (path, tensor, "it", "no such tensor")
    case .unknown(let path, let tensor): (path, tensor, "none, as the network has no such tensor", "one")
    case .wrongType(let path, let tensor, let expected, let actual):
      (path, tensor, "type \(expected.rawValue)", actual.rawValue)
    case .wrongShape(let path, let tensor, let expected, let actual):
      (path, tensor, "shape \(expected)", "\(actual)")
    case .notFinite(let path, let tensor, let index, let value):
      (path, tensor, "finite numbers", "\(value) at index \(index)")
    }
  }
}
