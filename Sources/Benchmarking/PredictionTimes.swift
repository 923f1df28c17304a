import BuildInformation
import Files
internal import Kernels
import Networks
import PackedInference
import Statistics
import Training

/// The times of packed inference and of the evaluation in Float, in milliseconds a batch on one thread.
package struct PredictionTimes: Encodable {
  package let version, experiment, network, kernels: String
  package let batch, rounds: Int
  /// The images, such as "the first 100 of the test set" or "random pixels", and the share of their pixels that are 0, which the
  /// first layer skips where neighbors are 0, too.
  package let images: String
  package let zeroPixels: Double
  /// Medians, from bytes to classes.
  package let floatMs, packedMs: Double
  /// The median of the rounds' ratios.
  package let speedUp: Double
  /// Medians of each stage by itself.
  package let stagesMs: [String: Double]
  /// Multiply-adds of weights with inputs of an image, as if each were done.
  package let multiplyAdds: Int
  /// The products of bytes and of bits.
  package let products: [Product]

  /// How fast one kind of product is.
  package struct Product: Encodable {
    package let stage: String
    /// Of an image, as if each were done; of bits, as many for each plane of the pixels and each term of the weights.
    package let multiplyAdds: Int
    /// Billions a second.
    package let rate: Double
    /// What the same arithmetic reaches in registers, without loads, measured beside it; nil where instructions of no fixed number
    /// do it.
    package let ceiling: Double?
  }

  package init(
    _ samples: PredictionBenchmark.Samples, of experiment: Experiment, _ network: NetworkKind, images: String,
    batch: Int, rounds: Int
  ) {
    version = BuildInformation.version
    (self.experiment, self.network, self.batch, self.rounds) = (experiment.name, network.rawValue, batch, rounds)
    (self.images, zeroPixels) = (images, samples.zeros)
    kernels = String(cString: signet_kernels_variant())
    (floatMs, packedMs) = (median(samples.float), median(samples.packed))
    speedUp = median(zip(samples.float, samples.packed).map { $0 / $1 })
    stagesMs = Dictionary(uniqueKeysWithValues: samples.stages.map { ($0.rawValue, median($1)) })
    multiplyAdds = samples.multiplyAdds
    products = [StageWatch.Stage.bytes, .bits].compactMap { stage in
      guard let count = samples.stageMultiplyAdds[stage], count > 0, let times = samples.stages[stage],
        let ceilings = samples.ceilings[stage]
      else { return nil }
      let ceiling = median(ceilings) / 1e6
      return Product(
        stage: stage.rawValue, multiplyAdds: count, rate: Double(count * batch) / median(times) / 1e6,
        ceiling: ceiling > 0 ? ceiling : nil)
    }
  }

  /// A table with a row for each evaluation and stage, and what it was measured on.
  package func table() -> String {
    func row(_ name: String, _ ms: Double, _ product: Product? = nil) -> [String] {
      let rate = product.map { fixed($0.rate, places: 0) + " G/s" } ?? ""
      let share = product.flatMap { product in product.ceiling.map { fixed(100 * product.rate / $0, places: 0) + " %" }
      }
      return [
        name, fixed(ms, places: 4) + " ms", fixed(ms * 1000 / Double(batch), places: 2) + " µs", rate, share ?? "",
      ]
    }
    let stages = StageWatch.Stage.allCases.map { stage in
      row("  \(stage.rawValue)", stagesMs[stage.rawValue] ?? .nan, products.first { $0.stage == stage.rawValue })
    }
    return alignedTable(
      [["", "a batch of \(batch)", "an image", "multiply-adds", "of the ceiling"]]
        + [row("in Float", floatMs), row("packed", packedMs)] + stages,
      rightAligned: [1, 2, 3, 4])
      + "\n\nPacked is \(fixed(speedUp, places: 1)) times as fast (one thread, \(kernels)), \(multiplyAdds) multiply-adds an "
      + "image. Images: \(images); \(fixed(100 * zeroPixels, places: 1)) % of the pixels are 0"
      + (zeroPixels > 0 ? ", and the products with them count as done where they are skipped." : ".")
  }
}
