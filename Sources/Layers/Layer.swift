import RandomStreams
import Tensors

/// One layer of a network: `forward` for training, `prediction` for the network that is deployed.
public protocol Layer<Scalar>: Sendable {
  associatedtype Scalar: TensorScalar

  /// The training output, with the function that propagates gradients back.
  func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar>

  /// This layer's deterministic step in the deployed network; nil if it has none.
  func prediction(on device: Device) -> PredictionStep<Scalar>?

  /// The layer's state in a fixed order: trained parameters, in the order of `Backward.parameters`, then statistics.
  var parameters: [Parameter<Scalar>] { get }

  /// Changes the trained parameters by their gradients: `rule(i)` for parameter `i`.
  mutating func update(
    _ gradients: [Tensor<Scalar>], on device: Device, _ rule: (Int) -> ParameterUpdate<Scalar>)

  /// Replaces all of `parameters`, in their order.
  ///
  /// - Precondition: the tensors have the number and the shapes of `parameters`.
  mutating func setParameters(_ tensors: [Tensor<Scalar>], on device: Device)
}

extension Layer {
  public var parameters: [Parameter<Scalar>] { [] }

  public mutating func update(
    _ gradients: [Tensor<Scalar>], on device: Device, _ rule: (Int) -> ParameterUpdate<Scalar>
  ) {
    precondition(gradients.isEmpty, "\(Self.self) has no parameters, but \(gradients.count) gradients came")
  }

  public mutating func setParameters(_ tensors: [Tensor<Scalar>], on device: Device) {
    precondition(tensors.isEmpty, "\(Self.self) has no parameters to set, but \(tensors.count) tensors came")
  }

  /// Traps unless `tensors` could be the layer's parameters.
  func checkShapes(_ tensors: [Tensor<Scalar>]) {
    let (expected, actual) = (parameters.map { $0.tensor.shape }, tensors.map { $0.shape })
    precondition(expected == actual, "\(Self.self): parameters of shapes \(actual) for \(expected)")
  }
}

/// A tensor that belongs to a layer's state.
public struct Parameter<Scalar: TensorScalar>: Sendable {
  /// What a tensor is for; the optimizer has a learning rate for each kind.
  public enum Kind: Sendable {
    case weights, logits, bias, batchNormScale, batchNormShift
    /// Not trained by gradients: running averages.
    case statistic

    /// Whether gradients train it.
    public var isTrained: Bool { self != .statistic }
  }

  /// The tensor's name, unique within the layer.
  public let name: String
  /// What the tensor is for.
  public let kind: Kind
  /// The numbers.
  public let tensor: Tensor<Scalar>

  /// A named tensor.
  public init(_ name: String, _ kind: Kind, _ tensor: Tensor<Scalar>) {
    self.name = name
    self.kind = kind
    self.tensor = tensor
  }
}

/// The other arguments of a layer's forward pass in training, besides its input and parameters.
public struct LayerPass: Sendable {
  /// The run's seed.
  public let seed: UInt64
  /// The epoch, counted from 1.
  public let epoch: Int
  /// The step, counted from 0 in each epoch.
  public let step: Int
  /// The number of the layer's block in its network, from 1.
  public let block: Int
  /// False if nothing before the layer is trained.
  public let needsInputGradient: Bool
  /// Where to compute.
  public let device: Device

  /// The pass of one layer in one step.
  public init(seed: UInt64, epoch: Int, step: Int, block: Int, needsInputGradient: Bool = true, device: Device) {
    self.seed = seed
    self.epoch = epoch
    self.step = step
    self.block = block
    self.needsInputGradient = needsInputGradient
    self.device = device
  }

  /// This pass, for a layer whose input gradient is needed.
  package var withInputGradient: LayerPass {
    LayerPass(seed: seed, epoch: epoch, step: step, block: block, device: device)
  }

  /// The block's random stream for one purpose.
  public func stream(_ purpose: RandomPurpose) -> RandomStream {
    RandomStream(seed: seed, purpose: purpose, epoch: epoch, step: step, layer: block)
  }
}

/// The training output of a layer.
public struct Forward<Scalar: TensorScalar> {
  /// The input of the next layer.
  public let output: Signal<Scalar>
  /// Batch normalization's statistics of this batch; nil for other layers.
  public var statistics: BatchStatistics<Scalar>?
  /// Maps the gradient of the loss with respect to `output` to those with respect to input and parameters.
  public let backward: (Signal<Scalar>) -> Backward<Scalar>

  /// An output and the way back from its gradient.
  public init(
    _ output: Signal<Scalar>, statistics: BatchStatistics<Scalar>? = nil,
    backward: @escaping (Signal<Scalar>) -> Backward<Scalar>
  ) {
    self.output = output
    self.statistics = statistics
    self.backward = backward
  }
}

/// Gradients of the loss with respect to a layer's input and parameters.
public struct Backward<Scalar: TensorScalar> {
  /// The gradient with respect to the input; nil if it was not needed.
  public let input: Signal<Scalar>?
  /// In the order of the layer's trained parameters; for a weight distribution, those with respect to `μ_W` and `σ²_W`.
  public let parameters: [Tensor<Scalar>]

  /// The gradients of one layer.
  public init(input: Signal<Scalar>?, parameters: [Tensor<Scalar>] = []) {
    self.input = input
    self.parameters = parameters
  }
}
