import ArgumentParser
import Benchmarking
import Files
import Kernels
import Tensors
import Training

struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast the program is on this machine.", subcommands: [Step.self, Compare.self])
}

extension Benchmark {
  struct Step: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Time a training step, and the matrix products and convolutions in it alone.",
      discussion: """
        A step is one batch of random pixels: forward, backward, and the update of all parameters. The products and \
        convolutions of the same shapes are timed in between, step by step, so that both saw the same machine.
        """)

    @Option(help: "The experiment.")
    var experiment: Experiment = .mnistPI

    @Option(help: "The network.")
    var network: NetworkKind = .discreteSign

    @Option(help: ArgumentHelp("Steps that are timed.", valueName: "n"))
    var steps = 50

    @Option(help: ArgumentHelp("Steps before these.", valueName: "n"))
    var warmup = 5

    @OptionGroup var seed: SeedOptions

    @OptionGroup var threads: ThreadOptions

    @Flag(help: "Print one JSON object instead of the table.")
    var json = false

    func validate() throws {
      guard (1...100_000).contains(steps) else {
        throw ValidationError("--steps: expected a number from 1 to 100000, found \(steps)")
      }
      guard (0...100_000).contains(warmup) else {
        throw ValidationError("--warmup: expected a number from 0 to 100000, found \(warmup)")
      }
    }

    func run() throws {
      let workers = threads.workers
      let samples = try StepBenchmark(experiment, network, seed: seed.seed, workers: workers)
        .run(steps: steps, warmup: warmup)
      let report = StepReport(
        version: signetVersion, experiment: experiment.name, network: network.rawValue, batch: experiment.batch,
        threads: workers.count, kernels: String(cString: signet_kernels_variant()), steps: steps,
        stepMedian: median(samples.step), stepMinimum: samples.step.min() ?? 0,
        productsMedian: median(samples.products), productsMinimum: samples.products.min() ?? 0,
        productOperations: samples.productOperations / 1e9)
      try StandardOutput.print(json ? try encodeJSON(report) : report.table())
    }
  }

  /// Times in milliseconds.
  struct StepReport: Encodable {
    let version, experiment, network: String
    let batch, threads: Int
    let kernels: String
    let steps: Int
    let stepMedian, stepMinimum, productsMedian, productsMinimum: Double
    /// Billions of additions and multiplications in a step's products.
    let productOperations: Double

    enum CodingKeys: String, CodingKey {
      case version, experiment, network, batch, threads, kernels, steps
      case stepMedian = "step_ms_median"
      case stepMinimum = "step_ms_minimum"
      case productsMedian = "matmul_ms_median"
      case productsMinimum = "matmul_ms_minimum"
      case productOperations = "matmul_gflop"
    }

    func table() -> String {
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
}
