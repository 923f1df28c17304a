import Files
import Foundation
import Layers
import Networks
import Tensors

/// A trained network in a safetensors file, with everything needed to rebuild it in the file's metadata.
public struct SavedNetwork: Sendable {
  /// The experiment that the network was trained in.
  public let experiment: Experiment
  /// The seed of its training.
  public let seed: UInt64
  /// The network with the parameters of its best epoch.
  public let network: Network<Float>
  /// The result of its training.
  public let result: NetworkResult
  /// What must be said of its errors, such as that not all published test images were there; nil if there is nothing.
  public package(set) var dataNote: String?

  /// A network that has just been trained.
  public init(
    _ network: Network<Float>, of experiment: Experiment, seed: UInt64, result: NetworkResult, dataNote: String? = nil
  ) {
    self.network = network
    self.experiment = experiment
    self.seed = seed
    self.result = result
    self.dataNote = dataNote
  }

  /// The name of a network's file in a run's directory.
  public static func fileName(_ kind: NetworkKind) -> String { "\(kind.rawValue).safetensors" }

  private enum Key {
    static let experiment = "signet.experiment"
    static let result = "signet.result"
    static let seed = "signet.seed"
    static let dataNote = "signet.dataNote"
  }

  /// Writes the file, which appears whole or not at all.
  ///
  /// - Throws: `FileWriteError`
  public func write(to path: String) throws {
    var metadata = [
      Key.experiment: try encodeLine(experiment), Key.result: try encodeLine(result), Key.seed: "\(seed)",
    ]
    metadata[Key.dataNote] = dataNote
    try network.save(to: path, metadata: metadata)
  }

  /// Reads the file.
  ///
  /// - Throws: `SafetensorsError`; `NetworkFileError`, also if a parameter is not finite or the parameters are not those of the
  ///   result; or `SavedNetworkError` if it is a safetensors file of another kind, or its result is not of its experiment.
  public init(reading path: String, on device: Device) throws {
    let file = try SafetensorsFile(reading: path)
    func text(_ key: String) throws -> String {
      guard let text = file.metadata[key] else { throw SavedNetworkError(path: path, key: key, found: "nothing") }
      return text
    }
    func value<Value: Decodable>(_ key: String) throws -> Value {
      let text = try text(key)
      do { return try JSONDecoder().decode(Value.self, from: Data(text.utf8)) } catch {
        throw SavedNetworkError(path: path, key: key, found: "\(text.prefix(60))")
      }
    }
    experiment = try value(Key.experiment)
    result = try value(Key.result)
    guard let seed = UInt64(try text(Key.seed)) else {
      throw SavedNetworkError(path: path, key: Key.seed, found: "\(try text(Key.seed).prefix(60))")
    }
    self.seed = seed
    dataNote = file.metadata[Key.dataNote] ?? experiment.data.note
    let kind = result.network
    do {
      try experiment.validateForItsData(kind)
    } catch {
      throw SavedNetworkError(path: path, key: Key.experiment, found: "\(error)")
    }
    let words = [
      (found: result.weights, expected: experiment.weights(of: kind)),
      (found: result.activation, expected: experiment.activation(of: kind)),
    ]
    if let other = words.first(where: { $0.found != $0.expected }) {
      throw SavedNetworkError(
        path: path, key: Key.result, found: "\(quoted(other.found)) in the place of \(other.expected)")
    }
    network = try Network(
      experiment.specification(of: kind, input: experiment.data.input), tensors: file.tensors, from: path, on: device)
    try network.requireFinite(from: path)
    try network.requireDigest(result.parametersSHA256, from: path)
  }
}

/// Why a safetensors file does not contain a network trained by Signet.
public struct SavedNetworkError: Error, Equatable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The metadata key whose value is wrong.
  public let key: String
  /// The value of the key.
  public let found: String

  public var description: String { "\(path): expected metadata \(key) of a network trained by signet, found \(found)" }
}
