import Layers
import Tensors

/// The first place in a network where a number was not finite.
public enum NotFiniteOrigin: Error, Equatable, CustomStringConvertible {
  /// A parameter, by its name in the network: the previous update made it so.
  case parameter(String)
  /// The output of a stage, such as "block2.normalization".
  case output(of: String)
  /// The loss, although the outputs were finite.
  case loss

  public var description: String {
    switch self {
    case .parameter(let name): name
    case .output(let stage): "the output of \(stage)"
    case .loss: "the loss itself"
    }
  }
}

extension Network {
  /// The first place in a batch's forward pass where a number is not finite. The pass repeats that of `trainingOutput` to the
  /// bit, since all its noise is keyed.
  package func notFiniteOrigin(
    _ x: Tensor<Scalar>, seed: UInt64, epoch: Int, step: Int, on device: Device
  ) -> NotFiniteOrigin {
    var signal = Signal.value(x)
    for (index, block) in blocks.enumerated() {
      let pass = pass(index, seed: seed, epoch: epoch, step: step, on: device)
      for stage in block.stages {
        let name = "\(Self.blockName(index)).\(stage.role.rawValue)"
        if let parameter = stage.layer.parameters.first(where: { !$0.tensor.isFinite }) {
          return .parameter("\(name).\(parameter.name)")
        }
        signal = stage.layer.forward(signal, block.stagePass(stage.role, pass)).output
        if !signal.tensors.allSatisfy(\.isFinite) { return .output(of: name) }
      }
    }
    return .loss
  }
}

extension Network {
  /// The name of the first parameter with a number that is not finite; nil if there is none.
  package var notFiniteParameter: String? { parameters.first { !$0.tensor.isFinite }?.name }
}
