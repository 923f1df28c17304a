import Layers
import Tensors

/// Adam over a network's parameters, each kind with its own step.
struct Optimizer<Scalar: Real> {
  let phase: Experiment.Phase
  /// Updates done so far.
  private(set) var time = 0
  private var moments: [[AdamMoments<Scalar>]]

  init(for network: Network<Scalar>, phase: Experiment.Phase) {
    self.phase = phase
    moments = network.layers.map { layer in
      layer.parameters.filter { $0.kind != .statistic }.map { AdamMoments(count: $0.tensor.count) }
    }
  }

  /// Changes the network's parameters by their gradients, a list for each layer.
  ///
  /// - Parameter scale: the schedule's factor of every step.
  mutating func update(
    _ network: inout Network<Scalar>, gradients: [[Tensor<Scalar>]], scale: Double, on workers: Workers
  ) {
    time += 1
    for index in network.layers.indices where !gradients[index].isEmpty {
      let kinds = network.layers[index].parameters.map(\.kind)
      network.layers[index].update(gradients[index], on: workers) { parameter in
        let isWeight = kinds[parameter] == .weights || kinds[parameter] == .logits
        return moments[index][parameter].update(
          step: (isWeight ? phase.weightStep : phase.otherStep) * scale,
          regularization: isWeight ? phase.regularization : 0, time: time)
      }
    }
  }
}
