import Layers
import Tensors
import WeightDistributions

/// A block of a network as in the paper: dropout, a linear layer, and the layers that follow it in the order of the network's
/// kind, each at most once (`Method.md` §5).
///
/// Parameters are named by their stage: `linear.logits`, `normalization.scale`.
public struct Block<Scalar: TensorScalar>: Sendable {
  /// The role of a stage in its block.
  public enum Role: String, CaseIterable, Sendable {
    case dropout, linear, pooling, normalization, activation, sampler
  }

  /// A layer with its role.
  public struct Stage: Sendable {
    /// The layer's role.
    public let role: Role
    /// The layer.
    public package(set) var layer: any Layer<Scalar>
  }

  /// The stages in the order of the forward pass.
  public package(set) var stages: [Stage]

  /// A block of these layers, in the order of the forward pass.
  ///
  /// - Precondition: there is one linear layer, with nothing but dropout before it, and no role occurs twice.
  init(_ stages: [(Role, any Layer<Scalar>)]) {
    let roles = stages.map(\.0)
    precondition(
      roles.count == Set(roles).count && roles.drop { $0 == .dropout }.first == .linear,
      "Block: stages \(roles.map(\.rawValue))")
    self.stages = stages.map { Stage(role: $0, layer: $1) }
  }

  /// The layer with a role; nil if there is none.
  public subscript(role: Role) -> (any Layer<Scalar>)? { stages.first { $0.role == role }?.layer }

  /// The dense layer or convolution.
  public var linear: any LinearLayer<Scalar> {
    guard let layer = self[.linear] as? any LinearLayer<Scalar> else { preconditionFailure("Block: no linear layer") }
    return layer
  }

  /// Batch normalization; nil in a last block.
  public var normalization: BatchNormalization<Scalar>? { self[.normalization] as? BatchNormalization<Scalar> }

  /// The distributions of the weights, and the divergence that is added to the loss for them; nil if the weights are not
  /// distributions.
  public var distribution: DistributionLinear<Scalar>? { self[.linear] as? DistributionLinear<Scalar> }

  /// Real weights; nil if the weights are distributions or latent.
  var realWeights: Tensor<Scalar>? { (self[.linear] as? Linear<Scalar>)?.weights }

  /// The dropout rate before the linear layer.
  package var dropout: Double { (self[.dropout] as? Dropout<Scalar>)?.rate ?? 0 }

  /// The kind of pooling; nil without pooling.
  package var pooling: PoolingKind? { (self[.pooling] as? Pooling<Scalar>)?.kind }

  /// Moves the running averages, if there are any, towards the statistics of one batch.
  mutating func moveRunningAverages(towards batch: BatchStatistics<Scalar>, factor: Double, on device: Device) {
    for index in stages.indices {
      guard var normalization = stages[index].layer as? BatchNormalization<Scalar> else { continue }
      normalization.running.moveTowards(batch, factor: factor, on: device)
      stages[index].layer = normalization
    }
  }

  // MARK: Training

  /// Gradients of the loss with respect to the trained parameters of each layer that has any, in the layer's order.
  public typealias Gradients = [Role: [Tensor<Scalar>]]

  /// The training output of a block, with the function that propagates gradients back.
  struct Forward {
    let output: Signal<Scalar>
    /// Batch normalization's statistics of the batch.
    let statistics: BatchStatistics<Scalar>?
    let backward: (Signal<Scalar>) -> (input: Signal<Scalar>?, gradients: Gradients)
  }

  /// The block's forward pass in training; its noise is keyed by the block's number and the noise's purpose.
  func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward {
    var signal = input
    var statistics: BatchStatistics<Scalar>?
    // Keep only the layers' backward passes: most outputs are no longer needed once the next layer has them.
    var passes: [(role: Role, backward: (Signal<Scalar>) -> Backward<Scalar>)] = []
    for stage in stages {
      let forward = stage.layer.forward(signal, stagePass(stage.role, pass))
      signal = forward.output
      statistics = forward.statistics ?? statistics
      passes.append((stage.role, forward.backward))
    }
    return Forward(output: signal, statistics: statistics) { [passes] gradient in
      var gradient: Signal<Scalar>? = gradient
      var gradients: Gradients = [:]
      for (role, backward) in passes.reversed() {
        guard let output = gradient else { break }
        let stage = backward(output)
        if !stage.parameters.isEmpty { gradients[role] = stage.parameters }
        gradient = role == .linear && !pass.needsInputGradient ? nil : stage.input
      }
      return (gradient, gradients)
    }
  }

  /// A stage's pass within the block's: the stages after the linear layer always need input gradients.
  func stagePass(_ role: Role, _ pass: LayerPass) -> LayerPass {
    role == .dropout || role == .linear ? pass : pass.withInputGradient
  }

  // MARK: Parameters

  /// All parameters and statistics, named by their stage, in a fixed order.
  public var parameters: [Parameter<Scalar>] {
    stages.flatMap { stage in
      stage.layer.parameters.map { Parameter("\(stage.role.rawValue).\($0.name)", $0.kind, $0.tensor) }
    }
  }

  /// Changes the trained parameters by their gradients: `rule(i)` for trained parameter `i` of the block.
  mutating func update(_ gradients: Gradients, on device: Device, _ rule: (Int) -> ParameterUpdate<Scalar>) {
    var first = 0
    for index in stages.indices {
      let trained = stages[index].layer.parameters.count { $0.kind.isTrained }
      if let gradients = gradients[stages[index].role] {
        stages[index].layer.update(gradients, on: device) { rule(first + $0) }
      }
      first += trained
    }
  }

  /// Replaces all of `parameters`, in their order.
  ///
  /// - Precondition: the tensors have the number and the shapes of `parameters`.
  package mutating func setParameters(_ tensors: [Tensor<Scalar>], on device: Device) {
    var rest = tensors[...]
    for index in stages.indices {
      let count = stages[index].layer.parameters.count
      stages[index].layer.setParameters(Array(rest.prefix(count)), on: device)
      rest = rest.dropFirst(count)
    }
    precondition(rest.isEmpty, "Block: \(rest.count) tensors too many")
  }
}
