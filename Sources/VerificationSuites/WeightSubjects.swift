import RandomStreams
import Tensors
import Verification
import WeightDistributions

// The weight distributions of Golden/ops/{layers,weights}.json.

extension GoldenCase {
  /// The fields of distributions, of their initialization or of their samples; nil if the case is about something else.
  func weightFields<Scalar: TensorScalar>() throws -> [ComputedField<Scalar>]? {
    switch operation {
    case "moments", "logits", "hierarchical", "zero-anchored": return try distributionFields()
    case "initialization":
      let real: Tensor<Scalar> = try input("weights")
      let weights = WeightDistribution(grid: try weightGrid(), fromReal: real, on: .single)
      return [("mapped", mapByEmpiricalDistribution(real, grid: try weightGrid(), on: .single))] + logitFields(weights)
    case "rule":
      let mapped: Tensor<Scalar> = try input("weights")
      return logitFields(WeightDistribution(grid: try weightGrid(), fromMapped: mapped, on: .single))
    case "expectation", "expectation-real", "parameters", "random": return try familyFields()
    case "sample-logits", "sample-hierarchical", "sample-zero-anchored":
      let stream = RandomStream(seed: 7, purpose: .discretization, epoch: 3, step: 11, layer: 2)
      let weights: WeightDistribution<Scalar> = try distribution()
      return [("sample", weights.sample(drawnFrom: stream, on: .single).values(on: .single))]
    default: return nil
    }
  }

  /// The grid that the case names.
  package func weightGrid() throws -> WeightGrid {
    guard let grid else { return .ternary }
    return try WeightGrid(grid)
  }

  /// The parameterization that the operation names; logits if it names none.
  private var parameterization: WeightParameterization {
    WeightParameterization.allCases.first { operation == $0.rawValue || operation == "sample-\($0.rawValue)" }
      ?? .logits
  }

  private func distribution<Scalar: TensorScalar>() throws -> WeightDistribution<Scalar> {
    let (grid, kind, logits) = (try weightGrid(), parameterization, try input("logits") as Tensor<Scalar>)
    guard kind.supports(grid), logits.shape.count == 3, logits.shape[0] == kind.count(of: grid) else {
      throw unfit("\(kind.rawValue) parameters of \(grid.name) weights", "the shape \(logits.shape)")
    }
    return WeightDistribution(grid: grid, parameterization: kind, logits: logits, on: .single)
  }

  private func logitFields<Scalar: TensorScalar>(_ weights: WeightDistribution<Scalar>) -> [ComputedField<Scalar>] {
    [("logits", weights.logits), ("probabilities", weights.probabilities(on: .single))]
  }

  private func distributionFields<Scalar: TensorScalar>() throws -> [ComputedField<Scalar>] {
    let weights: WeightDistribution<Scalar> = try distribution()
    let (dMean, dVariance): (Tensor<Scalar>, Tensor<Scalar>) = (try cotangent("mean"), try cotangent("variance"))
    let fields: [ComputedField<Scalar>] = [
      ("probabilities", weights.probabilities(on: .single)), ("mean", weights.mean), ("variance", weights.variance),
      ("map", weights.mostProbable(on: .single).values(on: .single)),
      ("∂logits", weights.logitGradient(mean: dMean, variance: dVariance, on: .single)),
    ]
    guard inputs["prior"] != nil else { return fields }
    let prior = (try input("prior") as Tensor<Double>).scalars
    let regularizer = KLDivergence(weight: try setting("weight"), prior: prior)
    return fields + [
      ("divergence", Tensor([1], [weights.divergence(from: prior, on: .single)])),
      (
        "∂regularized",
        weights.logitGradient(mean: dMean, variance: dVariance, divergence: regularizer, on: .single)
      ),
    ]
  }

  /// The parameters in every parameterization that supports the grid, and the probabilities, which must be the same in each.
  private func familyFields<Scalar: TensorScalar>() throws -> [ComputedField<Scalar>] {
    let grid = try weightGrid()
    let stream = RandomStream(seed: 7, purpose: .initialization, epoch: 3, step: 11, layer: 2)
    return try WeightParameterization.allCases.filter { $0.supports(grid) }.flatMap {
      parameterization -> [ComputedField<Scalar>] in
      let weights: WeightDistribution<Scalar> =
        switch operation {
        case "parameters":
          WeightDistribution(
            grid: grid, parameterization: parameterization, probabilities: try input("probabilities"), on: .single)
        case "random":
          WeightDistribution(
            grid: grid, parameterization: parameterization, drawnFrom: stream, shape: [3, 5], on: .single)
        case "expectation":
          WeightDistribution(
            grid: grid, parameterization: parameterization, initialization: .expectation,
            fromMapped: try input("weights"), on: .single)
        default:
          WeightDistribution(
            grid: grid, parameterization: parameterization, initialization: .expectation,
            fromReal: try input("weights"), on: .single)
        }
      let parameters = (name: parameterization.rawValue, tensor: weights.logits)
      guard outputs["probabilities"] != nil else { return [parameters] }
      return [parameters, (name: "probabilities", tensor: weights.probabilities(on: .single))]
    }
  }
}
