import Layers
import Tensors

/// A network, which is a sequence of blocks.
public struct Network<Scalar: TensorScalar>: Sendable {
  /// The specification that the network was built from.
  public let specification: NetworkSpecification
  /// The blocks in the order of the forward pass.
  public package(set) var blocks: [Block<Scalar>]

  /// Which of the method's networks this is.
  public var kind: NetworkKind { specification.kind }

  /// A network of these blocks.
  ///
  /// - Precondition: the blocks are those of the specification.
  package init(_ specification: NetworkSpecification, blocks: [Block<Scalar>]) {
    self.specification = specification
    self.blocks = blocks
  }

  /// The name of block `index`, from 0, in the names of its parameters: "block1" for the first.
  package static func blockName(_ index: Int) -> String { "block\(index + 1)" }

  /// All parameters and statistics by name, such as `block2.normalization.scale`, in a fixed order.
  public var parameters: [Parameter<Scalar>] {
    blocks.enumerated().flatMap { index, block in
      block.parameters.map { Parameter("\(Self.blockName(index)).\($0.name)", $0.kind, $0.tensor) }
    }
  }

  /// The results of a training pass over one batch.
  public struct TrainingOutput {
    /// The mean loss, without the regularizer.
    public let loss: Scalar
    /// The number of samples whose largest output (sampled, or the mean of a distribution) is not the label's.
    public let errors: Int
    /// The gradients of each block.
    public let gradients: [Block<Scalar>.Gradients]
    /// The statistics of each block's batch normalization; nil for blocks without one.
    public let statistics: [BatchStatistics<Scalar>?]
  }

  /// The forward and backward pass over one batch.
  ///
  /// - Parameter x: inputs, shape `(N, I)` or `(N, C, H, W)`, pixels scaled to [−1, 1].
  public func trainingOutput(
    _ x: Tensor<Scalar>, labels: [Int], seed: UInt64, epoch: Int, step: Int, on device: Device
  ) -> TrainingOutput {
    var signal = Signal.value(x.moved(to: device))
    var passes: [(Signal<Scalar>) -> (input: Signal<Scalar>?, gradients: Block<Scalar>.Gradients)] = []
    var statistics: [BatchStatistics<Scalar>?] = []
    for (index, block) in blocks.enumerated() {
      let forward = block.forward(signal, pass(index, seed: seed, epoch: epoch, step: step, on: device))
      signal = forward.output
      statistics.append(forward.statistics)
      passes.append(forward.backward)
    }
    let loss = specification.method.loss.evaluate(signal, labels: labels, on: device.processor)

    var gradients: [Block<Scalar>.Gradients] = Array(repeating: [:], count: blocks.count)
    var gradient: Signal<Scalar>? = loss.gradient
    while let pass = passes.popLast(), let output = gradient {
      (gradient, gradients[passes.count]) = pass(output)
    }
    return TrainingOutput(
      loss: loss.loss, errors: zip(signal.center.rowArgmax, labels).count { $0 != $1 }, gradients: gradients,
      statistics: statistics)
  }

  /// The pass of block `index`, from 0, in one step.
  package func pass(_ index: Int, seed: UInt64, epoch: Int, step: Int, on device: Device) -> LayerPass {
    LayerPass(
      seed: seed, epoch: epoch, step: step, block: index + 1, needsInputGradient: index > 0, device: device)
  }

  /// Moves the running averages of each batch normalization towards its statistics of one batch.
  ///
  /// - Parameter factor: the weight of the batch in the average.
  public mutating func moveRunningAverages(
    towards statistics: [BatchStatistics<Scalar>?], factor: Double = BatchStatistics<Scalar>.runningFactor,
    on device: Device
  ) {
    for (index, batch) in statistics.enumerated() {
      if let batch { blocks[index].moveRunningAverages(towards: batch, factor: factor, on: device) }
    }
  }

  /// Changes the trained parameters by their gradients: `rule(b, i)` for trained parameter `i` of block `b`, from 0.
  package mutating func update(
    _ gradients: [Block<Scalar>.Gradients], on device: Device, _ rule: (Int, Int) -> ParameterUpdate<Scalar>
  ) {
    for (index, gradients) in gradients.enumerated() {
      blocks[index].update(gradients, on: device) { rule(index, $0) }
    }
  }
}
