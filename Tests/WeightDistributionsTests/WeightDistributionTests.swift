import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites
import WeightDistributions

@Suite("Weight distributions")
struct WeightDistributionTests {
  private func weights<Scalar: TensorScalar>(
    _ inputs: Int, _ outputs: Int, on device: Device = .single
  ) -> (WeightDistribution<Scalar>, dMean: Tensor<Scalar>, dVariance: Tensor<Scalar>) {
    var numbers = TestNumbers(seed: UInt64(inputs * 1000 + outputs))
    let logits: Tensor<Scalar> = numbers.tensor(3, inputs, outputs, in: -5...5)
    return (
      WeightDistribution(grid: .ternary, logits: logits, on: device), numbers.tensor(inputs, outputs),
      numbers.tensor(inputs, outputs)
    )
  }

  @Test("the most probable weight is the largest logit's value, the lowest index at a tie")
  func mostProbable() {
    // Columns: −1 largest, 0, 1; ties of −1 and 0, −1 and 1, 0 and 1, all three.
    let logits = Tensor<Float>(
      [3, 1, 7], [2, 0, 0, 2, 2, 0, 1] + [0, 2, 0, 2, 0, 2, 1] + [0, 0, 2, 0, 2, 2, 1])
    let weights = WeightDistribution(grid: .ternary, logits: logits, on: .single)
    #expect(weights.mostProbable(on: .single).values(on: .single).scalars == [-1, 0, 1, -1, -1, 0, -1])
  }

  @Test("of logits that differ by so little that their probabilities are equal, the largest decides")
  func closeLogits() {
    let weights = WeightDistribution(
      grid: .ternary, logits: Tensor<Float>([3, 1, 3], [0, 0, 2e-10] + [1e-10, 0, 1e-10] + [0, 1e-10, 0]), on: .single)
    let p = weights.probabilities(on: .single).scalars
    #expect(Set(p).count == 1, "\(p)")
    #expect(weights.mostProbable(on: .single).values(on: .single).scalars == [0, 1, -1])
  }

  @Test("logits are clipped to ±5 after an update, and only then")
  func clipping() {
    let logits = Tensor<Double>([3, 1, 2], [4, -4, 0, 6, 5, -5])
    var weights = WeightDistribution(grid: .ternary, logits: logits, on: .single)
    #expect(weights.logits == logits)
    let zero = Tensor<Double>([1, 2], repeating: 0)
    weights.update(
      meanGradient: zero, varianceGradient: zero, on: .single,
      ParameterUpdate { p, _, elements in for i in 0..<elements.count { p[i] *= 1.5 } })
    #expect(weights.logits.scalars == [5, -5, 0, 5, 5, -5])
    // The moments are of the clipped logits.
    #expect(weights.mean == WeightDistribution(grid: .ternary, logits: weights.logits, on: .single).mean)
  }

  private func checkPass<Scalar: TensorScalar>(
    _: Scalar.Type, _ family: WeightFamily, _ inputs: Int, _ outputs: Int, _ divergence: KLDivergence?
  ) throws {
    var numbers = TestNumbers(seed: UInt64(inputs))
    let (dMean, dVariance): (Tensor<Scalar>, Tensor<Scalar>) = (
      numbers.tensor(inputs, outputs), numbers.tensor(inputs, outputs)
    )
    let before: WeightDistribution<Scalar> = family.weights(family.parameters(inputs, outputs))
    let gradient = before.logitGradient(mean: dMean, variance: dVariance, divergence: divergence, on: .single)
    var logits = before.logits
    let rule = ParameterUpdate<Scalar> { p, g, elements in for i in 0..<elements.count { p[i] -= 8 * g[i] } }
    logits.update(gradient: gradient, on: .single, rule)
    logits = logits.map(on: .single) { min(max($0, -5), 5) }
    let expected = family.weights(logits)
    for threads in threadCounts {
      let device = Device.processor(threads: threads)
      var after = before
      after.update(meanGradient: dMean, varianceGradient: dVariance, divergence: divergence, on: device, rule)
      let what = "\(family.description) \(inputs)×\(outputs), \(threads) threads"
      try requireSameMemory("logits, \(what)", after.logits, expected: expected.logits)
      try requireSameMemory("mean, \(what)", after.mean, expected: expected.mean)
      try requireSameMemory("variance, \(what)", after.variance, expected: expected.variance)
      try requireSameMemory(
        "∂logits, \(what)",
        before.logitGradient(mean: dMean, variance: dVariance, divergence: divergence, on: device),
        expected: gradient)
      try requireSameMemory(
        "p, \(what)", before.probabilities(on: device), expected: before.probabilities(on: .single))
      #expect(before.mostProbable(on: device) == before.mostProbable(on: .single))
      #expect(
        before.divergence(from: family.prior, on: device) == before.divergence(from: family.prior, on: .single))
    }
  }

  /// Around the pass's blocks of 512 weights, and several blocks a thread.
  @Test(
    "one pass equals gradient, update, clipping and moments done separately, to the bit, with any number of threads",
    arguments: [(1, 1), (7, 73), (512, 1), (27, 19), (31, 97)], [false, true])
  func onePass(shape: (inputs: Int, outputs: Int), regularized: Bool) throws {
    for family in WeightFamily.all where family.grid == .ternary || family.grid == .quinary {
      let divergence = regularized ? KLDivergence(weight: 0.5, prior: family.prior) : nil
      try checkPass(Float.self, family, shape.inputs, shape.outputs, divergence)
      if shape.inputs * shape.outputs < 1000 {
        try checkPass(Double.self, family, shape.inputs, shape.outputs, divergence)
      }
    }
  }

  @Test("a weight's bits do not depend on its neighbours", arguments: WeightFamily.all)
  func neighbours(family: WeightFamily) throws {
    let divergence = KLDivergence(weight: 0.5, prior: family.prior)
    var numbers = TestNumbers(seed: 4)
    let parameters: Tensor<Float> = family.parameters(1, 1100)
    let (dMean, dVariance): (Tensor<Float>, Tensor<Float>) = (numbers.tensor(1, 1100), numbers.tensor(1, 1100))
    func some(_ x: Tensor<Float>, _ range: Range<Int>) -> Tensor<Float> {
      let planes = x.count / 1100
      return Tensor(
        Array(x.shape.dropLast()) + [range.count], (0..<planes).flatMap { k in range.map { x.scalars[k * 1100 + $0] } })
    }
    let all = family.weights(parameters)
    let gradient = all.logitGradient(mean: dMean, variance: dVariance, divergence: divergence, on: .single)
    // Across the end of a block, and one weight alone.
    for range in [505..<531, 1023..<1024] {
      let few = family.weights(some(parameters, range))
      try requireSameMemory("variance", few.variance, expected: some(all.variance, range))
      try requireSameMemory(
        "gradient",
        few.logitGradient(
          mean: some(dMean, range), variance: some(dVariance, range), divergence: divergence, on: .single),
        expected: some(gradient, range))
    }
  }

  @Test("an update receives the indices of the elements it changes")
  func elements() {
    var (weights, dMean, dVariance): (WeightDistribution<Double>, _, _) = weights(31, 97)
    weights.update(
      meanGradient: dMean, varianceGradient: dVariance, on: Device.processor(threads: 3),
      ParameterUpdate { p, _, elements in
        for i in 0..<elements.count { p[i] = Double(elements.lowerBound + i) / 3000 - 1.5 }
      })
    let expected = (0..<3 * 31 * 97).map { Double($0) / 3000 - 1.5 }
    #expect(weights.logits.scalars == expected)
  }

  @Test("initialization does not depend on threads")
  func initializationThreads() throws {
    var numbers = TestNumbers(seed: 8)
    let real: Tensor<Float> = numbers.tensor(190, 181)
    let expected = WeightDistribution(grid: .ternary, fromReal: real, on: .single)
    for threads in threadCounts {
      let weights = WeightDistribution(grid: .ternary, fromReal: real, on: Device.processor(threads: threads))
      try requireSameMemory("logits", weights.logits, expected: expected.logits)
      try requireSameMemory("mean", weights.mean, expected: expected.mean)
    }
    // Every value has its share: a third of the weights each, to one part in 50.
    let map = expected.mostProbable(on: .single).indices
    for index in 0..<3 as Range<UInt8> {
      let share = Double(map.count { $0 == index }) / Double(map.count)
      #expect(abs(share - 1.0 / 3) < 0.02)
    }
  }
}
