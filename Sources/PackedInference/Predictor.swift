import Layers
import Networks
import RandomStreams
import Tensors

/// How pixels `p` from 0 to `M` are scaled for a network.
public enum PixelScale: Sendable {
  /// `p / M · 2 − 1`, in [−1, 1].
  case unit
  /// `2p − M`, integers.
  case integer
}

/// The deterministic network as which a trained network is deployed, with its most probable (or sampled) weights, hard signs,
/// running averages and dropout's factor.
///
/// A network with sign activations is deployed as a function of integers (`Method.md` §6): it reads pixels as integers, its
/// linear layers sum integers exactly, and any order of summation gives the same bits.
public struct Predictor<Scalar: TensorScalar>: Sendable {
  /// The scale of pixels that ``outputs(_:)`` expects.
  public let pixelScale: PixelScale
  /// Each step with the index of the block that it comes from.
  private var steps: [(block: Int, step: PredictionStep<Scalar>)]
  /// The network in bits, where its sums are of integers; the same outputs, faster.
  package let packed: PackedNetwork<Scalar>?
  package let device: Device
  /// The number of scalars that one image has in the largest input or output of a linear layer.
  private let scalarsPerImage: Int

  /// The deployed form of a network in its current state.
  ///
  /// - Parameter sampling: if given, the weights are sampled from their distributions, as for member `member` of an ensemble with
  ///   that seed; otherwise they are the most probable ones.
  public init(_ network: Network<Scalar>, sampling: (seed: UInt64, member: Int)? = nil, on device: Device) {
    pixelScale = network.pixelScale
    let blocks = network.deployedBlocks(sampling: sampling, on: device)
    steps = blocks.enumerated().flatMap { index, steps in steps.map { (index, $0) } }
    packed = try? PackedNetwork(network.specification.input, network.specification.architecture, blocks)
    self.device = device
    let shapes = try? network.specification.architecture.shapes(of: network.specification.input.image)
    scalarsPerImage = shapes?.flatMap { [$0.input.reduce(1, *), $0.output.reduce(1, *)] }.max() ?? 1
  }

  /// How many images to evaluate at a time, at most `limit`: so many that no tensor has more than 2²⁶ scalars, but at least one. A network
  /// in bits makes no such tensors.
  package func imagesAtATime(atMost limit: Int) -> Int {
    packed == nil ? imagesInTensor(scalarsPerImage: scalarsPerImage, atMost: limit) : limit
  }

  /// The network's outputs, shape `(N, C)`, for inputs of shape `(N, I)` or `(N, C, H, W)`, pixels scaled by `pixelScale`.
  ///
  /// A sample's output does not depend on the other samples of the batch.
  public func outputs(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    steps.reduce(x.moved(to: device)) { $1.step($0, on: device) }
  }

  /// What every sign of the network gives for these inputs, layer by layer, ±1.
  package func hiddenSigns(_ x: Tensor<Scalar>) -> [Tensor<Scalar>] {
    var (x, signs): (Tensor<Scalar>, [Tensor<Scalar>]) = (x, [])
    for (index, step) in steps.enumerated() {
      x = step.step(x, on: device)
      if case .sign = step.step {
        precondition(index + 1 < steps.count, "Predictor: a sign at the end")
        signs.append(x)
      }
    }
    return signs
  }

  /// The statistics of each block's batch normalization in a batch: mean and unbiased deviation on the prediction path.
  func statistics(_ x: Tensor<Scalar>, blocks: Int) -> [BatchStatistics<Scalar>?] {
    var x = x
    var statistics: [BatchStatistics<Scalar>?] = Array(repeating: nil, count: blocks)
    guard let last = steps.lastIndex(where: { $0.step.isNormalization }) else { return statistics }
    for (index, (block, step)) in steps.prefix(last + 1).enumerated() {
      if step.isNormalization { statistics[block] = BatchStatistics(of: x, correction: 1, on: device) }
      if index == last { break }
      if case .integerLinear = step, let sums = packed?.layers[block].sums(of: x, on: device) {
        x = sums
      } else {
        x = step(x, on: device)
      }
    }
    return statistics
  }

  /// Updates the batch normalization from the network, and nothing else.
  mutating func renewNormalizations(from network: Network<Scalar>) {
    for index in steps.indices where steps[index].step.isNormalization {
      if let step = network.blocks[steps[index].block].normalization?.prediction(on: device) {
        steps[index].step = step
      }
    }
  }
}

/// How many images, at most `limit`, a tensor with so many scalars of each image may have: so many that it has no more than 2²⁶ scalars, but
/// at least one.
func imagesInTensor(scalarsPerImage: Int, atMost limit: Int) -> Int {
  min(limit, max(1, (1 << 26) / scalarsPerImage))
}

extension Network {
  /// The steps of each block of the deployed network.
  func deployedBlocks(sampling: (seed: UInt64, member: Int)?, on device: Device) -> [[PredictionStep<Scalar>]] {
    blocks.enumerated().map { index, block in
      let stream = sampling.map {
        RandomStream(seed: $0.seed, purpose: .discretization, epoch: $0.member, layer: index + 1)
      }
      let input: DeployedInput =
        pixelScale == .unit ? .real : index == 0 ? .pixels(maximum: specification.input.pixelMaximum) : .signs
      return block.deployed(reading: input, sampledFrom: stream, on: device)
    }
  }

  /// How pixels are scaled for the deployed network: a network with sign activations is a function of integers.
  public var pixelScale: PixelScale { kind.activation == .sign ? .integer : .unit }

  /// Fits the running averages to the network that will be deployed, in one pass over batches on the prediction path. Each batch
  /// is normalized with the averages as they were before it; then all layers' averages are updated together (`Method.md` §3).
  ///
  /// - Parameters:
  ///   - batches: inputs whose pixels are scaled by `pixelScale`.
  ///   - factor: the weight of each batch in the averages.
  public mutating func fitRunningAverages(
    to batches: some Sequence<Tensor<Scalar>>, factor: Double = BatchStatistics<Scalar>.runningFactor,
    on device: Device
  ) {
    var predictor = Predictor(self, on: device)
    for x in batches {
      moveRunningAverages(towards: predictor.statistics(x, blocks: blocks.count), factor: factor, on: device)
      predictor.renewNormalizations(from: self)
    }
  }
}
