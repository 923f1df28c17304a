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
  /// Medians, from bytes to classes.
  package let floatMs, packedMs: Double
  /// The median of the rounds' ratios.
  package let speedUp: Double
  /// Medians of each stage by itself.
  package let stagesMs: [String: Double]
  /// Of an image: of weights with inputs, and of bits.
  package let multiplyAdds, bitMultiplyAdds: Int
  /// Billions of multiply-adds of bits a second in the products.
  package let productRate: Double

  package init(
    _ samples: PredictionBenchmark.Samples, of experiment: Experiment, _ network: NetworkKind, batch: Int, rounds: Int
  ) {
    version = BuildInformation.version
    (self.experiment, self.network, self.batch, self.rounds) = (experiment.name, network.rawValue, batch, rounds)
    kernels = String(cString: signet_kernels_variant())
    (floatMs, packedMs) = (median(samples.float), median(samples.packed))
    speedUp = median(zip(samples.float, samples.packed).map { $0 / $1 })
    stagesMs = Dictionary(uniqueKeysWithValues: samples.stages.map { ($0.rawValue, median($1)) })
    (multiplyAdds, bitMultiplyAdds) = (samples.multiplyAdds, samples.bitMultiplyAdds)
    productRate = Double(bitMultiplyAdds * batch) / (stagesMs[StageWatch.Stage.product.rawValue] ?? .nan) / 1e6
  }

  /// A table with a row for each evaluation and stage, and a line on the products' rate.
  package func table() -> String {
    func row(_ name: String, _ ms: Double) -> [String] {
      [name, fixed(ms, places: 4) + " ms", fixed(ms * 1000 / Double(batch), places: 2) + " µs"]
    }
    let stages = StageWatch.Stage.allCases.map { row("  \($0.rawValue)", stagesMs[$0.rawValue] ?? .nan) }
    return alignedTable(
      [["", "a batch of \(batch)", "an image"], row("in Float", floatMs), row("packed", packedMs)] + stages,
      rightAligned: [1, 2])
      + "\n\nPacked is \(fixed(speedUp, places: 1)) times as fast. An image takes \(multiplyAdds) multiply-adds, in bits "
      + "\(bitMultiplyAdds); the products do \(fixed(productRate, places: 0)) billion of these a second (\(kernels))."
  }
}
