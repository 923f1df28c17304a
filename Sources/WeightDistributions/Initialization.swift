import RandomStreams
import Tensors

/// How distributions are initialized (`Method.md` §2). The names of the rules are those of Roth et al.
public enum WeightInitialization: String, CaseIterable, Codable, Sendable {
  /// From a real network: each weight's nearest values become probable.
  case probability
  /// From a real network: each distribution's mean is the weight where the bounds allow it (Shayer et al. 2018); only ternary
  /// and quinary.
  case expectation
  /// Without a real network: standard normal weights, then the probability rule.
  case random

  /// Whether distributions over `grid` can be initialized this way.
  public func supports(_ grid: WeightGrid) -> Bool { self != .expectation || grid == .ternary || grid == .quinary }
}

/// Bounds of the probabilities that an initialization gives: 0.95 and 0.05.
package let initialProbabilityMaximum = 0.95
package let initialProbabilityMinimum = 0.05

extension WeightDistribution {
  /// Distributions with these probabilities, up to a factor for each weight. Parameters beyond ±5 are clipped only by an update.
  ///
  /// - Precondition: `probabilities` has shape `(K, I, O)` and is positive; the parameterization supports the grid.
  public init(
    grid: WeightGrid, parameterization: WeightParameterization = .logits, probabilities: Tensor<Scalar>,
    on device: Device
  ) {
    precondition(
      probabilities.shape.count == 3 && probabilities.shape[0] == grid.count,
      "WeightDistribution: probabilities of shape \(probabilities.shape) for the \(grid.count) values of \(grid.name)")
    precondition(arePositive(probabilities), "WeightDistribution: a probability is not positive and finite")
    precondition(
      parameterization.supports(grid), "WeightDistribution: \(parameterization.rawValue) does not support \(grid.name)")
    self.init(
      grid: grid, parameterization: parameterization,
      logits: parameterization.parameters(of: probabilities, on: device), on: device)
  }

  /// Initializes distributions by the rule of `initialization`, from real weights on the grid's scale, shape `(I, O)`.
  ///
  /// - Precondition: the parameterization and the initialization support the grid; the weights are finite.
  public init(
    grid: WeightGrid, parameterization: WeightParameterization = .logits,
    initialization: WeightInitialization = .probability, fromMapped weights: Tensor<Scalar>, on device: Device
  ) {
    precondition(
      initialization.supports(grid),
      "WeightDistribution: the \(initialization.rawValue) rule does not support \(grid.name)")
    let probabilities =
      switch initialization {
      case .probability, .random: probabilityRule(of: weights, grid: grid, on: device)
      case .expectation: expectationRule(of: weights, grid: grid, on: device)
      }
    self.init(grid: grid, parameterization: parameterization, probabilities: probabilities, on: device)
  }

  /// Initializes distributions from a real network's weights, mapped by the empirical CDF, by the rule of `initialization`.
  ///
  /// - Precondition: as above; and `initialization` is not `random`, which needs a stream.
  public init(
    grid: WeightGrid, parameterization: WeightParameterization = .logits,
    initialization: WeightInitialization = .probability, fromReal weights: Tensor<Scalar>, on device: Device
  ) {
    precondition(initialization != .random, "WeightDistribution: a random initialization uses no real weights")
    self.init(
      grid: grid, parameterization: parameterization, initialization: initialization,
      fromMapped: mapByEmpiricalDistribution(weights, grid: grid, on: device), on: device)
  }

  /// Initializes distributions without a real network: `W ~ N(0, 1)`, not mapped, then the probability rule.
  ///
  /// - Parameters:
  ///   - stream: a stream of purpose `initialization`.
  ///   - shape: `(I, O)`.
  public init(
    grid: WeightGrid, parameterization: WeightParameterization = .logits, drawnFrom stream: RandomStream, shape: Shape,
    on device: Device
  ) {
    self.init(
      grid: grid, parameterization: parameterization, initialization: .random,
      fromMapped: stream.normal(shape, on: device), on: device)
  }
}

@specialized(where Scalar == Float)
private func arePositive<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Bool {
  x.scalars.allSatisfy { $0 > 0 && $0.isFinite }
}
