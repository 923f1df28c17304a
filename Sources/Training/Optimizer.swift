import Layers
import Tensors

/// Adam over a network's parameters, each kind with its own step.
public struct Optimizer<Scalar: Real> {
  package let phase: Experiment.Phase
  /// `λ` of `λ Σ ρ²` for the numbers that weight distributions are given by.
  private let logitRegularization: Double
  /// Updates done so far.
  package internal(set) var time = 0
  /// For each layer, of its trained parameters in their order.
  private(set) var moments: [[AdamMoments<Scalar>]]

  /// An optimizer that has not made an update.
  ///
  /// - Parameter phase: constants of `experiment` for this network, perhaps with other epochs.
  public init(for network: Network<Scalar>, of experiment: Experiment, phase: Experiment.Phase) {
    self.phase = phase
    logitRegularization = experiment.method.regularizer == .squares ? phase.regularization : 0
    moments = network.layers.map { layer in
      layer.parameters.filter { $0.kind != .statistic }.map { AdamMoments(count: $0.tensor.count) }
    }
  }

  /// Changes the network's parameters by their gradients, a list for each layer.
  ///
  /// - Parameter scale: the schedule's factor of every step.
  public mutating func update(
    _ network: inout Network<Scalar>, gradients: [[Tensor<Scalar>]], scale: Double, on workers: Workers
  ) {
    time += 1
    for index in network.layers.indices where !gradients[index].isEmpty {
      let kinds = network.layers[index].parameters.map(\.kind)
      network.layers[index].update(gradients[index], on: workers) { parameter in
        let (step, regularization) =
          switch kinds[parameter] {
          case .weights: (phase.weightStep, phase.regularization)
          case .logits: (phase.weightStep, logitRegularization)
          case .bias, .batchNormScale, .batchNormShift, .statistic: (phase.otherStep, 0)
          }
        if !isKnownUniquelyReferenced(&moments[index][parameter]) {
          moments[index][parameter] = moments[index][parameter].copy()
        }
        return moments[index][parameter].update(step: step * scale, regularization: regularization, time: time)
      }
    }
  }
}
