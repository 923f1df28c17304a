import ArgumentParser
import Benchmarking
import Files
import Networks
import Training

struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast the program is on this machine.", subcommands: [Step.self, Compare.self])
}

extension Benchmark {
  struct Step: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Time a training step, and its matrix products and convolutions alone.",
      discussion: """
        A step is one batch of random pixels: forward, backward, and the update of all parameters. The products and \
        convolutions of the same shapes are timed in between, step by step, so that both see the same machine.
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
      try require("--steps", steps, in: 1...100_000)
      try require("--warmup", warmup, in: 0...100_000)
    }

    func run() throws {
      let workers = threads.workers
      let samples = try StepBenchmark(experiment, network, seed: seed.seed, workers: workers)
        .run(steps: steps, warmup: warmup)
      let report = StepTimes(samples, of: experiment, network, steps: steps, on: workers)
      try StandardOutput.print(json ? try encodeJSON(report) : report.table())
    }
  }
}
