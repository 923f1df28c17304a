import Crypto
import Datasets
import Layers
import RandomStreams
import Tensors

/// A chain of layers.
public struct Network<Scalar: Real>: Sendable {
  /// In the order of the forward pass.
  public var layers: [any Layer<Scalar>]
  /// Which of an experiment's networks it is.
  public let kind: NetworkKind

  /// A network of these layers.
  public init(kind: NetworkKind, layers: [any Layer<Scalar>]) {
    self.kind = kind
    self.layers = layers
  }

  /// What a batch gives in training.
  public struct TrainingOutput {
    /// The mean cross-entropy, without the regularizer.
    public let loss: Scalar
    /// Samples whose largest (sampled) output is not the label's.
    public let errors: Int
    /// For each layer, gradients in the order of its parameters.
    public let gradients: [[Tensor<Scalar>]]
    /// For each batch normalization, what it saw; by layer.
    public let statistics: [Int: BatchStatistics<Scalar>]
  }

  /// Forward and backward over one batch.
  ///
  /// - Parameter x: inputs, shape `(N, I)`.
  public func trainingOutput(
    _ x: Tensor<Scalar>, labels: [Int], seed: UInt64, epoch: Int, step: Int, on workers: Workers
  ) -> TrainingOutput {
    let firstTrained = layers.firstIndex { !$0.parameters.isEmpty } ?? layers.count
    var signal = Signal.value(x)
    var passes: [Forward<Scalar>] = []
    for (index, layer) in layers.enumerated() {
      let forward = layer.forward(
        signal,
        LayerPass(
          seed: seed, epoch: epoch, step: step, layer: index, needsInputGradient: index > firstTrained,
          workers: workers))
      signal = forward.output
      passes.append(forward)
    }
    let outputs = signal.value(for: "SoftmaxCrossEntropy")
    let loss = SoftmaxCrossEntropy(outputs: outputs, labels: labels, on: workers)
    var statistics: [Int: BatchStatistics<Scalar>] = [:]
    for (index, pass) in passes.enumerated() { statistics[index] = pass.statistics }

    var gradients: [[Tensor<Scalar>]] = Array(repeating: [], count: layers.count)
    var gradient: Signal<Scalar>? = .value(loss.gradient)
    while let forward = passes.popLast(), let output = gradient {
      let backward = forward.backward(output)
      gradients[passes.count] = backward.parameters
      gradient = passes.count > firstTrained ? backward.input : nil
    }
    return TrainingOutput(
      loss: loss.loss, errors: zip(outputs.rowArgmax, labels).count { $0 != $1 }, gradients: gradients,
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

  /// The SHA-256 of all parameters and statistics, in hexadecimal.
  ///
  /// For each layer in order and each parameter in order: the layer's index and the parameter's name as text, the shape as
  /// 64-bit integers, the scalars' bits; all least significant byte first.
  public var digest: String {
    var hash = SHA256()
    for (index, layer) in layers.enumerated() {
      for parameter in layer.parameters {
        hash.update(data: Array("\(index).\(parameter.name)".utf8))
        for length in parameter.tensor.shape { hash.update(data: littleEndianBytes(UInt64(length))) }
        parameter.tensor.withLittleEndianBytes { hash.update(bufferPointer: $0) }
      }
    }
    return hexadecimal(hash.finalize())
  }
}
