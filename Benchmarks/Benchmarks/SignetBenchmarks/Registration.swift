import Benchmark
import RandomStreams
import Tensors

// Names are plain words: they are what a night's report and its history call a benchmark by. JMH's format writes a space as
// `_` and sets groups apart with `.`, so a name has neither.

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput], warmupIterations: 2, maxDuration: .milliseconds(150))
  registerKernels()
  registerLayers()
  registerTraining()
  registerData()
}

/// Registers a benchmark.
///
/// - Parameter prepare: makes the operands, once and unmeasured, and gives what is measured: at least about a millisecond, so
///   that the clock does not matter.
func benchmark<Result>(_ name: String, _ prepare: @escaping () throws -> () throws -> Result) {
  var iteration: () throws -> Result = { preconditionFailure("\(name): measured before it was prepared") }
  Benchmark(name, closure: { _ in blackHole(try iteration()) }, setup: { iteration = try prepare() })
}

/// Uniform in (−1, 1), always the same; another `index`, others.
func randomTensor(_ shape: Shape, _ index: Int = 0) -> Tensor<Float> {
  RandomStream(seed: 1, purpose: .fixture, layer: index).uniform(shape, on: .single).map(on: .single) { 2 * $0 - 1 }
}
