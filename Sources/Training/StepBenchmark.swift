import Layers
import RandomStreams
import Tensors
import WeightDistributions

/// Times training steps of one network on random pixels, and the same matrix products alone.
public struct StepBenchmark {
  private let experiment: Experiment
  private let kind: NetworkKind
  private let seed: UInt64
  private let workers: Workers
  private let widths: [Int]

  /// A benchmark of one network.
  public init(_ experiment: Experiment, _ kind: NetworkKind, seed: UInt64, workers: Workers) {
    self.experiment = experiment
    self.kind = kind
    self.seed = seed
    self.workers = workers
    widths = [experiment.data.pixels] + experiment.hidden + [experiment.data.classes]
  }

  /// Milliseconds of each step.
  public struct Samples {
    /// Whole steps.
    public var step: [Double] = []
    /// The steps' matrix products alone.
    public var products: [Double] = []
    /// Additions and multiplications in the products of one step.
    public var productOperations: Double
  }

  /// Times `steps` steps after `warmup` others.
  public func run(steps: Int, warmup: Int) -> Samples {
    var network = Network<Float>.real(
      experiment, inputs: widths[0], classes: widths[widths.count - 1], seed: seed, on: workers)
    for kind in NetworkKind.trainingOrder(of: [kind]).dropFirst() {
      network = network.starting(kind, of: experiment, grid: .ternary, on: workers)
    }
    var optimizer = Optimizer(for: network, phase: experiment.phase(of: kind))
    let stream = RandomStream(seed: seed, purpose: .initialization)
    let x: Tensor<Float> = stream.uniform([experiment.batch, widths[0]], on: workers).map(on: workers) { 2 * $0 - 1 }
    let labels = (0..<experiment.batch).map { $0 % experiment.data.classes }
    let products = productOperands()

    var samples = Samples(productOperations: products.reduce(0) { $0 + $1.operations })
    let clock = ContinuousClock()
    for step in 0..<warmup + steps {
      let whole = clock.measure {
        let output = network.trainingOutput(x, labels: labels, seed: seed, epoch: 1, step: step, on: workers)
        optimizer.update(&network, gradients: output.gradients, scale: 1, on: workers)
      }
      let alone = clock.measure {
        for product in products {
          _ = Tensor.product(product.a, product.b, transposing: product.transposing, on: workers)
        }
      }
      guard step >= warmup else { continue }
      samples.step.append(whole.seconds * 1000)
      samples.products.append(alone.seconds * 1000)
    }
    return samples
  }

  private struct Product {
    let a, b: Tensor<Float>
    let transposing: Transposition
    let operations: Double
  }

  /// The products of one step: forward, the weights' gradients, and after the first layer the inputs' gradients; each
  /// twice in a discrete network, for mean and variance.
  private func productOperands() -> [Product] {
    var products: [Product] = []
    for layer in 1..<widths.count {
      let (n, i, o) = (experiment.batch, widths[layer - 1], widths[layer])
      let x: Tensor<Float> = random([n, i], layer), w: Tensor<Float> = random([i, o], layer)
      let dy: Tensor<Float> = random([n, o], layer)
      let operations = 2 * Double(n) * Double(i) * Double(o)
      for _ in 0..<(kind.isDiscrete ? 2 : 1) {
        products.append(Product(a: x, b: w, transposing: .none, operations: operations))
        products.append(Product(a: x, b: dy, transposing: .first, operations: operations))
        if layer > 1 { products.append(Product(a: dy, b: w, transposing: .second, operations: operations)) }
      }
    }
    return products
  }

  private func random(_ shape: Shape, _ layer: Int) -> Tensor<Float> {
    RandomStream(seed: seed, purpose: .initialization, layer: layer).uniform(shape, on: workers)
  }
}

extension Experiment.DataSource {
  /// Numbers in an image.
  public var pixels: Int {
    switch self {
    case .digits: 64
    case .mnist: 784
    }
  }

  /// Numbers of classes.
  public var classes: Int { 10 }
}
