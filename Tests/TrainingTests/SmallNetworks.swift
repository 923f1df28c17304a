import Layers
import Networks
import PackedInference
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
        learningRate: 1e-2, regularization: regularization)
    }
    var experiment = Experiment(
      name: "small", title: "", data: .digits, architecture: architecture, batch: 6, real: phase(1e-4),
      discrete: phase(1e-10))
    experiment.method = method
    return experiment
  }

  /// An experiment whose integers sum to more than 2²⁴, which discrete networks with sign activations must not, and no others have:
  /// of 28 · 28 pixels up to 255, with weights up to 1000.
  static func withLargeSums() -> Experiment {
    var experiment = Experiment.custom("2-10", on: .glyphs)
    experiment.method.grids = ["-1000,0,1000"]
    return experiment
  }

  static func specification(_ kind: NetworkKind, of experiment: Experiment = experiment()) -> NetworkSpecification {
    experiment.specification(of: kind, input: input(experiment.architecture))
  }

  static func input(_ architecture: Architecture) -> ImageInput {
    ImageInput(image: images(architecture), pixelMaximum: pixelMaximum)
  }

  static let pixelMaximum = 255

  /// A network of that kind for 3 classes, with all that it starts from untrained.
  static func network<Scalar: TensorScalar>(
    _ kind: NetworkKind, of experiment: Experiment = experiment(), seed: UInt64 = 3, as type: Scalar.Type = Scalar.self
  ) throws -> Network<Scalar> {
    try experiment.untrained(kind, input: input(experiment.architecture), seed: seed, on: .single)
  }

  /// Inputs uniform in ±1.
  static func inputs<Scalar: TensorScalar>(
    _ n: Int, for architecture: Architecture = dense, seed: UInt64 = 5
  ) -> Tensor<Scalar> {
    let uniforms: Tensor<Scalar> = RandomStream(seed: seed, purpose: .initialization)
      .uniform([n] + images(architecture).shape, on: .single)
    return uniforms.map(on: .single) { 2 * $0 - 1 }
  }

  /// Pixels drawn uniformly, as a predictor reads them.
  static func pixels<Scalar: TensorScalar>(
    _ n: Int, for architecture: Architecture = dense, seed: UInt64 = 5, _ scale: PixelScale
  ) -> Tensor<Scalar> {
    let inputs: Tensor<Double> = inputs(n, for: architecture, seed: seed)
    let maximum = Double(pixelMaximum)
    return Tensor(
      inputs.shape,
      inputs.scalars.map { x in
        let integer = 2 * ((x + 1) / 2 * maximum).rounded() - maximum
        return Scalar(scale == .integer ? integer : integer / maximum)
      })
  }
}
