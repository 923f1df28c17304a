import RandomStreams
import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites
import WeightDistributions

@Suite("Sampling of weights")
struct DiscretizationTests {
  private let stream = RandomStream(seed: 7, purpose: .discretization, epoch: 3, step: 11, layer: 2)

  @Test("the oracle's samples reveal planted faults")
  func planted() throws {
    let golden = try #require(
      try GoldenCase.all(of: "sample-logits", in: "weights").first { $0.name == "sample-logits-quinary-Double" })
    let weights = WeightDistribution<Double>(grid: .quinary, logits: try golden.input("logits"), on: .single)
    let p = weights.probabilities(on: .single)
    let (uniforms, expected) = (stream.uniform([5, 9], on: .single) as Tensor<Double>, try golden.output("sample"))
    /// The first value of `kinds` at which the sum over `kinds` exceeds `u`, of probabilities `shift` further.
    func sample(_ kinds: [Int], shift: Int = 0, _ u: (Double) -> Double = { $0 }) -> [Double] {
      uniforms.scalars.enumerated().map { i, uniform in
        var cumulative = 0.0
        for k in kinds {
          cumulative += k + shift < 0 ? 0 : p.plane((k + shift) % 5)[i]
          if cumulative > u(uniform) { return weights.grid.values[k] }
        }
        return 1
      }
    }
    #expect(sample([0, 1, 2, 3, 4]) == expected.scalars)
    #expect(sample([0, 1, 2, 3, 4], shift: -1) != expected.scalars, "the sum before the value")
    #expect(sample([0, 1, 2, 3, 4], shift: 1) != expected.scalars, "the first probability left out")
    #expect(sample([4, 3, 2, 1, 0]) != expected.scalars, "from the highest value")
    #expect(sample([0, 1, 2, 3, 4]) { 1 - $0 } != expected.scalars, "1 − u")
    #expect(weights.mostProbable(on: .single).values(on: .single).scalars != expected.scalars, "MAP")
    let other = weights.sample(
      drawnFrom: RandomStream(seed: 7, purpose: .initialization, epoch: 3, step: 11, layer: 2), on: .single)
    #expect(other.values(on: .single).scalars != expected.scalars, "another stream")
  }

  @Test("a value is taken where the sum exceeds u, not where it equals u; the last if none does")
  func edges() {
    let weights = WeightDistribution(
      grid: .ternary, logits: Tensor<Double>([3, 1, 7], repeating: 0), on: .single)
    #expect(weights.probabilities(on: .single).scalars.allSatisfy { $0 == 1.0 / 3 })
    let third = 1.0 / 3
    let uniforms = [0x1p-53, third.nextDown, third, third + third.nextDown, third + third, 1 - 0x1p-53, 1]
    let sample = weights.sample(at: Tensor([1, 7], uniforms), on: .single)
    #expect(sample.indices == [0, 0, 1, 1, 2, 2, 2])
    let binary = WeightDistribution(grid: .binary, logits: Tensor<Float>([2, 1, 1], repeating: 0), on: .single)
    #expect(binary.sample(at: Tensor([1, 1], [1]), on: .single).indices == [1])
  }

  @Test("values occur as often as their probability says, within five standard deviations", arguments: WeightFamily.all)
  func frequencies(family: WeightFamily) {
    let parameters: Tensor<Float> = family.parameters(1, 1, limit: 1)
    let n = 40_000
    let shape = [parameters.count, 200, 200]
    let weights = family.weights(Tensor(shape, parameters.scalars.flatMap { Array(repeating: $0, count: n) }))
    let sample = weights.sample(drawnFrom: stream, on: Device.processor(threads: 2)).indices
    let p = weights.probabilities(on: .single)
    for (k, value) in family.grid.values.enumerated() {
      let (probability, count) = (Double(p.plane(k)[0]), sample.count { $0 == k })
      let bound = 5 * (probability * (1 - probability) / Double(n)).squareRoot()
      #expect(abs(Double(count) / Double(n) - probability) <= bound, "\(value)")
    }
  }

  @Test("a sample depends on the stream, not on threads")
  func threads() throws {
    let family = WeightFamily(.hierarchical, .quinary)
    let weights: WeightDistribution<Float> = family.weights(family.parameters(190, 181))
    let expected = weights.sample(drawnFrom: stream, on: .single)
    for count in threadCounts.dropFirst() {
      #expect(weights.sample(drawnFrom: stream, on: Device.processor(threads: count)) == expected)
    }
    #expect(weights.sample(drawnFrom: RandomStream(seed: 8, purpose: .discretization), on: .single) != expected)
  }
}
