import ArgumentParser
import Layers
import Training
import WeightDistributions

/// The choices that the method leaves open.
struct MethodOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Grid of the discrete weights, or grids separated by commas, one for each dense layer and convolution.",
      valueName: "grid"))
  var weights = WeightGridList(grids: [.ternary])

  @Option(help: "How the trained numbers give the weights' probabilities.")
  var parameterization = WeightParameterization.logits

  @Option(
    help: ArgumentHelp(
      "How the weight distributions begin: from a real network's weights by the probability or expectation rule, or random.",
      discussion: "With random no real network is trained for the discrete ones."))
  var initialization = WeightInitialization.probability

  @Option(help: "Regularizer of the weight distributions: the sum of squares, or the divergence to a prior.")
  var regularizer = RegularizerName.squares

  @Option(
    help: ArgumentHelp(
      "Prior over the grid's values, separated by commas, for --regularizer kl.", discussion: "Default: uniform.",
      valueName: "p,p,…"))
  var prior: NumberList?

  @Option(help: ArgumentHelp("Factor of that regularizer.", valueName: "λ"))
  var regularization: Double?

  @Option(help: "Where training samples: after every layer, at the output only, or nowhere.")
  var sampling = Method.Sampling.everyLayer

  @Option(help: "The sample of a ±1 variable: relaxed, or hard with straight-through gradient.")
  var estimator = BernoulliEstimator.relaxed

  @Option(help: ArgumentHelp("Temperature of that sample.", valueName: "τ"))
  var temperature = 1.0

  @Option(help: "The loss.")
  var loss = Method.Loss.crossEntropy

  enum RegularizerName: String, ExpressibleByArgument, CaseIterable { case squares, kl }

  func validate() throws {
    guard temperature > 0, temperature.isFinite else {
      throw ValidationError("--temperature: expected a positive number, found \(temperature)")
    }
    if let regularization, !(regularization >= 0 && regularization.isFinite) {
      throw ValidationError("--regularization: expected a number from 0, found \(regularization)")
    }
    if prior != nil && regularizer != .kl {
      throw ValidationError("--prior: expected --regularizer kl, found \(regularizer.rawValue)")
    }
    if let contradiction = method.contradiction { throw ValidationError("\(contradiction)") }
  }

  /// What the options choose.
  var method: Method {
    var method = Method()
    method.grids = weights.grids
    method.parameterization = parameterization
    method.initialization = initialization
    method.regularizer = regularizer == .squares ? .squares : .divergence(prior: prior?.numbers)
    method.sampling = sampling
    method.estimator = estimator
    method.temperature = temperature
    method.loss = loss
    return method
  }

  /// An experiment with these choices.
  func apply(to experiment: Experiment) -> Experiment {
    var experiment = experiment
    experiment.method = method
    if let regularization { experiment.discrete.regularization = regularization }
    return experiment
  }
}

extension WeightParameterization: ExpressibleByArgument {}
extension WeightInitialization: ExpressibleByArgument {}
extension BernoulliEstimator: ExpressibleByArgument {}
extension Method.Sampling: ExpressibleByArgument {}
extension Method.Loss: ExpressibleByArgument {}

/// Grids separated by commas.
struct WeightGridList: ExpressibleByArgument {
  let grids: [WeightGrid]

  init(grids: [WeightGrid]) { self.grids = grids }

  init?(argument: String) {
    let grids = argument.split(separator: ",", omittingEmptySubsequences: false).map { WeightGrid.named(String($0)) }
    guard !grids.isEmpty, !grids.contains(nil) else { return nil }
    self.grids = grids.compactMap { $0 }
  }

  static var allValueStrings: [String] { WeightGrid.all.map(\.name) }
  var defaultValueDescription: String { grids.map(\.name).joined(separator: ",") }
}

/// Finite numbers separated by commas.
struct NumberList: ExpressibleByArgument {
  let numbers: [Double]

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard !numbers.isEmpty, numbers.allSatisfy({ $0?.isFinite == true }) else { return nil }
    self.numbers = numbers.compactMap { $0 }
  }
}
