import Layers
import Networks
import RandomStreams
import Tensors
import Training

/// The products of a linear layer in a training step, which are its convolutions if it has any.
struct LayerWork {
  /// The layer's index.
  let index: Int
  let map: LinearMap
  let shape: LinearShape
  let batch: Int
  /// How often each product is computed: in a discrete network twice, for mean and variance.
  let repetitions: Int

  /// The layers of a network.
  static func all(of experiment: Experiment, _ kind: NetworkKind) throws -> [LayerWork] {
    let shapes = try experiment.architecture.shapes(of: experiment.data.image)
    return zip(experiment.architecture.blocks, shapes).enumerated().map { index, layer in
      LayerWork(
        index: index, map: layer.0.map, shape: layer.1, batch: experiment.batch, repetitions: kind.isDiscrete ? 2 : 1)
    }
  }

  /// What a product computes: outputs of the layer, or gradients.
  enum Product: String, CaseIterable, Encodable {
    case outputs
    case weightGradient = "weights' gradient"
    case inputGradient = "inputs' gradient"
  }

  /// The different products of a step; the inputs of the first layer need no gradient.
  var products: [Product] { index == 0 ? [.outputs, .weightGradient] : Product.allCases }

  /// All products of a step, each as often as it is computed.
  var productsOfStep: [Product] { Array(repeating: products, count: repetitions).flatMap { $0 } }

  /// Additions and multiplications of one product.
  var operations: Double { 2 * Double(batch * shape.output.reduce(1, *)) * Double(shape.fanIn) }

  /// What the products are computed of. The operands are made for them and freed afterwards, since together those of all layers are large.
  struct Operands {
    let x, weights, dy: Tensor<Float>
  }

  func operands(seed: UInt64, on device: Device) -> Operands {
    func random(_ shape: Shape) -> Tensor<Float> {
      RandomStream(seed: seed, purpose: .initialization, layer: index).uniform(shape, on: device)
    }
    return Operands(
      x: random([batch] + shape.input), weights: random([shape.fanIn, shape.output[0]]),
      dy: random([batch] + shape.output))
  }

  func compute(_ product: Product, of operands: Operands, on device: Device) {
    let (x, weights, dy) = (operands.x, operands.weights, operands.dy)
    switch product {
    case .outputs: _ = map(x, weights, on: device)
    case .weightGradient: _ = map.weightGradient(x, dy, on: device)
    case .inputGradient: _ = map.inputGradient(dy, weights, shape: x.shape, on: device)
    }
  }
}
