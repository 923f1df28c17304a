import ArgumentParser
import Benchmarking
import Datasets
import Files
import Networks
import Tensors
import Training

struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast the program is on this machine.",
    subcommands: [Step.self, Layers.self, Growth.self, Predict.self, Compare.self])
}

/// `--experiment` and `--network`.
struct BenchmarkedNetwork: ParsableArguments {
  @Option(help: "The experiment.")
  var experiment: Experiment = .mnistPI

  @Option(help: "The network.")
  var network: NetworkKind = .discreteSign
}

/// `--markdown`, `--json` and `--quiet`.
struct BenchmarkOutput: ParsableArguments {
  @Flag(help: "Print the table in Markdown.")
  var markdown = false

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not show progress.")
  var quiet = false

  func validate() throws {
    if json && markdown { throw ValidationError("--json: expected no --markdown, found both") }
  }

  func write(_ times: some TimeTable) throws {
    try StandardOutput.print(json ? try encodeJSON(times) : markdown ? times.markdown() : times.table())
  }
}

extension Benchmark {
  struct Step: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Time a training step, and its matrix products and convolutions alone.",
      discussion: """
        A step is one batch of random pixels: forward, backward, and the update of all parameters. The products and \
        convolutions of the same shapes are timed in between, step by step, so that both see the same machine, and so is what \
        the machine can do at most: multiply-adds in registers, and bytes of memory.
        """)

    @OptionGroup var of: BenchmarkedNetwork

    @Option(help: ArgumentHelp("Steps that are timed.", valueName: "n"))
    var steps = 50

    @Option(help: ArgumentHelp("Steps before these.", valueName: "n"))
    var warmup = 5

    @OptionGroup var seed: SeedOptions

    @OptionGroup var device: DeviceOptions

    @Option(
      help: ArgumentHelp(
        "Exit with code 1 if the products reach less of the peak, for example 80.", valueName: "percent"))
    var leastShare: Int?

    @Flag(help: "Print one JSON object instead of the table.")
    var json = false

    func validate() throws {
      try require("--steps", steps, in: 1...100_000)
      try require("--warmup", warmup, in: 0...100_000)
      try require("--least-share", leastShare, in: 1...100)
    }

    func run() throws {
      let report = try StepTimes(
        measuring: of.network, of: of.experiment, seed: seed.seed, steps: steps, warmup: warmup, on: device.open())
      try StandardOutput.print(json ? try encodeJSON(report) : report.table())
      if let leastShare, 100 * report.productsShare < Double(leastShare) { throw ExitCode(ExitStatus.worse.rawValue) }
    }
  }
}

extension Benchmark {
  struct Layers: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Time each layer's matrix products or convolutions alone.",
      discussion: """
        The products of a training step: a layer's outputs, the gradient of its weights, and after the first layer that of its inputs. \
        A discrete network computes each of them twice, for mean and variance. On a device other than the processor they are timed with each size \
        of the tiles in which a group of threads computes; a training takes the one that suits the shape.
        """)

    @OptionGroup var of: BenchmarkedNetwork

    @Option(help: ArgumentHelp("Rounds that are timed.", valueName: "n"))
    var rounds = 20

    @OptionGroup var seed: SeedOptions

    @OptionGroup var device: DeviceOptions

    @OptionGroup var output: BenchmarkOutput

    func validate() throws {
      try require("--rounds", rounds, in: 1...100_000)
    }

    func run() throws {
      let line = ProgressLine(isQuiet: output.quiet)
      defer { line.clear() }
      let report = try LayerTimes(
        measuring: of.network, of: of.experiment, seed: seed.seed, rounds: rounds, on: device.open(),
        progress: { line.show("layer \($0) of \($1)") })
      line.clear()
      try output.write(report)
    }
  }
}

extension Benchmark {
  struct Growth: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Time a training step with other batch sizes, widths, depths, weight values and threads.",
      discussion: """
        Each row differs from the first in one thing; the networks real and straight-through, whose weights are no \
        distributions, have no rows of weight values. Steps are timed as in "signet benchmark step", but on the processor only, \
        beside the floor that products and memory set on this machine.
        """)

    @OptionGroup var of: BenchmarkedNetwork

    @Option(help: ArgumentHelp("Steps that are timed, for each row.", valueName: "n"))
    var steps = 20

    @Option(help: ArgumentHelp("Steps before these.", valueName: "n"))
    var warmup = 3

    @OptionGroup var seed: SeedOptions

    @OptionGroup var threads: ThreadOptions

    @OptionGroup var output: BenchmarkOutput

    func validate() throws {
      try require("--steps", steps, in: 1...100_000)
      try require("--warmup", warmup, in: 0...100_000)
    }

    func run() throws {
      let line = ProgressLine(isQuiet: output.quiet)
      defer { line.clear() }
      let all = StepVariation.all(of: of.experiment, of.network, threads: threads.device.threads)
      let times = try all.enumerated().map { index, variation in
        line.show("\(index + 1) of \(all.count): \(variation.name)")
        return GrowthTimes.Variation(
          variation.name,
          try StepTimes(
            measuring: of.network, of: variation.experiment, seed: seed.seed, steps: steps, warmup: warmup,
            on: .processor(threads: variation.threads)))
      }
      line.clear()
      let report = GrowthTimes(times)
      try output.write(report)
    }
  }
}

extension Benchmark {
  struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Time packed inference, stage by stage, beside the evaluation in Float.",
      discussion: """
        Both go from bytes to classes on one thread, in turns, so that both see the same machine. The network is untrained, \
        which takes as long as a trained one. The images are the first ones of the test set, if it comes with the program or \
        --data says where it is, and random pixels otherwise: the first layer is faster on images with black parts. \
        Multiply-adds are counted as if each were done, those of bits once for each term of the weights; the ceiling is what \
        the same arithmetic reaches in registers.
        """)

    @Option(help: "The experiment.")
    var experiment: Experiment = .mnistPI

    @Option(help: "The network; its activations are signs.")
    var network: NetworkKind = .discreteSign

    @Option(help: ArgumentHelp("Images at a time.", valueName: "n"))
    var batch = 100

    @Option(help: ArgumentHelp("Rounds that are timed.", valueName: "n"))
    var rounds = 15

    @OptionGroup var data: DataOptions

    @OptionGroup var seed: SeedOptions

    @Flag(help: "Print one JSON object instead of the table.")
    var json = false

    func validate() throws {
      try require("--batch", batch, in: 1...100_000)
      try require("--rounds", rounds, in: 1...100_000)
      if network.activation != .sign {
        throw ValidationError("--network: expected a network with sign activations, found \(network.rawValue)")
      }
    }

    func run() throws {
      let experiment = try data.apply(to: experiment)
      let isAtHand = data.data != nil || experiment.data.isBuiltIn
      let images = isAtHand ? try data.load(experiment.data).test : nil
      let benchmark = try PredictionBenchmark(experiment, network, images: images, batch: batch, seed: seed.seed)
      let report = PredictionTimes(
        benchmark.run(rounds: rounds), of: experiment, network,
        images: images.map { describe($0, of: experiment.data) } ?? "random pixels", batch: batch, rounds: rounds)
      try StandardOutput.print(json ? try encodeJSON(report) : report.table())
    }

    private func describe(_ images: LabelledImages, of source: DataSource) -> String {
      batch <= images.count
        ? "the first \(batch == 1 ? "image" : "\(batch)") of \(source.name)'s test set"
        : "\(source.name)'s test set of \(images.count), repeated"
    }
  }
}
