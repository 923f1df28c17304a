import RandomStreams
import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites
import WeightDistributions

@Suite("Initialization of weight distributions")
struct InitializationTests {
  @Test("names and grids of the initializations are the method's")
  func table() {
    #expect(WeightInitialization.allCases.map(\.rawValue) == ["probability", "expectation", "random"])
    #expect(WeightGrid.all.filter { WeightInitialization.expectation.supports($0) } == [.ternary, .quinary])
    #expect(WeightGrid.all.allSatisfy { WeightInitialization.probability.supports($0) })
    #expect(WeightGrid.all.allSatisfy { WeightInitialization.random.supports($0) })
  }

  @Test("probabilities that are negative, zero, infinite or not numbers end the program")
  func notPositive() async {
    Self.distribution(0.3)
    await #expect(processExitsWith: .failure) { InitializationTests.distribution(-0.3) }
    await #expect(processExitsWith: .failure) { InitializationTests.distribution(0) }
    await #expect(processExitsWith: .failure) { InitializationTests.distribution(.infinity) }
    await #expect(processExitsWith: .failure) { InitializationTests.distribution(.nan) }
  }

  private static func distribution(_ p: Float) {
    _ = WeightDistribution<Float>(grid: .ternary, probabilities: Tensor([3, 1, 1], [0.5, p, 0.2]), on: .single)
  }

  /// The expectation rule of one quinary weight, as written in the method's terms, with a fault.
  private func rule(_ w: Double, fault: Int?) -> [Double] {
    func clip(_ p: Double) -> Double { min(max(p, 0.05), 0.95) }
    let zero = clip(0.95 - 0.9 * (fault == 0 ? abs(w) : min(2 * abs(w), 1)))
    let outer = fault == 1 ? max(0, 2 * abs(w) - 1) : clip(2 * abs(w) - 1)
    let size = fault == 2 ? 1 : (1 + outer) / 2
    let mean = w / ((fault == 3 ? 1 : 1 - zero) * size)
    let unclipped = (1 + (fault == 4 ? -mean : mean)) / 2
    let positive = fault == 5 ? unclipped : clip(unclipped)
    let (below, above) = ((1 - zero) * (1 - positive), (1 - zero) * positive)
    let inner = fault == 6 ? outer : 1 - outer
    return [below * outer, below * inner, zero, above * inner, above * outer]
  }

  @Test("the oracle's expectation rule reveals planted faults")
  func plantedRule() throws {
    let golden = try #require(
      try GoldenCase.all(of: "expectation", in: "weights").first { $0.name == "expectation-quinary-scale" })
    let weights: Tensor<Double> = try golden.input("weights")
    let expected = try golden.output("probabilities")
    func deviates(_ fault: Int?) -> Bool {
      let p = weights.scalars.map { rule($0, fault: fault) }
      let planes = Tensor(expected.shape, (0..<5).flatMap { k in p.map { $0[k] } })
      return deviation("p", planes, expected: expected, within: .goldenDouble) != nil
    }
    #expect(!deviates(nil))
    for fault in 0...6 { #expect(deviates(fault), "fault \(fault)") }
  }

  @Test("the oracle's parameters for given probabilities reveal planted faults")
  func plantedParameters() throws {
    let golden = try #require(
      try GoldenCase.all(of: "parameters", in: "weights").first { $0.name == "parameters-quinary" })
    let p: Tensor<Double> = try golden.input("probabilities")
    func deviates(_ name: String, _ faulty: Tensor<Double>) throws -> Bool {
      deviation(name, faulty, expected: try golden.output(name), within: .goldenDouble) != nil
    }
    let tree = WeightDistribution(grid: .quinary, parameterization: .hierarchical, probabilities: p, on: .single).logits
    let identity: [(plane: Int, factor: Double)] = [(0, 1), (1, 1), (2, 1), (3, 1)]
    #expect(try !deviates("hierarchical", tree.planes(identity)))
    for k in 0..<4 {
      var order = identity
      order[k].factor = -1
      #expect(try deviates("hierarchical", tree.planes(order)), "sign of parameter \(k)")
      order = identity
      order.swapAt(k, (k + 1) % 4)
      #expect(try deviates("hierarchical", tree.planes(order)), "parameters \(k) and \((k + 1) % 4) swapped")
    }
    // log p instead of log p_k − log p_0.
    let logarithms = p.applying(.log, on: .single)
    #expect(try deviates("zero-anchored", logarithms.planes([(0, 1), (1, 1), (3, 1), (4, 1)])))
  }

  @Test("with the expectation rule, the mean is the weight where nothing is clipped")
  func mean() {
    // |w| ≤ 0.2 in ternary; in quinary p_{+|≠0} and q are within the bounds in [0.53, 0.9].
    let ternary = Tensor<Double>([1, 41], (0...40).map { Double($0) / 100 - 0.2 })
    let weights = WeightDistribution(
      grid: .ternary, initialization: .expectation, fromMapped: ternary, on: .single)
    for (mean, w) in zip(weights.mean.scalars, ternary.scalars) { #expect(abs(mean - w) < 1e-15) }
    let small = Tensor<Double>([1, 21], (0...20).map { Double($0) / 200 - 0.05 })
    let quinary = WeightDistribution(
      grid: .quinary, parameterization: .hierarchical, initialization: .expectation, fromMapped: small, on: .single)
    for (mean, w) in zip(quinary.mean.scalars, small.scalars) { #expect(abs(mean - w) < 1e-15) }
  }

  @Test("probabilities within five digits of 0 come back from every parameterization", arguments: WeightFamily.all)
  func roundTrip(family: WeightFamily) throws {
    let n = family.grid.count
    // Weight i has value i almost surely.
    var p = Tensor<Double>([n, 1, n], repeating: 1e-5)
    for k in 0..<n { p.withUnsafeMutablePointer { $0[k * n + k] = 1 - Double(n - 1) * 1e-5 } }
    let weights = WeightDistribution(
      grid: family.grid, parameterization: family.parameterization, probabilities: p, on: .single)
    try requireClose("p", weights.probabilities(on: .single), expected: p, within: .goldenDouble)
    #expect(weights.logits.scalars.contains { abs($0) > 5 }, "parameters are clipped by updates only")
    // A common factor changes nothing.
    let twice = p.map(on: .single) { 2 * $0 }
    let same = WeightDistribution(
      grid: family.grid, parameterization: family.parameterization, probabilities: twice, on: .single)
    try requireClose("p of 2p", same.probabilities(on: .single), expected: p, within: .goldenDouble)
  }

  @Test("no initialization depends on threads", arguments: WeightFamily.all)
  func threads(family: WeightFamily) throws {
    // Above the grain of every loop.
    var numbers = TestNumbers(seed: 8)
    let real: Tensor<Float> = numbers.tensor(190, 91)
    let stream = RandomStream(seed: 1, purpose: .initialization, layer: 3)
    func all(on device: Device) -> [WeightDistribution<Float>] {
      WeightInitialization.allCases.filter { $0.supports(family.grid) }.map {
        $0 == .random
          ? WeightDistribution(
            grid: family.grid, parameterization: family.parameterization, drawnFrom: stream, shape: [190, 91],
            on: device)
          : WeightDistribution(
            grid: family.grid, parameterization: family.parameterization, initialization: $0, fromReal: real,
            on: device)
      }
    }
    let expected = all(on: .single)
    for count in threadCounts.dropFirst() {
      for (actual, expected) in zip(all(on: Device.processor(threads: count)), expected) {
        try requireSameMemory("parameters, \(count) threads", actual.logits, expected: expected.logits)
        try requireSameMemory("variance, \(count) threads", actual.variance, expected: expected.variance)
      }
    }
  }
}
