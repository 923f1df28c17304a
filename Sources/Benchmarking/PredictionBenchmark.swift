import Datasets
internal import Kernels
import Networks
import PackedInference
import Tensors
import Training

/// Times a network's packed inference, stage by stage, beside its evaluation in Float.
package struct PredictionBenchmark {
  private let packed: PackedNetwork<Float>
  private let predictor: Predictor<Float>
  private let images: LabelledImages
  private let pixels: [UInt8]

  /// Times of each round, in milliseconds a batch, on one thread.
  package struct Samples {
    /// From bytes to classes, in Float.
    package var float: [Double] = []
    /// From bytes to classes, in bits.
    package var packed: [Double] = []
    /// The stages of a batch in bits, each timed by itself.
    package var stages: [StageWatch.Stage: [Double]] = [:]
    /// What the products would reach without loads, measured beside them, in multiply-adds a millisecond; 0 where unknown.
    package var ceilings: [StageWatch.Stage: [Double]] = [:]
    /// Of an image: of the weights with the inputs, and of what the products of bytes and of bits do.
    package let multiplyAdds: Int, stageMultiplyAdds: [StageWatch.Stage: Int]
    /// The share of pixels that are 0.
    package let zeros: Double

    /// No round yet.
    package init(multiplyAdds: Int, stageMultiplyAdds: [StageWatch.Stage: Int], zeros: Double) {
      (self.multiplyAdds, self.stageMultiplyAdds, self.zeros) = (multiplyAdds, stageMultiplyAdds, zeros)
    }
  }

  /// Prepares a benchmark of an untrained network, which takes as long as a trained one.
  ///
  /// - Parameter set: the images, repeated from the first on to make a batch; nil for random pixels.
  /// - Throws: `PackingError` for a network without sign activations; what building the network throws.
  package init(
    _ experiment: Experiment, _ kind: NetworkKind, images set: LabelledImages?, batch: Int, seed: UInt64
  ) throws {
    let set = set ?? Dataset.random(like: experiment.data, images: batch, seed: seed).test
    images = set.selecting((0..<batch).map { $0 % set.count })
    let network: Network<Float> = try experiment.untrained(kind, input: images.input, seed: seed, on: .single)
    packed = try PackedNetwork(network, on: .single)
    predictor = Predictor(network, on: .single)
    pixels = images.pixels
  }

  /// Times `rounds` rounds of both evaluations in turns, after one that is not timed.
  package func run(rounds: Int) -> Samples {
    var samples = Samples(
      multiplyAdds: packed.multiplyAdds, stageMultiplyAdds: packed.stageMultiplyAdds,
      zeros: Double(pixels.count { $0 == 0 }) / Double(pixels.count))
    for round in 0...rounds {
      // As many batches as take a while, so that the clock does not matter.
      let repetitions = max(1, 200 / images.count)
      let float = measure(repetitions) {
        predictor.outputs(images.inputs(0..<images.count, predictor.pixelScale)).rowArgmax
      }
      let inBits = measure(10 * repetitions) { bits { packed.outputs($0, count: images.count, on: .single).rowArgmax } }
      let watch = StageWatch()
      _ = measure(repetitions) { bits { self.packed.outputs($0, count: images.count, timedBy: watch).rowArgmax } }
      let ceilings = [
        StageWatch.Stage.bytes: ceiling(signet_byte_ceiling_work), .bits: ceiling(signet_bit_ceiling_work),
      ]
      guard round > 0 else { continue }
      samples.float.append(float)
      samples.packed.append(inBits)
      for stage in StageWatch.Stage.allCases {
        samples.stages[stage, default: []].append(
          (watch.durations[stage] ?? .zero) / .milliseconds(1) / Double(repetitions))
      }
      for (stage, ceiling) in ceilings { samples.ceilings[stage, default: []].append(ceiling) }
    }
    return samples
  }

  /// Multiply-adds a millisecond of a product's arithmetic in registers.
  private func ceiling(_ work: (Int) -> Double) -> Double { MachineCeilings.rate(of: work, on: .single) }

  private func bits(_ body: (UnsafePointer<UInt8>) -> [Int]) -> [Int] {
    pixels.withUnsafeBufferPointer { $0.baseAddress.map(body) ?? [] }
  }

  /// Milliseconds that `body` takes, a time.
  private func measure(_ repetitions: Int, _ body: () -> [Int]) -> Double {
    var classes = 0
    let duration = ContinuousClock().measure { for _ in 0..<repetitions { classes &+= body()[0] } }
    withExtendedLifetime(classes) {}
    return duration / .milliseconds(1) / Double(repetitions)
  }
}
