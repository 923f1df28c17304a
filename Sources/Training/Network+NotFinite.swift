import Layers
import Tensors

/// Where numbers of a network first were not finite.
public enum NotFiniteOrigin: Error, Equatable, CustomStringConvertible {
  /// A parameter of layer `layer`: the update before made it so.
  case parameter(layer: Int, type: String, name: String)
  /// The output of layer `layer`.
  case output(layer: Int, type: String)
  /// The loss of finite outputs.
  case loss

  public var description: String {
    switch self {
    case .parameter(let layer, let type, let name): "\(name) of layer \(layer) (\(type))"
    case .output(let layer, let type): "the output of layer \(layer) (\(type))"
    case .loss: "the loss itself"
    }
  }
}

extension Network {
  /// The first place in a batch's forward pass where a number is not finite. The pass is that of `trainingOutput` to the bit,
  /// since all its noise is keyed.
  func notFiniteOrigin(
    _ x: Tensor<Scalar>, seed: UInt64, epoch: Int, step: Int, on workers: Workers
  ) -> NotFiniteOrigin {
    var signal = Signal.value(x)
    for (index, layer) in layers.enumerated() {
      let type = "\(Swift.type(of: layer))".prefix { $0 != "<" }
      if let parameter = layer.parameters.first(where: { !$0.tensor.isFinite }) {
        return .parameter(layer: index, type: String(type), name: parameter.name)
      }
      signal =
        layer.forward(
          signal, LayerPass(seed: seed, epoch: epoch, step: step, layer: index, workers: workers)
        ).output
      if !signal.tensors.allSatisfy(\.isFinite) { return .output(layer: index, type: String(type)) }
    }
    return .loss
  }
}

extension Tensor {
  fileprivate var isFinite: Bool { scalars.allSatisfy { $0.isFinite } }
}
