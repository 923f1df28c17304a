import Benchmarking
import Datasets
import PackedInference
import Testing
import Training

/// Benchmarks that really run: how long something took is unknown, but not that it took no longer than the benchmark, how much was done,
/// and what no processor can do.
@Suite("Measured times are of what they are said to be")
struct MeasuredTimeTests {
  /// Additions, multiplications or bytes that no core does in a millisecond.
  private static let impossible = 1e11

  /// The whole milliseconds of a benchmark, and its samples.
  private func timed<Samples>(_ benchmark: () throws -> Samples) rethrows -> (samples: Samples, milliseconds: Double) {
    let begin = ContinuousClock.now
    let samples = try benchmark()
    return (samples, (ContinuousClock.now - begin) / .milliseconds(1))
  }

  @Test("packed inference: times of one batch, however often it was repeated, its stages, and what a batch does")
  func predictions() throws {
    // The batch of three is the first image, the second, and the first again, which has 16 black pixels of 64.
    let images = LabelledImages(
      pixels: [UInt8](repeating: 0, count: 16) + [UInt8](repeating: 5, count: 112), labels: [0, 1], channels: 1,
      height: 8, width: 8, classes: 10, pixelMaximum: 16)
    let benchmark = try PredictionBenchmark(.digits, .discreteSign, images: images, batch: 3, seed: 1)
    let (samples, whole) = timed { benchmark.run(rounds: 2) }
    #expect(samples.zeros == 32.0 / 192)
    // 64 pixels, two hidden layers of 256 units, 10 classes; a ternary weight has one term.
    #expect(samples.multiplyAdds == 64 * 256 + 256 * 256 + 256 * 10)
    #expect(samples.stageMultiplyAdds == [.bytes: 64 * 256, .bits: 256 * 256 + 256 * 10])
    #expect(samples.float.count == 2 && samples.packed.count == 2 && samples.stages.values.allSatisfy { $0.count == 2 })
    #expect(Set(samples.stages.keys) == Set(StageWatch.Stage.allCases))
    // Batches of 200 images together, and in bits ten times as many.
    let stages = samples.stages.values.joined()
    let all = 66 * (samples.float + samples.packed.map { 10 * $0 } + stages).reduce(0, +)
    #expect(0 < all && all <= whole)
    let least = Double(3 * samples.multiplyAdds) / Self.impossible
    #expect((samples.float + samples.packed).allSatisfy { $0 > least }, "\(samples)")
    #expect(stages.reduce(0, +) > 2 * least)
    #expect(samples.ceilings[.bytes]?.count == 2 && samples.ceilings[.bits]?.count == 2)
    #expect(samples.ceilings.values.joined().allSatisfy { 1000 < $0 && $0 < Self.impossible }, "\(samples.ceilings)")
    // A vector holds eight times as many bits as bytes, and adding them up takes less than eight times as long.
    let (ofBytes, ofBits) = (samples.ceilings[.bytes]?.max() ?? 0, samples.ceilings[.bits]?.max() ?? 0)
    #expect(ofBits > ofBytes, "\(samples.ceilings)")
  }

  @Test("a training step: so many steps, its products' operations, the bytes of its numbers, and the machine's limits")
  func steps() throws {
    let benchmark = StepBenchmark(.digits, .real, seed: 1, device: .single)
    let (samples, whole) = try timed { try benchmark.run(steps: 6, warmup: 2) }
    #expect(samples.step.count == 6 && samples.products.count == 6)
    #expect((samples.step + samples.products).reduce(0, +) <= whole)
    // Forward, the weights' gradients, and behind the first layer the inputs', of 50 images; a multiply-add is two operations.
    let operations = 2 * 50 * (2 * 64 * 256 + 3 * 256 * 256 + 3 * 256 * 10)
    #expect(samples.productOperations == Double(operations))
    #expect((samples.step + samples.products).allSatisfy { $0 > Double(operations) / Self.impossible })
    // Weights, two numbers for each hidden unit and one for each class; each with two moments, read and written, of four bytes.
    let trained = 64 * 256 + 256 * 256 + 256 * 10 + 2 * 512 + 10
    #expect(samples.bytes == Double(trained * 3 * 2 * 4))
    // Measured after the first step of five.
    #expect(samples.peak.count == 2 && samples.bandwidth.count == 2)
    for limit in samples.peak + samples.bandwidth { #expect(1000 < limit && limit < Self.impossible) }
    // Bytes a millisecond are measured for themselves, not taken from the arithmetic, of which a multiply-add is two.
    #expect(zip(samples.peak, samples.bandwidth).allSatisfy { $0 != $1 && $0 != 2 * $1 })
    // A discrete network has twice the products, for means and variances, and all of them are timed.
    let discrete = try StepBenchmark(.digits, .discreteSign, seed: 1, device: .single).run(steps: 1, warmup: 0)
    #expect(discrete.productOperations == Double(2 * operations) && discrete.peak.count == 1)
    #expect(discrete.products[0] > discrete.productOperations / Self.impossible)
  }

  @Test("a convolution's operations are those of every place of its outputs, before pooling")
  func convolutions() throws {
    var experiment = Experiment.custom("2C3-P2-3C3V-10", on: .digits)
    experiment.batch = 20
    // 8×8 places of 2 channels with 9 terms; after pooling 4×4, of which 2×2 keep 3 channels with 18 terms; 12 units.
    let weights = [2 * 8 * 8 * 9, 3 * 2 * 2 * 18, 10 * 12]
    let samples = try StepBenchmark(experiment, .real, seed: 1, device: .single).run(steps: 1, warmup: 0)
    // Of 20 images; a multiply-add is two operations.
    #expect(samples.productOperations == Double(40 * (2 * weights[0] + 3 * weights[1] + 3 * weights[2])))
    let times = try LayerTimes(measuring: .real, of: experiment, seed: 1, rounds: 1, on: .single)
    #expect(times.products.map(\.terms) == [9, 9, 18, 18, 18, 12, 12, 12])
    let operations = [0, 0, 1, 1, 1, 2, 2, 2].map { 40 * weights[$0] }
    #expect(times.products.map { Int(($0.operations * 1e9).rounded()) } == operations)
  }

  @Test("the peak is twice the multiply-adds of the ceilings, and the bandwidth their bytes, for steps and for layers")
  func ceilings() throws {
    let known = MachineCeilings(multiplyAdds: 3e6, bytes: 5e6)
    let samples = try StepBenchmark(.digits, .real, seed: 1, device: .single).run(steps: 6, warmup: 1, ceilings: known)
    #expect(samples.peak == [6e6, 6e6] && samples.bandwidth == [5e6, 5e6])
    let steps = StepTimes(samples, of: .digits, .real, steps: 6, on: .single)
    let layers = try LayerTimes(measuring: .real, of: .digits, seed: 1, rounds: 1, on: .single, ceilings: known)
    // Millions a millisecond are billions a second.
    #expect(steps.peak == 6 && steps.bandwidth == 5 && layers.peak == 6 && layers.bandwidth == 5)
  }

  @Test(
    "each layer's products: their operations, as many rounds as were asked for, and no more than the time that passed")
  func layers() throws {
    var progress: [[Int]] = []
    let (times, whole) = try timed {
      try LayerTimes(measuring: .discreteSign, of: .digits, seed: 1, rounds: 3, on: .single) {
        progress.append([$0, $1])
      }
    }
    #expect(progress == [[1, 3], [2, 3], [3, 3]])
    let products = times.products
    #expect(
      products.map(\.layer) == [1, 1, 2, 2, 2, 3, 3, 3]
        && products.map(\.terms) == [64, 64] + Array(repeating: 256, count: 6))
    #expect(
      products.prefix(5).map(\.product) == [
        "outputs", "weights' gradient", "outputs", "weights' gradient", "inputs' gradient",
      ])
    let weights = [64 * 256, 64 * 256, 256 * 256, 256 * 256, 256 * 256, 256 * 10, 256 * 10, 256 * 10]
    // Of 50 images; a multiply-add is two operations.
    #expect(products.map { Int(($0.operations * 1e9).rounded()) } == weights.map { $0 * 100 })
    for product in products {
      let time = try #require(product.times.first)
      #expect(product.times.count == 1 && time.tile == nil && time.minimum <= time.median)
      #expect(time.minimum > product.operations * 1e9 / Self.impossible)
    }
    #expect(products.reduce(0) { $0 + 2 * $1.times[0].minimum } <= whole)
    // Billions a second are millions a millisecond.
    for limit in [times.peak, times.bandwidth] { #expect(1000 < limit * 1e6 && limit * 1e6 < Self.impossible) }
    #expect(times.bandwidth != times.peak && 2 * times.bandwidth != times.peak, "each is measured for itself")
  }
}
