import ArgumentParser
import Files
import Layers
import Networks
import Training
import WeightDistributions

/// The choices that the method leaves open.
struct MethodOptions: ParsableArguments {
  @Option(
    help: OptionScope.weights.help(
      "Grid of the discrete weights, or grids separated by commas, one for each dense layer and convolution.",
      default: defaults.weights, valueName: "grid"))
  var weights: WeightGridList?

  @Option(
    help: OptionScope.parameterization.help(
      "How the trained numbers give the weights' probabilities.", default: defaults.parameterization.rawValue))
  var parameterization: WeightParameterization?

  @Option(
    help: OptionScope.initialization.help(
      "How the weight distributions begin: from a real network's weights by the probability or expectation rule, or random.",
      default: defaults.initialization.rawValue,
      discussion: "With random no real network is trained for the discrete ones."))
  var initialization: WeightInitialization?

  @Option(
    help: OptionScope.regularizer.help(
      "Regularizer of the weight distributions: the sum of squares, or the divergence to a prior.",
      default: RegularizerName.squares.rawValue))
  var regularizer: RegularizerName?

  @Option(
    help: OptionScope.prior.help(
      "Prior over the grid's values, separated by commas, for --regularizer kl.", default: "uniform",
      valueName: "p,p,…"))
  var prior: String?

  @Option(help: OptionScope.regularization.help("Factor of that regularizer.", valueName: "λ"))
  var regularization: String?

  @Option(
    help: OptionScope.sampling.help(
      "Where training samples: after every layer, at the output only, or nowhere.",
      default: defaults.sampling.rawValue))
  var sampling: Method.Sampling?

  @Option(
    help: OptionScope.estimator.help(
      "The sample of a ±1 variable: relaxed, or hard with straight-through gradient.",
      default: defaults.estimator.rawValue))
  var estimator: BernoulliEstimator?

  @Option(
    help: OptionScope.temperature.help(
      "Temperature of the relaxed ±1 sample.", default: "\(defaults.temperature)", valueName: "τ"))
  var temperature: String?

  @Option(help: OptionScope.loss.help("The loss.", default: defaults.loss.rawValue))
  var loss: Method.Loss?

  /// The paper's choices.
  private static var defaults: Method { Method() }

  enum RegularizerName: String, ExpressibleByArgument, CaseIterable { case squares, kl }

  /// The options that are given, with their values as they are typed.
  var given: [OptionScope: String] {
    [
      .weights: weights?.defaultValueDescription, .parameterization: parameterization?.rawValue,
      .initialization: initialization?.rawValue, .regularizer: regularizer?.rawValue, .prior: prior,
      .regularization: regularization, .sampling: sampling?.rawValue, .estimator: estimator?.rawValue,
      .temperature: temperature, .loss: loss?.rawValue,
    ].compactMapValues(\.self)
  }
}

extension OptionScope {
  /// The help of the option: what it is, for which networks, and its default if it has one.
  func help(
    _ text: String, default value: String? = nil, discussion: String = "", valueName: String? = nil
  ) -> ArgumentHelp {
    let parts = [text, sentence, value.map { "Default: \($0)." }].compactMap(\.self)
    return ArgumentHelp("\(parts.joined(separator: " "))", discussion: discussion, valueName: valueName)
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
    guard let grids = commaSeparated(argument, of: WeightGrid.named) else { return nil }
    self.grids = grids
  }

  static var allValueStrings: [String] { WeightGrid.all.map(\.name) }
  var defaultValueDescription: String { grids.map(\.name).joined(separator: ",") }
}
