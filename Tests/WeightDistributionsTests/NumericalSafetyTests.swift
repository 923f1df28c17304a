import Tensors
import Testing
import Verification
import VerificationSuites
import WeightDistributions

@Suite("Weight distributions at the edges")
struct NumericalSafetyTests {
  private func expectFinite<Scalar: TensorScalar>(_ what: String, _ weights: WeightDistribution<Scalar>) {
    let zero = Tensor<Scalar>(weights.mean.shape, repeating: 0)
    let one = Tensor<Scalar>(weights.mean.shape, repeating: 1)
    let prior = KLDivergence.uniform(over: weights.grid, weight: 1)
    let gradients = [(one, zero), (zero, one), (one, one)].map {
      weights.logitGradient(mean: $0, variance: $1, divergence: prior, on: .single)
    }
    for (name, tensor) in [
      ("p", weights.probabilities(on: .single)), ("mean", weights.mean), ("variance", weights.variance),
      ("plain gradient", weights.logitGradient(mean: one, variance: one, on: .single)),
    ] + gradients.map({ ("gradient", $0) }) {
      #expect(tensor.scalars.allSatisfy { $0.isFinite }, "\(what): \(name)")
    }
    #expect(weights.variance.scalars.allSatisfy { $0 >= 0 }, "\(what): variance")
    #expect(weights.divergence(from: prior.prior, on: .single).isFinite, "\(what): divergence")
  }

  /// Every combination of the given numbers as parameters.
  private func corners<Scalar: TensorScalar>(_ family: WeightFamily, _ numbers: [Scalar]) -> WeightDistribution<Scalar>
  {
    let planes = family.parameterization.count(of: family.grid)
    let count = (0..<planes).reduce(1) { product, _ in product * numbers.count }
    let scalars = (0..<planes).flatMap { k in
      let step = (0..<k).reduce(1) { product, _ in product * numbers.count }
      return (0..<count).map { numbers[$0 / step % numbers.count] }
    }
    return family.weights(Tensor([planes, 1, count], scalars))
  }

  /// ±5 is where updates stop; beyond ±1000 sigmoids underflow even in Double.
  @Test("parameters at their limits and far beyond give finite gradients and variances", arguments: WeightFamily.all)
  func extremes(family: WeightFamily) {
    expectFinite("±5", corners(family, [-5, 0, 5] as [Float]))
    expectFinite("±5", corners(family, [-5, 0, 5] as [Double]))
    expectFinite("±90, ±1000", corners(family, [-1000, -90, 90, 1000] as [Float]))
    expectFinite("±720, ±1e4", corners(family, [-1e4, -720, 720, 1e4] as [Double]))
  }

  private func initialize<Scalar: TensorScalar>(_ family: WeightFamily, _: Scalar.Type) {
    let least = Scalar.leastNonzeroMagnitude
    let weights: [(String, [Scalar])] = [
      ("one weight", [0.25]), ("one weight 0", [0]), ("one negative weight", [-3]), ("all equal", [2, 2, 2, 2]),
      ("all 0", [0, -0.0, 0, -0.0]), ("all positive", [1, 2, 3, 0.5]), ("all negative", [-1, -2, -3, -0.5]),
      ("ties", [-1, -1, 0, 0, 1, 1, 1]), ("subnormal", [least, -least, 0, 3 * least, -2 * least]),
      ("huge", [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, least, 1]),
    ]
    for initialization in [WeightInitialization.probability, .expectation] where initialization.supports(family.grid) {
      for (name, scalars) in weights {
        let real = Tensor([1, scalars.count], scalars)
        let mapped = mapByEmpiricalDistribution(real, grid: family.grid, on: .single)
        let (negative, positive) = (Scalar(family.grid.negativeWidth), Scalar(family.grid.positiveWidth))
        for (w, m) in zip(scalars, mapped.scalars) {
          #expect(w > 0 ? m > 0 && m <= positive : m <= 0 && m > -negative, "\(name): \(w) is mapped to \(m)")
        }
        let what = "\(initialization.rawValue), \(name)"
        let distribution = WeightDistribution(
          grid: family.grid, parameterization: family.parameterization, initialization: initialization,
          fromReal: real, on: .single)
        expectFinite(what, distribution)
        // The least probability is 0.05³: an outer quinary value on the side where the weight is not.
        #expect(distribution.logits.scalars.allSatisfy { abs($0) <= 9 }, "\(what)")
        // Equal weights have equal distributions.
        for (i, j) in zip(scalars.indices, scalars.indices.dropFirst()) where scalars[i] == scalars[j] {
          #expect(distribution.mean.scalars[i] == distribution.mean.scalars[j], "\(what)")
        }
      }
    }
  }

  @Test("ties, one weight, one sign, zeros and subnormals are initialized without NaN", arguments: WeightFamily.all)
  func initializations(family: WeightFamily) {
    initialize(family, Float.self)
    initialize(family, Double.self)
  }
}
