import Layers
import Networks
import Tensors

/// Adam over a network's parameters, with a learning rate for each kind.
public struct Optimizer<Scalar: TensorScalar> {
  package let phase: Experiment.Phase
  /// `λ` of `λ Σ ρ²` for the trainable numbers of weight distributions.
  private let logitRegularization: Double
  /// The number of updates done so far.
  package internal(set) var time = 0
  /// Adam's moments of each block's trained parameters, in their order.
  private(set) var moments: [[AdamMoments<Scalar>]]

  /// An optimizer before its first update.
  ///
  /// - Parameter phase: the constants of `experiment` for this network, perhaps with another number of epochs.
  public init(for network: Network<Scalar>, of experiment: Experiment, phase: Experiment.Phase) {
    self.phase = phase
    logitRegularization = experiment.method.regularizer == .squares ? phase.regularization : 0
    moments = network.blocks.map { block in
      block.parameters.filter(\.kind.isTrained).map { AdamMoments(count: $0.tensor.count) }
    }
  }

  /// Changes the network's parameters by the gradients of each block.
  ///
  /// - Parameter scale: the schedule's factor of every learning rate.
  public mutating func update(
    _ network: inout Network<Scalar>, gradients: [Block<Scalar>.Gradients], scale: Double, on device: Device
  ) {
    time += 1
    let kinds = network.blocks.map { $0.parameters.map(\.kind).filter(\.isTrained) }
    network.update(gradients, on: device) { block, parameter in
      let (step, regularization) =
        switch kinds[block][parameter] {
        case .weights: (phase.learningRate, phase.regularization)
        case .logits: (phase.learningRate, logitRegularization)
        case .bias, .batchNormScale, .batchNormShift, .statistic: (phase.biasLearningRate, 0)
        }
      if !isKnownUniquelyReferenced(&moments[block][parameter]) {
        let shared = moments[block][parameter]
        moments[block][parameter] = AdamMoments(first: shared.first, second: shared.second)
      }
      return moments[block][parameter].update(step: step * scale, regularization: regularization, time: time)
    }
  }
}
