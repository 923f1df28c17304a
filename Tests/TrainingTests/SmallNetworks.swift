import Layers
import RandomStreams
import Tensors
import Training
import WeightDistributions

/// Small networks of every kind, with dropout off or on.
enum SmallNetworks {
  /// On 3 inputs, or on images of 2 channels with 4×3 pixels.
  static let dense: Architecture = "5-4-3"
  static let convolutional: Architecture = "3C3-P2-4-3"

  static func images(_ architecture: Architecture) -> ImageShape {
    architecture.isPermutationInvariant
      ? ImageShape(channels: 3, height: 1, width: 1) : ImageShape(channels: 2, height: 4, width: 3)
  }

  static func experiment(
    _ architecture: Architecture = dense, dropout: Double = 0.2, method: Method = Method()
  ) -> Experiment {
    func phase(_ regularization: Double) -> Experiment.Phase {
      Experiment.Phase(
        dropout: Array(repeating: dropout, count: architecture.blocks.count), epochs: 3, cooldown: 2, patience: 1,
        weightStep: 1e-2, regularization: regularization)
    }
    var experiment = Experiment(
      name: "small", title: "", data: .digits, architecture: architecture, batch: 6, real: phase(1e-4),
      discrete: phase(1e-10))
    experiment.method = method
    return experiment
  }

  /// A network of that kind for 3 classes, with all that it starts from untrained.
  static func network<Scalar: Real>(
    _ kind: NetworkKind, of experiment: Experiment = experiment(), seed: UInt64 = 3, as type: Scalar.Type = Scalar.self
  ) throws -> Network<Scalar> {
    var network: Network<Scalar>?
    for kind in NetworkKind.trainingOrder(of: [kind], initialization: experiment.method.initialization) {
      network =
        try network.map { $0.starting(kind, of: experiment, on: .single) }
        ?? .fresh(kind, of: experiment, images: images(experiment.architecture), seed: seed, on: .single)
    }
    guard let network else { preconditionFailure("no network") }
    return network
  }

  /// Inputs uniform in ±1.
  static func inputs<Scalar: Real>(
    _ n: Int, for architecture: Architecture = dense, seed: UInt64 = 5
  ) -> Tensor<Scalar> {
    let uniforms: Tensor<Scalar> = RandomStream(seed: seed, purpose: .initialization)
      .uniform([n] + images(architecture).shape, on: .single)
    return uniforms.map(on: .single) { 2 * $0 - 1 }
  }
}
