import Datasets
import Networks
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
  ///
  /// - Parameter known: the ceilings, instead of those that are measured beside the steps.
  package func run(steps: Int, warmup: Int, ceilings known: MachineCeilings? = nil) throws -> Samples {
    let data = Dataset.random(like: experiment.data, images: experiment.batch, seed: seed)
    let network: Network<Float> = try experiment.untrained(kind, input: data.train.input, seed: seed, on: device)
    let layers = try LayerWork.all(of: experiment, kind)
    // Not a whole training, whose epochs end after as many steps as there are batches.
    var state = TrainingState(network, experiment, experiment.phase(of: kind))
    let batch: (inputs: Tensor<Float>, labels: [Int]) = data.train.batch(
      Array(0..<experiment.batch)[...], nil, seed: seed, epoch: 1, step: 0)

    let trained = network.parameters.filter(\.kind.isTrained).reduce(0) { $0 + $1.tensor.count }
    var samples = Samples(
      productOperations: layers.reduce(0) { $0 + $1.operations * Double($1.productsOfStep.count) },
      bytes: Double(trained * MemoryLayout<Float>.size * 3 * 2))
    for step in 0..<warmup + steps {
      let pages = newPages
      let whole = try device.duration {
        _ = try state.step(on: batch.inputs, labels: batch.labels, seed: seed, device: device)
      }
      guard step >= warmup else { continue }
      if let pages, let now = newPages { samples.newPages = (samples.newPages ?? 0) + now - pages }
      samples.step.append(whole / .milliseconds(1))
      samples.products.append(layers.reduce(0) { $0 + duration(of: $1) / .milliseconds(1) })
      // The sweep takes memory of its own, so this is not done after every step.
      guard (step - warmup) % 5 == 0 else { continue }
      let ceilings = known ?? MachineCeilings(device)
      samples.peak.append(2 * ceilings.multiplyAdds)
      samples.bandwidth.append(ceilings.bytes)
    }
    return samples
  }

  /// How long a layer's products take.
  private func duration(of work: LayerWork) -> Duration {
    let operands = work.operands(seed: seed, on: device)
    return device.duration {
      for product in work.productsOfStep { work.compute(product, of: operands, on: device) }
    }
  }
}
