import BuildInformation
import Files
internal import Kernels
import Networks
import Statistics
import Tensors
import Training

/// The times of training steps and of the products and convolutions in them alone, in milliseconds.
package struct StepTimes: Encodable {
  package let version, experiment, network: String
  package let batch, threads: Int
  package let kernels: String
  package let steps: Int
  package let stepMedian, stepMinimum, productsMedian, productsMinimum: Double
  /// Billions of additions and multiplications in a step's products.
  package let productOperations: Double

  private enum CodingKeys: String, CodingKey {
    case version, experiment, network, batch, threads, kernels, steps
    case stepMedian = "step_ms_median"
    case stepMinimum = "step_ms_minimum"
    case productsMedian = "matmul_ms_median"
    case productsMinimum = "matmul_ms_minimum"
    case productOperations = "matmul_gflop"
  }

  package init(
    _ samples: StepBenchmark.Samples, of experiment: Experiment, _ network: NetworkKind, steps: Int, on device: Device
  ) {
    version = BuildInformation.version
    (self.experiment, self.network, self.steps) = (experiment.name, network.rawValue, steps)
    (batch, threads, kernels) = (experiment.batch, device.threads, String(cString: signet_kernels_variant()))
    (stepMedian, stepMinimum) = (median(samples.step), samples.step.min() ?? 0)
    (productsMedian, productsMinimum) = (median(samples.products), samples.products.min() ?? 0)
    productOperations = samples.productOperations / 1e9
  }

  /// A table with a row for the step and a row for its products.
  package func table() -> String {
    func row(_ name: String, _ median: Double, _ minimum: Double) -> [String] {
      [name, fixed(median, places: 2) + " ms", fixed(minimum, places: 2) + " ms"]
    }
    return alignedTable(
      [
        ["", "median", "minimum"],
        row("step", stepMedian, stepMinimum),
        row("its products and convolutions", productsMedian, productsMinimum),
      ], rightAligned: [1, 2])
  }
}
