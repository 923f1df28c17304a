import Layers
import RandomStreams
import Tensors

/// The deterministic network that a trained one is deployed as: most probable (or sampled) weights, hard signs, running
/// averages, dropout's factor.
public struct Predictor<Scalar: Real>: Sendable {
  /// Each step with the index of the layer that it comes from.
  private var steps: [(layer: Int, step: PredictionStep<Scalar>)]
  private let workers: Workers

  /// The deployed form of a network as it is now.
  ///
  /// - Parameter sampling: if given, weights are sampled from their distributions and not the most probable ones, as member
  ///   `member` of an ensemble with that seed.
  public init(_ network: Network<Scalar>, sampling: (seed: UInt64, member: Int)? = nil, on workers: Workers) {
    steps = network.layers.enumerated().compactMap { index, layer in
      let stream = sampling.map {
        RandomStream(seed: $0.seed, purpose: .discretization, epoch: $0.member, layer: index)
      }
      return layer.prediction(sampledFrom: stream, on: workers).map { (index, $0) }
    }
    self.workers = workers
  }

  /// The network's outputs, shape `(N, C)`, for inputs of shape `(N, I)` or `(N, C, H, W)`.
  ///
  /// A sample's output does not depend on the other samples of the batch.
  public func outputs(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    steps.reduce(x) { $1.step($0, on: workers) }
  }

  /// What each batch normalization sees in a batch: mean and unbiased deviation on the prediction path, by layer.
  func statistics(_ x: Tensor<Scalar>) -> [Int: BatchStatistics<Scalar>] {
    var (x, statistics) = (x, [Int: BatchStatistics<Scalar>]())
    let last = steps.lastIndex { $0.step.isNormalization } ?? -1
    for (index, (layer, step)) in steps.prefix(last + 1).enumerated() {
      if step.isNormalization { statistics[layer] = BatchStatistics(of: x, correction: 1, on: workers) }
      if index < last { x = step(x, on: workers) }
    }
    return statistics
  }

  /// Takes over the network's batch normalization, and only that.
  mutating func renewNormalizations(from network: Network<Scalar>) {
    for index in steps.indices where steps[index].step.isNormalization {
      if let step = network.layers[steps[index].layer].prediction(on: workers) { steps[index].step = step }
    }
  }
}

extension Network {
  /// Fits the running averages to the network that will be deployed: one pass over batches on the prediction path. Each
  /// batch is normalized with the averages as they stood before it; then all layers' averages move together
  /// (`Method.md` §3).
  public mutating func fitRunningAverages<Batches: Sequence>(to batches: Batches, on workers: Workers)
  where Batches.Element == Tensor<Scalar> {
    var predictor = Predictor(self, on: workers)
    for x in batches {
      moveRunningAverages(towards: predictor.statistics(x))
      predictor.renewNormalizations(from: self)
    }
  }
}
