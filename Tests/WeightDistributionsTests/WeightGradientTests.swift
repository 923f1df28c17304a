import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites
import WeightDistributions

/// Faults that someone could make in the gradients through moments and divergence to the parameters: the gradient check must see
/// them, and so must the oracle's gradients.
@Suite("Gradients of weight distributions, by planted faults")
struct WeightGradientTests {
  typealias Weights = WeightDistribution<Double>
  /// Of weights, `∂L/∂μ`, `∂L/∂σ²` and regularizer: the gradient with respect to the parameters.
  typealias Gradient = @Sendable (Weights, Tensor<Double>, Tensor<Double>, KLDivergence) -> Tensor<Double>

  private static func right(
    _ weights: Weights, _ dMean: Tensor<Double>, _ dVariance: Tensor<Double>, _ divergence: KLDivergence
  ) -> Tensor<Double> {
    weights.logitGradient(mean: dMean, variance: dVariance, divergence: divergence, on: .single)
  }

  typealias Fault = Planted<WeightFamily, Gradient, Void>

  /// The difference quotients' check of a gradient.
  private func check(_ gradient: @escaping Gradient, of family: WeightFamily) -> GradientCheck {
    WeightProbe(family, 3, 2, hasDivergence: true).corrupted { gradient($0, $1, $2, $3!) }.check()
  }

  private static func combine(_ a: Tensor<Double>, _ factor: Double, _ b: Tensor<Double>) -> Tensor<Double> {
    a.map(with: b, on: .single) { $0 + factor * $1 }
  }

  /// `p_k f(k, i)` for the values `kinds`, in their order.
  private static func weighted(
    _ weights: Weights, _ kinds: [Int], _ f: (_ k: Int, _ i: Int) -> Double
  ) -> Tensor<Double> {
    let p = weights.probabilities(on: .single)
    return Tensor(
      [kinds.count] + weights.mean.shape, kinds.flatMap { k in p.plane(k).enumerated().map { $1 * f(k, $0) } })
  }

  private static var divergenceFaults: [Fault] {
    WeightFamily.all.filter { $0.grid == .ternary }.flatMap(divergenceFaults)
  }

  private static func divergenceFaults(of family: WeightFamily) -> [Fault] {
    let (parameterization, grid) = (family.parameterization, family.grid)
    return [
      Fault("wrong sign of the divergence", parameterization, grid) { weights, dMean, dVariance, divergence in
        let plain = weights.logitGradient(mean: dMean, variance: dVariance, on: .single)
        return combine(combine(plain, 1, plain), -1, right(weights, dMean, dVariance, divergence))
      },
      Fault("the prior in descending order", parameterization, grid) {
        right($0, $1, $2, KLDivergence(weight: $3.weight, prior: $3.prior.reversed()))
      },
      Fault("the regularizer's weight left out", parameterization, grid) {
        right($0, $1, $2, KLDivergence(weight: 2 * $3.weight, prior: $3.prior))
      },
      Fault("mean and variance swapped", parameterization, grid) { right($0, $2, $1, $3) },
    ]
  }

  private static var formulaFaults: [Fault] {
    [
      Fault("not centred", .logits, .ternary) { weights, dMean, dVariance, divergence in
        let none = Tensor<Double>(weights.mean.shape, repeating: 0)
        let moments = weighted(weights, [0, 1, 2]) { k, i in
          let d = weights.grid.values[k] - weights.mean.scalars[i]
          return dMean.scalars[i] * weights.grid.values[k] + dVariance.scalars[i] * d * d
        }
        return combine(moments, 1, right(weights, none, none, divergence))
      },
      Fault("the divergence not centred", .logits, .quaternaryMinus) { weights, dMean, dVariance, divergence in
        let plain = weights.logitGradient(mean: dMean, variance: dVariance, on: .single)
        let p = weights.probabilities(on: .single).applying(.log, on: .single)
        let logPrior = Tensor([4], divergence.prior).applying(.log, on: .single)
        return combine(
          plain, divergence.weight,
          weighted(weights, [0, 1, 2, 3]) { k, i in p.plane(k)[i] - logPrior.scalars[k] })
      },
      Fault("not centred", .hierarchical, .ternary) { weights, dMean, dVariance, divergence in
        var gradient = right(weights, dMean, dVariance, divergence).scalars
        // ∂a = p_0 ∂L/∂p_0: of value 0 the mean's part is none.
        let none = Tensor<Double>(weights.mean.shape, repeating: 0)
        let moments = weighted(weights, [1]) { _, i in
          dVariance.scalars[i] * weights.mean.scalars[i] * weights.mean.scalars[i]
        }
        let rest = right(weights, none, none, divergence)
        for i in 0..<moments.count { gradient[i] = moments.scalars[i] + rest.scalars[i] }
        return Tensor(weights.logits.shape, gradient)
      },
      Fault("s(a) for 1 − s(a)", .hierarchical, .ternary) {
        right($0, $1, $2, $3).planes([(0, -1), (1, 1)])
      },
      Fault("s(b) for 1 − s(b)", .hierarchical, .ternary) {
        right($0, $1, $2, $3).planes([(0, 1), (1, -1)])
      },
      Fault("b and c swapped", .hierarchical, .quinary) {
        right($0, $1, $2, $3).planes([(0, 1), (2, 1), (1, 1), (3, 1)])
      },
      Fault("c and d swapped", .hierarchical, .quinary) {
        right($0, $1, $2, $3).planes([(0, 1), (1, 1), (3, 1), (2, 1)])
      },
      Fault("the factor 1 − s(a) of ∂b left out", .hierarchical, .quinary) { weights, dMean, dVariance, divergence in
        let gradient = right(weights, dMean, dVariance, divergence)
        let p0 = weights.probabilities(on: .single).plane(2)
        let db = zip(gradient.plane(1), p0).map { $0 / (1 - $1) }
        return Tensor(gradient.shape, gradient.plane(0) + db + gradient.plane(2) + gradient.plane(3))
      },
      Fault("as if no logit were fixed", .zeroAnchored, .ternary) { weights, dMean, dVariance, divergence in
        let gradient = right(weights, dMean, dVariance, divergence)
        let p0 = weights.probabilities(on: .single).plane(1)
        return Tensor(gradient.shape, zip(gradient.scalars, p0 + p0).map { $0 * (1 - $1) })
      },
      Fault("the planes in descending order", .zeroAnchored, .quinary) {
        right($0, $1, $2, $3).planes([(3, 1), (2, 1), (1, 1), (0, 1)])
      },
    ]
  }

  static let faults = divergenceFaults + formulaFaults

  @Test("a planted fault is found by the gradient check, and by the oracle's gradients", arguments: faults)
  func fault(_ fault: Fault) throws {
    #expect(check(Self.right, of: fault.place).fault() == nil, "the right gradient fails")
    var gradient: Gradient = Self.right
    fault.plant(&gradient)
    let found = check(gradient, of: fault.place).fault()
    #expect(found?.kind == .value && found?.description.contains("/∂parameters[") == true, "\(found)")
    let name = "\(fault.place.parameterization.rawValue)-\(fault.place.grid.name)-3x5"
    let cases = try GoldenCase.all(of: fault.place.parameterization.rawValue, in: "weights")
    let golden = try #require(cases.first { $0.name == name })
    let prior: Tensor<Double> = try golden.input("prior")
    let regularizer = KLDivergence(weight: try golden.setting("weight"), prior: prior.scalars)
    let actual = gradient(
      fault.place.weights(try golden.input("logits")), try golden.cotangent("mean"),
      try golden.cotangent("variance"), regularizer)
    #expect(
      deviation(fault.what, actual, expected: try golden.gradient("regularized"), within: .goldenDouble) != nil)
  }

  @Test("each fault is planted once")
  func names() { #expect(Set(Self.faults.map { "\($0.place) \($0.what)" }).count == Self.faults.count) }
}

extension Planted<WeightFamily, WeightGradientTests.Gradient, Void> {
  fileprivate init(
    _ what: String, _ parameterization: WeightParameterization, _ grid: WeightGrid,
    _ gradient: @escaping WeightGradientTests.Gradient
  ) {
    self.init(what, in: WeightFamily(parameterization, grid), finding: ()) { $0 = gradient }
  }
}
