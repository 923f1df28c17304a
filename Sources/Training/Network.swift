import Layers
import Tensors

/// A chain of layers.
public struct Network<Scalar: Real>: Sendable {
  /// In the order of the forward pass.
  public var layers: [any Layer<Scalar>]
  /// Which of an experiment's networks it is.
  public let kind: NetworkKind
  /// What it is trained to lower.
  public let loss: Method.Loss

  /// A network of these layers.
  public init(kind: NetworkKind, loss: Method.Loss = .crossEntropy, layers: [any Layer<Scalar>]) {
    self.kind = kind
    self.loss = loss
    self.layers = layers
  }

  /// What a batch gives in training.
  public struct TrainingOutput {
    /// The mean loss, without the regularizer.
    public let loss: Scalar
    /// Samples whose largest output (sampled, or the mean of a distribution) is not the label's.
    public let errors: Int
    /// For each layer, gradients in the order of its parameters.
    public let gradients: [[Tensor<Scalar>]]
    /// For each batch normalization, what it saw; by layer.
    public let statistics: [Int: BatchStatistics<Scalar>]
  }

  /// Forward and backward over one batch.
  ///
  /// - Parameter x: inputs, shape `(N, I)` or `(N, C, H, W)`.
  public func trainingOutput(
    _ x: Tensor<Scalar>, labels: [Int], seed: UInt64, epoch: Int, step: Int, on workers: Workers
  ) -> TrainingOutput {
    let firstTrained = layers.firstIndex { !$0.parameters.isEmpty } ?? layers.count
    var signal = Signal.value(x)
    // Of each layer only what its backward pass keeps: most outputs are needed no more once the next layer has them.
    var passes: [(Signal<Scalar>) -> Backward<Scalar>] = []
    var statistics: [Int: BatchStatistics<Scalar>] = [:]
    for (index, layer) in layers.enumerated() {
      let forward = layer.forward(
        signal,
        LayerPass(
          seed: seed, epoch: epoch, step: step, layer: index, needsInputGradient: index > firstTrained,
          workers: workers))
      signal = forward.output
      statistics[index] = forward.statistics
      passes.append(forward.backward)
    }
    let loss = loss.evaluate(signal, labels: labels, on: workers)

    var gradients: [[Tensor<Scalar>]] = Array(repeating: [], count: layers.count)
    var gradient: Signal<Scalar>? = loss.gradient
    while let pass = passes.popLast(), let output = gradient {
      gradient = nil
      let backward = pass(output)
      gradients[passes.count] = backward.parameters
      gradient = passes.count > firstTrained ? backward.input : nil
    }
    return TrainingOutput(
      loss: loss.loss, errors: zip(signal.center.rowArgmax, labels).count { $0 != $1 }, gradients: gradients,
      statistics: statistics)
  }

  /// Moves the running averages of each batch normalization towards what it saw in one batch.
  public mutating func moveRunningAverages(towards statistics: [Int: BatchStatistics<Scalar>]) {
    for (index, batch) in statistics {
      guard var normalization = layers[index] as? BatchNormalization<Scalar> else { continue }
      normalization.running.moveTowards(batch)
      layers[index] = normalization
    }
  }
}
