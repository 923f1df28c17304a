import Files
import Layers
import Networks
import PackedInference
import Tensors
import WeightDistributions

/// The numbers of a network as named arrays in the layouts of other libraries, for safetensors and NPZ files (`Exchange.md`): weights
/// `(O, I)` of a dense layer and `(O, C, k, k)` of a convolution.
public struct NetworkArrays: Sendable {
  /// Names such as `layer1.weight`, in the order of the layers.
  public private(set) var arrays: [(name: String, tensor: StoredTensor)] = []

  /// The integers of a network with sign activations: weights, thresholds and flips, and the last layer's factor and shift.
  public init(_ network: PackedNetwork<Float>) {
    for (index, layer) in network.integerLayers.enumerated() {
      let name = "layer\(index + 1)"
      arrays.append(("\(name).weight", Self.integers(layer.weights, layer.shapeByOutput)))
      switch layer.rule {
      case .signs(let thresholds, let flips):
        arrays.append(("\(name).threshold", StoredTensor([thresholds.count], thresholds)))
        arrays.append(("\(name).flip", StoredTensor([flips.count], flips.map { $0 ? 1 : 0 } as [UInt8])))
      case .scores(let factor, let shift):
        arrays.append(("\(name).factor", .float(Tensor([1], [factor]))))
        arrays.append(("\(name).shift", .float(Tensor([shift.count], shift))))
      }
    }
  }

  /// The weights of any network as they are after training: the most probable values' integers of a discrete one, else the real
  /// weights.
  public init(weightsOf network: Network<Float>, on device: Device) {
    for (index, block) in network.blocks.enumerated() {
      let name = "layer\(index + 1).weight"
      guard let discrete = block.linear.discreteWeights(sampledFrom: nil, on: device) else { continue }
      let shape = block.linear.map.shapeByOutput(inputs: discrete.shape[0], outputs: discrete.shape[1])
      arrays.append((name, Self.integers(discrete, shape)))
    }
  }

  /// Adds all parameters and statistics of a network, which training changes.
  public mutating func add(parametersOf network: Network<Float>) {
    for (index, block) in network.blocks.enumerated() {
      for parameter in block.parameters {
        let (name, shape, scalars) = (parameter.name, parameter.tensor.shape, parameter.tensor.scalars)
        guard let known = Self.names[name] else { preconditionFailure("NetworkArrays: the parameter \(name)") }
        let title = name == "linear.weights" && block.linear is BinaryLinear<Float> ? "latent" : known
        var tensor = parameter.tensor
        if shape.count > 1 {
          let (i, o, groups) = (shape[shape.count - 2], shape[shape.count - 1], shape.count == 3 ? shape[0] : 1)
          tensor = Tensor(
            (shape.count == 3 ? [groups] : []) + block.linear.map.shapeByOutput(inputs: i, outputs: o),
            scalars.byOutput(groups: groups, inputs: i, outputs: o))
        }
        arrays.append(("layer\(index + 1).\(title)", .float(tensor)))
      }
    }
  }

  /// The arrays' names by those of a block's parameters.
  private static let names = [
    "linear.weights": "weight", "linear.logits": "logits", "linear.bias": "bias", "normalization.scale": "gamma",
    "normalization.shift": "beta", "normalization.runningMean": "mean",
    "normalization.runningInverseDeviation": "inverse_deviation",
  ]

  /// Weights' integers, of one byte if all of the grid's are.
  private static func integers(_ weights: DiscreteWeights, _ shape: Shape) -> StoredTensor {
    let integers = weights.integersByOutput
    return weights.grid.integers.allSatisfy { Int8(exactly: $0) != nil }
      ? StoredTensor(shape, integers.map { Int8($0) }) : StoredTensor(shape, integers)
  }

  /// The arrays and facts about them as a file in the format safetensors, whose names are sorted.
  package func safetensors(facts: [(key: String, value: String)]) -> SafetensorsFile {
    SafetensorsFile(
      metadata: Dictionary(uniqueKeysWithValues: facts.map { ($0.key, $0.value) }),
      tensors: Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.tensor) }))
  }

  /// The bytes of an NPZ file of the arrays and of facts about them, the text `metadata` in JSON.
  ///
  /// - Throws: `ExportError.size`
  package func npz(metadata: String) throws(ExportError) -> [UInt8] {
    var file = NPZFile()
    for (name, tensor) in arrays { file.add(name, tensor) }
    file.add("metadata", text: metadata)
    return try file.bytes()
  }
}
