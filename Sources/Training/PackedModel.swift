import Datasets
import Files
import Foundation
import Networks
import PackedInference
import Tensors

/// A trained network in a packed file, or an ensemble sampled from its weights' distributions, and what it was trained on.
public struct PackedModel: Sendable {
  /// What a file's metadata say: where its networks come from.
  public struct Record: Sendable, Codable, Equatable {
    /// The program's version.
    public let signet: String
    /// The experiment's name.
    public let experiment: String
    /// The network.
    public let network: NetworkKind
    /// The grids as text.
    public let weights: String
    /// The data set that it was trained on, and how its files are read.
    public let data: DataSource
    /// The seed of its training.
    public let seed: UInt64
    /// `Network.digest` of the network that was packed.
    public let parametersSHA256: String
    /// The test error of the network, a fraction; nil of sampled networks.
    public let testError: Double?
    /// The seed of the sampled weights; nil of the most probable ones.
    public let samplingSeed: UInt64?
    /// What must be said of errors on its data set, and of the test error; nil if there is nothing.
    public let dataNote: String?

    /// The network's name or, of sampled networks, how many there are and of which.
    package func words(ofNetworks count: Int) -> String {
      samplingSeed == nil
        ? network.rawValue : "\(counted(count, "network", "networks")) sampled from \(network.rawValue)"
    }
  }

  /// Where the networks come from.
  public let record: Record
  /// The networks.
  public let file: PackedFile

  /// Packs a trained network.
  ///
  /// - Parameters:
  ///   - ensemble: if given, so many networks with weights sampled from their distributions, as the members of
  ///     `Evaluation.ensemble` with that seed; otherwise one with the most probable weights.
  ///   - version: the program's version, which the file records.
  /// - Throws: `PackingError`
  public init(
    packing saved: SavedNetwork, ensemble: (members: Int, seed: UInt64)? = nil, version: String, on device: Device
  ) throws {
    let networks =
      if let ensemble {
        try (0..<max(0, ensemble.members)).map {
          try PackedNetwork(saved.network, sampling: (ensemble.seed, $0 + 1), on: device)
        }
      } else {
        [try PackedNetwork(saved.network, on: device)]
      }
    record = Record(
      signet: version, experiment: saved.experiment.name, network: saved.result.network,
      weights: saved.result.weights, data: saved.experiment.data, seed: saved.seed,
      parametersSHA256: saved.result.parametersSHA256, testError: ensemble == nil ? saved.result.testError : nil,
      samplingSeed: ensemble?.seed, dataNote: ensemble == nil ? saved.dataNote : saved.experiment.data.note)
    file = try PackedFile(networks, metadata: try encodeLine(record))
  }

  /// Reads a file.
  ///
  /// - Throws: `PackedFileError`, also if its metadata are not those of a packed network of Signet.
  public init(reading path: String) throws(PackedFileError) {
    file = try PackedFile(reading: path)
    let at = FilePosition(path: path, offset: file.metadataOffset)
    let bytes = Data(file.metadata.utf8)
    do { record = try JSONDecoder().decode(Record.self, from: bytes) } catch {
      throw .unexpected(
        at: at, expected: "metadata of a network packed by signet", actual: "\(file.metadata.prefix(60))")
    }
    let (input, classes) = (file.networks[0].input, file.networks[0].architecture.classes)
    guard record.data.input == input, record.data.classes == classes else {
      let form = input.image.shape.map { "\($0)" }.joined(separator: "×")
      throw .unexpected(
        at: at, expected: "a data set of \(form) pixels from 0 to \(input.pixelMaximum) and \(classes) classes",
        actual: "\(record.data.title), pixels from 0 to \(record.data.input.pixelMaximum)")
    }
  }

  /// Writes the file, which appears whole or not at all.
  public func write(to path: String) throws(FileWriteError) { try file.write(to: path) }
}

extension PackedModel {
  /// Scores and classes of images.
  ///
  /// Of one network the scores are its outputs. Of several they are the members' mean softmax, added up in their order as
  /// `Evaluation.ensemble` does, and the class is that of the largest sum, the lowest at a tie.
  ///
  /// - Parameters:
  ///   - batch: the number of images at a time; no result depends on it.
  ///   - progress: called with the number of images done.
  /// - Precondition: at least one image, of the form that the networks read; `batch ≥ 1`.
  public func scores(
    of images: LabelledImages, batch: Int = 100, on device: Device, progress: (Int) -> Void = { _ in }
  ) -> (scores: Tensor<Float>, classes: [Int]) {
    precondition(images.count > 0, "PackedModel: no images")
    let classes = file.networks[0].architecture.classes
    var sums: [Float] = []
    sums.reserveCapacity(images.count * classes)
    images.forEachBatch(of: batch) { range in
      sums += scoreSums(of: images[range], on: device)
      progress(range.upperBound)
    }
    let total = Tensor([images.count, classes], sums)
    let members = Float(file.networks.count)
    return (isEnsemble ? total.map(on: device) { $0 / members } : total, total.rowArgmax)
  }

  /// Whether scores are the mean softmax of several networks.
  public var isEnsemble: Bool { file.networks.count > 1 }

  /// The outputs of the one network, or the sums of the members' softmax.
  private func scoreSums(of images: LabelledImages, on device: Device) -> [Float] {
    guard isEnsemble else { return file.networks[0].outputs(images, on: device).scalars }
    var sums = [Float](repeating: 0, count: images.count * file.networks[0].architecture.classes)
    for network in file.networks {
      let softmax = network.outputs(images, on: device).rowSoftmax(on: device)
      for (i, p) in softmax.scalars.enumerated() { sums[i] += p }
    }
    return sums
  }
}
