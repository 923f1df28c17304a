import BuildInformation
import Datasets
import Exchange
import Files
import Networks
import PackedInference
import Tensors
import Training
import WeightDistributions

extension TrainedModel {
  /// What an exported file says of where its network comes from, as keys and texts.
  ///
  /// - Parameter network: the integers of it; nil of a network without sign activations.
  package func facts(_ network: PackedNetwork<Float>?) -> [(key: String, value: String)] {
    let image = data.image
    var facts = [
      ("signet.version", BuildInformation.version), ("signet.network", self.network.rawValue),
      ("signet.architecture", "\(architecture)"), ("signet.image", image.shape.map(String.init).joined(separator: ",")),
      ("signet.pixelMaximum", "\(data.input.pixelMaximum)"),
    ]
    switch self {
    case .saved(let saved):
      facts += [
        ("signet.experiment", saved.experiment.name), ("signet.weights", saved.result.weights),
        ("signet.activation", saved.result.activation), ("signet.seed", "\(saved.seed)"),
        ("signet.dropout", saved.network.specification.dropout.map { "\($0)" }.joined(separator: ",")),
        ("signet.testError", "\(saved.result.testError)"),
        ("signet.parametersSHA256", saved.result.parametersSHA256),
      ]
    case .packed(let packed):
      facts += [
        ("signet.experiment", packed.record.experiment), ("signet.weights", packed.record.weights),
        ("signet.seed", "\(packed.record.seed)"), ("signet.parametersSHA256", packed.record.parametersSHA256),
      ]
      if let error = packed.record.testError { facts.append(("signet.testError", "\(error)")) }
      if let seed = packed.record.samplingSeed { facts.append(("signet.samplingSeed", "\(seed)")) }
    }
    if let dataNote { facts.append(("signet.dataNote", dataNote)) }
    if let network { facts.append(("signet.integersSHA256", network.integersSHA256)) }
    return facts.map { (key: $0.0, value: $0.1) }
  }

  /// The layers.
  private var architecture: Architecture {
    switch self {
    case .saved(let saved): saved.network.specification.architecture
    case .packed(let packed): packed.file.networks[0].architecture
    }
  }

  /// All numbers of the model as arrays: integers if its weights are discrete, thresholds if its activations are signs, and the
  /// parameters, which a packed file does not have.
  ///
  /// - Parameter network: the integers of it; nil of a network without sign activations.
  package func arrays(_ network: PackedNetwork<Float>?, on device: Device) -> NetworkArrays {
    switch (self, network) {
    case (.packed(let packed), _): return NetworkArrays(packed.file.networks[0])
    case (.saved(let saved), let network):
      var arrays = network.map { NetworkArrays($0) } ?? NetworkArrays(weightsOf: saved.network, on: device)
      arrays.add(parametersOf: saved.network)
      return arrays
    }
  }

  /// The signs of each hidden layer for images, as arrays `layer1.signs` of int8 and shape `(N, O)` or `(N, O, H, W)`.
  ///
  /// - Throws: `PackingError` for a network without sign activations, or for an ensemble.
  package func hiddenSigns(of images: LabelledImages, on device: Device) throws -> NPZFile {
    let networks = try packed(on: device)
    guard networks.count == 1 else {
      throw PackingError.format(expected: "one network, whose hidden signs are asked for", found: "\(networks.count)")
    }
    var (shapes, signs): ([Shape], [[Int8]]) = ([], [])
    images.forEachBatch(of: networks[0].hiddenSignsAtATime(atMost: 100)) { range in
      images[range].pixels.withUnsafeBufferPointer { pixels in
        guard let base = pixels.baseAddress else { return }
        let layers = networks[0].hiddenSigns(base, count: range.count)
        if shapes.isEmpty { (shapes, signs) = (layers.map(\.shape), layers.map { _ in [] }) }
        for (index, layer) in layers.enumerated() { signs[index] += layer.scalars.lazy.map { $0 < 0 ? -1 : 1 } }
      }
    }
    var file = NPZFile()
    for (index, shape) in shapes.enumerated() {
      file.add("layer\(index + 1).signs", StoredTensor([images.count] + shape.dropFirst(), signs[index]))
    }
    return file
  }
}
