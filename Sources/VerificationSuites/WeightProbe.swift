import Tensors
import Verification
import WeightDistributions

/// A parameterization of the weight distributions over a grid.
package struct WeightFamily: CustomStringConvertible, Sendable {
  package let parameterization: WeightParameterization
  package let grid: WeightGrid

  package init(_ parameterization: WeightParameterization, _ grid: WeightGrid) {
    (self.parameterization, self.grid) = (parameterization, grid)
  }

  /// The families of all named grids and of some custom ones.
  package static let all = WeightParameterization.allCases.flatMap { parameterization in
    (WeightGrid.all + ownGrids).filter { parameterization.supports($0) }.map { WeightFamily(parameterization, $0) }
  }

  /// Asymmetric grids such as a user may define: one with 0, and one without 0 that has more values than any named grid.
  package static let ownGrids: [WeightGrid] = ["-1,-1/2,0,1/4,1", "-1/2,1/8,3/8,3/4,1,5/2"]

  package var description: String { "\(parameterization.rawValue) \(grid.name)" }

  /// Distributions of the family with the given parameters.
  package func weights<Scalar: TensorScalar>(
    _ parameters: Tensor<Scalar>, on device: Device = .single
  ) -> WeightDistribution<Scalar> {
    WeightDistribution(grid: grid, parameterization: parameterization, logits: parameters, on: device)
  }

  /// Random parameters within ±`limit`.
  package func parameters<Scalar: TensorScalar>(_ inputs: Int, _ outputs: Int, limit: Double = 5) -> Tensor<Scalar> {
    let shape = [parameterization.count(of: grid), inputs, outputs]
    return probeNumbers(shape, in: -limit...limit, seed: UInt64(inputs * 1000 + outputs))
  }

  /// A prior that is not uniform: probabilities in proportion to 1, 2, …, in ascending order of the values.
  package var prior: [Double] {
    let total = grid.count * (grid.count + 1) / 2
    return (1...grid.count).map { Double($0) / Double(total) }
  }
}

/// The moments, and optionally the divergence, as functions of the parameters.
package struct WeightProbe: GradientProbe {
  /// Computes the gradient with respect to the parameters from the weights, `∂L/∂μ`, `∂L/∂σ²` and the regularizer.
  package typealias Gradient =
    @Sendable (
      WeightDistribution<Double>, Tensor<Double>, Tensor<Double>, KLDivergence?
    ) -> Tensor<Double>

  package let family: WeightFamily
  package let (inputs, outputs): (Int, Int)
  package let hasDivergence: Bool
  /// The product's own gradient.
  private var gradient: Gradient = { $0.logitGradient(mean: $1, variance: $2, divergence: $3, on: .single) }

  package init(_ family: WeightFamily, _ inputs: Int, _ outputs: Int, hasDivergence: Bool) {
    (self.family, self.inputs, self.outputs, self.hasDivergence) = (family, inputs, outputs, hasDivergence)
  }

  package static let all = WeightFamily.all.flatMap { family in
    [(1, 1), (3, 2), (1, 5)].flatMap { inputs, outputs in
      [false, true].map { WeightProbe(family, inputs, outputs, hasDivergence: $0) }
    }
  }

  package var name: String {
    "WeightDistribution \(inputs)×\(outputs), \(family)\(hasDivergence ? " with divergence" : "")"
  }
  package var subject: String { "WeightDistribution" }

  /// This probe with a wrong gradient.
  package func corrupted(by gradient: @escaping Gradient) -> WeightProbe {
    var probe = self
    probe.gradient = gradient
    return probe
  }

  package func check() -> GradientCheck {
    let (family, gradient) = (family, gradient)
    let zero = Tensor<Double>([inputs, outputs], repeating: 0)
    let hint =
      "p_k (∂μ (d_k − μ) + ∂σ² ((d_k − μ)² − σ²)), of a divergence λ p_k (log p_k − log π_k − KL), "
      + "and the parameterization's factors, Method.md §2"
    let variables = [GradientCheck.Variable("parameters", family.parameters(inputs, outputs), hint: hint)]
    guard hasDivergence else {
      return GradientCheck(
        name, variables,
        function: {
          let weights = family.weights($0[0])
          return [weights.mean, weights.variance]
        },
        pullback: { [gradient(family.weights($0[0]), $1[0], $1[1], nil)] })
    }
    return GradientCheck(
      name, variables,
      function: {
        let weights = family.weights($0[0])
        return [weights.mean, weights.variance, Tensor([1], [weights.divergence(from: family.prior, on: .single)])]
      },
      pullback: { values, cotangents in
        let weights = family.weights(values[0])
        // Cotangents may be negative, but a regularizer's weight may not.
        let moments = gradient(weights, cotangents[0], cotangents[1], KLDivergence(weight: 0, prior: family.prior))
        let divergence = gradient(weights, zero, zero, KLDivergence(weight: 1, prior: family.prior))
        let weight = cotangents[2].scalars[0]
        return [moments.map(with: divergence, on: .single) { $0 + weight * $1 }]
      })
  }
}
