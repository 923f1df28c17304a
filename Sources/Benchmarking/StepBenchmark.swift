import Datasets
import Layers
import Networks
import RandomStreams
import Tensors
import Training

/// Times training steps of one network on random pixels, and the steps' products and convolutions alone.
package struct StepBenchmark {
  private let experiment: Experiment
  private let kind: NetworkKind
  private let seed: UInt64
  private let device: Device

  /// Prepares a benchmark of one network.
  package init(_ experiment: Experiment, _ kind: NetworkKind, seed: UInt64, device: Device) {
    self.experiment = experiment
    self.kind = kind
    self.seed = seed
    self.device = device
  }

  /// The times of each step, in milliseconds.
  package struct Samples {
    /// Whole steps.
    package var step: [Double] = []
    /// The steps' products and convolutions alone.
    package var products: [Double] = []
    /// What the machine can do at most, measured between steps: additions and multiplications of a product in registers, and bytes
    /// read and written, a millisecond.
    package var peak: [Double] = [], bandwidth: [Double] = []
    /// The number of additions and multiplications in the products of one step.
    package var productOperations: Double
    /// The bytes that one step has to read and write at least: each trained number with its two moments of Adam, once.
    package var bytes: Double
    /// How many pages of memory the system had to provide for the steps that were timed; nil where it does not say.
    package var newPages: Int?

    package init(
      step: [Double] = [], products: [Double] = [], peak: [Double] = [], bandwidth: [Double] = [],
      productOperations: Double, bytes: Double, newPages: Int? = nil
    ) {
      (self.step, self.products, self.peak, self.bandwidth) = (step, products, peak, bandwidth)
      (self.productOperations, self.bytes, self.newPages) = (productOperations, bytes, newPages)
    }
  }

  /// Times `steps` steps, after `warmup` steps that are not timed.
  package func run(steps: Int, warmup: Int) throws -> Samples {
    let data = Dataset.random(like: experiment.data, images: experiment.batch, seed: seed)
    let network: Network<Float> = try experiment.untrained(kind, input: data.train.input, seed: seed, on: device)
    let products = try linearMaps()
    var run = TrainingRun(experiment, network, data: data, seed: seed, device: device)
    let batch: (inputs: Tensor<Float>, labels: [Int]) = data.train.batch(
      Array(0..<experiment.batch)[...], nil, seed: seed, epoch: 1, step: 0)

    let trained = network.parameters.filter(\.kind.isTrained).reduce(0) { $0 + $1.tensor.count }
    var samples = Samples(
      productOperations: products.reduce(0) { $0 + $1.operations(batch: experiment.batch) },
      bytes: Double(trained * MemoryLayout<Float>.size * 3 * 2))
    for step in 0..<warmup + steps {
      let pages = newPages
      let whole = try ContinuousClock().measure {
        _ = try run.step(on: batch.inputs, labels: batch.labels)
      }
      guard step >= warmup else { continue }
      if let pages, let now = newPages { samples.newPages = (samples.newPages ?? 0) + now - pages }
      samples.step.append(whole.seconds * 1000)
      samples.products.append(products.reduce(0) { $0 + duration(of: $1).seconds * 1000 })
      // The sweep takes memory of its own, so this is not done after every step.
      guard (step - warmup) % 5 == 0 else { continue }
      let ceilings = MachineCeilings(device)
      samples.peak.append(2 * ceilings.multiplyAdds / 1000)
      samples.bandwidth.append(ceilings.bytes / 1000)
    }
    return samples
  }

  /// A linear layer's work in one step: forward, the weights' gradients, and after the first layer the inputs' gradients;
  /// each twice in a discrete network, for mean and variance.
  private struct Work {
    let map: LinearMap
    let shape: LinearShape
    /// The layer's index.
    let index: Int
    let repetitions: Int

    func operations(batch: Int) -> Double {
      2 * Double(batch * shape.output.reduce(1, *)) * Double(shape.fanIn) * Double((index == 0 ? 2 : 3) * repetitions)
    }
  }

  private func linearMaps() throws -> [Work] {
    let shapes = try experiment.architecture.shapes(of: experiment.data.image)
    return zip(experiment.architecture.blocks, shapes).enumerated().map { index, layer in
      Work(map: layer.0.map, shape: layer.1, index: index, repetitions: kind.isDiscrete ? 2 : 1)
    }
  }

  /// How long the work takes. The operands are created for it and freed afterwards, since together those of all layers
  /// are large.
  private func duration(of work: Work) -> Duration {
    let x = random([experiment.batch] + work.shape.input, work.index)
    let weights = random([work.shape.fanIn, work.shape.output[0]], work.index)
    let dy = random([experiment.batch] + work.shape.output, work.index)
    return ContinuousClock().measure {
      for _ in 0..<work.repetitions {
        _ = work.map(x, weights, on: device)
        _ = work.map.weightGradient(x, dy, on: device)
        if work.index > 0 { _ = work.map.inputGradient(dy, weights, shape: x.shape, on: device) }
      }
    }
  }

  private func random(_ shape: Shape, _ layer: Int) -> Tensor<Float> {
    RandomStream(seed: seed, purpose: .initialization, layer: layer).uniform(shape, on: device)
  }
}
