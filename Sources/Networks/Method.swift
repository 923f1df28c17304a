import Layers
import WeightDistributions

/// The choices that the method leaves open: those that the paper and its authors' later experiments compare
/// (`Method.md` §2, §3). The defaults are the paper's.
public struct Method: Sendable, Equatable, Codable {
  /// The values of the discrete weights: one grid for all layers, or one for each dense layer and convolution.
  public var grids: [WeightGrid] = [.ternary]
  /// How the trained numbers determine the probabilities.
  public var parameterization = WeightParameterization.logits
  /// How the distributions are initialized.
  public var initialization = WeightInitialization.probability
  /// The regularizer of the weight distributions.
  public var regularizer = Regularizer.squares
  /// Where a sample replaces a distribution in training.
  public var sampling = Sampling.everyLayer
  /// How a ±1 variable is sampled in training.
  public var estimator = BernoulliEstimator.relaxed
  /// `τ` of the relaxed ±1 sample.
  public var temperature = 1.0
  /// The loss of all networks.
  public var loss = Loss.crossEntropy

  /// The paper's choices.
  public init() {}

  /// Where a sample replaces a distribution in training. The tanh networks sample every hidden layer in any case, since tanh is
  /// defined on values.
  public enum Sampling: String, Sendable, Codable, CaseIterable {
    case everyLayer = "every-layer"
    case output
    case nowhere
  }

  /// The regularizer of the weight distributions; its factor is the training phase's.
  public enum Regularizer: Sendable, Equatable, Codable {
    /// `λ Σ ρ²` over the trained numbers.
    case squares
    /// `λ Σ KL(q ‖ π)` over the weights, with a prior over the grid; nil means the uniform prior.
    case divergence(prior: [Double]?)
  }

  /// The loss of the outputs.
  public enum Loss: String, Sendable, Codable, CaseIterable {
    /// The cross-entropy of the softmax; to second order for an output that is not sampled.
    case crossEntropy = "cross-entropy"
    case squaredHinge = "squared-hinge"
  }

  /// The grid of linear layer `index`.
  package func grid(_ index: Int) -> WeightGrid { grids.count == 1 ? grids[0] : grids[index] }

  /// The grids as text, in the form that `--weights` takes.
  public var weights: String { WeightGrid.text(of: grids) }

  /// Why these choices contradict each other or cannot be taken; nil if they can.
  public var contradiction: MethodError? {
    if let grid = grids.first(where: { !parameterization.supports($0) }) {
      return .unsupported("parameterization", parameterization.rawValue, grid: grid.name)
    }
    if let grid = grids.first(where: { !initialization.supports($0) }) {
      return .unsupported("initialization", initialization.rawValue, grid: grid.name)
    }
    if case .divergence(let prior?) = regularizer {
      if let grid = grids.first(where: { $0.count != prior.count }) {
        return .prior(prior, grid: grid.name, values: grid.count)
      }
      // Its logarithms are taken in Float.
      let isPrior = prior.allSatisfy { Float($0) > 0 } && abs(prior.reduce(0, +) - 1) <= 1e-9
      if let grid = grids.first, !isPrior { return .prior(prior, grid: grid.name, values: grid.count) }
    }
    if loss == .squaredHinge && sampling == .nowhere { return .hingeOfDistribution }
    // Networks compute with it in Float.
    guard Float(temperature) > 0 && Float(temperature).isFinite else { return .temperature(temperature) }
    return nil
  }
}

/// Why choices of the method contradict each other or cannot be taken.
public enum MethodError: Error, Equatable, CustomStringConvertible {
  case unsupported(String, String, grid: String)
  case prior([Double], grid: String, values: Int)
  case hingeOfDistribution
  case temperature(Double)
  case regularization(Double)

  public var description: String {
    switch self {
    case .unsupported(let what, let choice, let grid):
      "\(what) \(choice): expected a grid that it is defined for, found \(grid)"
    case .prior(let prior, let grid, let values):
      "prior: expected \(values) positive numbers that sum to 1, one for each value of \(grid), found "
        + prior.map { "\($0)" }.joined(separator: ",")
    case .hingeOfDistribution:
      "loss squared-hinge: expected sampled outputs, found sampling nowhere (the squared hinge is defined on values)"
    case .temperature(let temperature): "temperature: expected a positive number, found \(temperature)"
    case .regularization(let weight): "regularization: expected a number from 0, found \(weight)"
    }
  }
}
