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
  /// The variant of the processor's kernels.
  package let kernels: String
  /// The device's name; `cpu` for the processor.
  package let device: String
  package let steps: Int
  package let stepMedian, stepMinimum, productsMedian, productsMinimum: Double
  /// Billions of additions and multiplications in a step's products, and what the machine does of them a second in registers.
  package let productOperations, peak: Double
  /// Millions of bytes that a step has to read and write, and billions that the machine reads and writes a second.
  package let bytes, bandwidth: Double
  /// The time of the products' arithmetic at that peak and then of the bytes at that bandwidth: no step is faster.
  package let floor: Double
  /// The products' share of the peak, 0 to 1.
  package let productsShare: Double
  /// Pages of memory that the system had to provide, a step; nil where it does not say.
  package let newPages: Double?

  private enum CodingKeys: String, CodingKey {
    case version, experiment, network, batch, threads, kernels, device, steps
    case stepMedian = "step_ms_median"
    case stepMinimum = "step_ms_minimum"
    case productsMedian = "matmul_ms_median"
    case productsMinimum = "matmul_ms_minimum"
    case productOperations = "matmul_gflop"
    case peak = "peak_gflop_per_s"
    case bytes = "read_and_written_mb"
    case bandwidth = "bandwidth_gb_per_s"
    case floor = "floor_ms"
    case productsShare = "matmul_share_of_peak"
    case newPages = "new_pages_per_step"
  }

  /// Times the steps of a network.
  package init(
    measuring network: NetworkKind, of experiment: Experiment, seed: UInt64, steps: Int, warmup: Int, on device: Device
  ) throws {
    let samples = try StepBenchmark(experiment, network, seed: seed, device: device).run(steps: steps, warmup: warmup)
    self.init(samples, of: experiment, network, steps: steps, on: device)
  }

  package init(
    _ samples: StepBenchmark.Samples, of experiment: Experiment, _ network: NetworkKind, steps: Int, on device: Device
  ) {
    version = BuildInformation.version
    (self.experiment, self.network, self.steps) = (experiment.name, network.rawValue, steps)
    (batch, threads, kernels) = (experiment.batch, device.threads, String(cString: signet_kernels_variant()))
    self.device = device.hardware
    (stepMedian, stepMinimum) = (median(samples.step), samples.step.min() ?? 0)
    (productsMedian, productsMinimum) = (median(samples.products), samples.products.min() ?? 0)
    (productOperations, peak) = (samples.productOperations / 1e9, median(samples.peak) / 1e6)
    (bytes, bandwidth) = (samples.bytes / 1e6, median(samples.bandwidth) / 1e6)
    floor = 1000 * productOperations / peak + bytes / bandwidth
    productsShare = 1000 * productOperations / peak / productsMedian
    newPages = samples.newPages.map { Double($0) / Double(samples.step.count) }
  }

  /// A table with a row for the step, for its products, and for what neither can be faster than.
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
        + """


        Floor: \(fixed(floor, places: 2)) ms = \(fixed(productOperations, places: 2)) GFLOP of products at \(fixed(peak, places: 0)) \
        GFLOP/s in registers + \(fixed(bytes, places: 1)) MB of parameters and moments read and written at \
        \(fixed(bandwidth, places: 1)) GB/s. The step takes \(fixed(stepMedian / floor, places: 2)) times as long; the products reach \
        \(fixed(100 * productsShare, places: 0)) % of the peak.
        """
      + (device == Device.processorName ? "" : "\nOn \(device).")
      + (newPages.map { "\nNew memory from the system: \(fixed($0, places: 1)) pages a step." } ?? "")
  }
}
