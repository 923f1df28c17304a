import Tensors
import Testing
import Verification
import VerificationSuites
import WeightDistributions

@Suite("Parameterizations of weight distributions")
struct ParameterizationTests {
  @Test("names, grids and numbers of parameters are the method's")
  func table() {
    #expect(WeightParameterization.allCases.map(\.rawValue) == ["logits", "hierarchical", "zero-anchored"])
    #expect(WeightGrid.all.map { WeightParameterization.logits.count(of: $0) } == [2, 3, 4, 4, 4, 5])
    for other in [WeightParameterization.hierarchical, .zeroAnchored] {
      #expect(WeightGrid.all.filter { other.supports($0) } == [.ternary, .quinary])
      #expect(other.count(of: .ternary) == 2 && other.count(of: .quinary) == 4)
    }
  }

  /// Faults in the probabilities, made of faulty parameters: what the right function of these gives.
  @Test("the oracle's probabilities reveal planted faults")
  func plantedProbabilities() throws {
    typealias Fault = (name: String, WeightParameterization, WeightGrid, order: [(plane: Int, factor: Double)])
    let faults: [Fault] = [
      ("s(a) for 1 − s(a)", .hierarchical, .ternary, [(0, -1), (1, 1)]),
      ("s(b) for 1 − s(b)", .hierarchical, .ternary, [(0, 1), (1, -1)]),
      ("a and b swapped", .hierarchical, .ternary, [(1, 1), (0, 1)]),
      ("s(a) for 1 − s(a)", .hierarchical, .quinary, [(0, -1), (1, 1), (2, 1), (3, 1)]),
      ("b and c swapped", .hierarchical, .quinary, [(0, 1), (2, 1), (1, 1), (3, 1)]),
      ("c and d swapped", .hierarchical, .quinary, [(0, 1), (1, 1), (3, 1), (2, 1)]),
      ("s(d) for 1 − s(d)", .hierarchical, .quinary, [(0, 1), (1, 1), (2, 1), (3, -1)]),
      ("values in descending order", .zeroAnchored, .ternary, [(1, 1), (0, 1)]),
      ("values in descending order", .zeroAnchored, .quinary, [(3, 1), (2, 1), (1, 1), (0, 1)]),
      ("one logit's sign", .logits, .binary, [(0, 1), (1, -1)]),
    ]
    for (name, parameterization, grid, order) in faults {
      let cases = try GoldenCase.all(of: parameterization.rawValue, in: "weights")
      let golden = try #require(cases.first { $0.name == "\(parameterization.rawValue)-\(grid.name)-3x5" })
      let family = WeightFamily(parameterization, grid)
      let parameters: Tensor<Double> = try golden.input("logits")
      let faulty = family.weights(parameters.planes(order)).probabilities(on: .single)
      let expected = try golden.output("probabilities")
      #expect(
        deviation(name, faulty, expected: expected, within: .goldenDouble)?.kind == .size,
        "\(family.description): \(name) is not found")
    }
  }

  @Test("zero anchored, another value anchored is found")
  func plantedAnchor() throws {
    let golden = try #require(
      try GoldenCase.all(of: "zero-anchored", in: "weights").first { $0.name == "zero-anchored-ternary-3x5" })
    let parameters: Tensor<Double> = try golden.input("logits")
    // The logit of −1 at 0.
    let faulty = WeightDistribution(
      grid: .ternary, logits: parameters.planes([(0, 0), (0, 1), (1, 1)]), on: .single
    ).probabilities(on: .single)
    #expect(
      deviation("p", faulty, expected: try golden.output("probabilities"), within: .goldenDouble)?.kind == .size)
  }

  @Test("the most probable weight is the lowest index at a tie, whatever the parameterization")
  func ties() {
    func map(_ parameterization: WeightParameterization, _ grid: WeightGrid, _ parameters: [Float]) -> [Float] {
      let family = WeightFamily(parameterization, grid)
      return family.weights(Tensor([parameters.count, 1, 1], parameters)).mostProbable(on: .single).values(on: .single)
        .scalars
    }
    #expect(map(.zeroAnchored, .ternary, [0, 0]) == [-1])
    #expect(map(.zeroAnchored, .ternary, [-1, 0]) == [0])
    #expect(map(.zeroAnchored, .ternary, [-1, 1]) == [1])
    #expect(map(.hierarchical, .ternary, [-5, 0]) == [-1])
    #expect(map(.hierarchical, .ternary, [5, 0]) == [0])
    #expect(map(.hierarchical, .ternary, [-5, 1]) == [1])
    #expect(map(.hierarchical, .quinary, [-5, 0, 0, 0]) == [-1])
    #expect(map(.hierarchical, .quinary, [-5, 5, 0, 0]) == [0.5])
    #expect(map(.hierarchical, .quinary, [-5, -5, 0, -1]) == [-0.5])
    #expect(map(.zeroAnchored, .quinary, [-1, 0, 0, 0]) == [-0.5])
  }

  @Test("a divergence of weight 0 leaves the gradient as it is")
  func zeroWeight() {
    let family = WeightFamily(.logits, .quinary)
    let weights: WeightDistribution<Float> = family.weights(family.parameters(27, 31))
    var numbers = TestNumbers(seed: 3)
    let (dMean, dVariance): (Tensor<Float>, Tensor<Float>) = (numbers.tensor(27, 31), numbers.tensor(27, 31))
    #expect(
      weights.logitGradient(mean: dMean, variance: dVariance, on: .single)
        == weights.logitGradient(
          mean: dMean, variance: dVariance, divergence: .uniform(over: .quinary, weight: 0), on: .single))
  }

  @Test("the divergence from itself is 0, and no other is smaller")
  func divergenceFromItself() {
    for grid in WeightGrid.all {
      let equal = WeightDistribution(grid: grid, logits: Tensor<Double>([grid.count, 1, 3], repeating: 2), on: .single)
      let uniform = KLDivergence.uniform(over: grid, weight: 1).prior
      #expect(abs(equal.divergence(from: uniform, on: .single)) < 1e-15)
      let family = WeightFamily(.logits, grid)
      #expect(equal.divergence(from: family.prior, on: .single) > 0.01)
    }
  }
}
