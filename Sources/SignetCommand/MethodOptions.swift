import ArgumentParser
import Files
import Layers
import Networks
import Training
import WeightDistributions

/// The options for the choices that the method leaves open.
struct MethodOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: OptionScope.weights.help(
      "Grid of the discrete weights, or grids separated by commas, one for each dense layer and convolution: "
        + "\(WeightGridList.names).",
      default: defaults.weights, discussion: WeightGridList.ownValues, valueName: "grid"),
    completion: .list(WeightGrid.all.map(\.name)), transform: { try WeightGridList($0) })
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

  /// The defaults, which are the paper's choices.
  private static var defaults: Method { Method() }

  enum RegularizerName: String, ExpressibleByArgument, CaseIterable { case squares, kl }

  /// The options given, with their values as typed.
  var given: [OptionScope: String] {
    [
      .weights: weights.map { WeightGrid.text(of: $0.grids) }, .parameterization: parameterization?.rawValue,
      .initialization: initialization?.rawValue, .regularizer: regularizer?.rawValue, .prior: prior,
      .regularization: regularization, .sampling: sampling?.rawValue, .estimator: estimator?.rawValue,
      .temperature: temperature, .loss: loss?.rawValue,
    ].compactMapValues(\.self)
  }
}

extension OptionScope {
  /// The help of the option: its meaning, the networks that it affects, and its default if it has one.
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

/// A list of grids, given by name or by values.
struct WeightGridList {
  let grids: [WeightGrid]

  init(_ text: String) throws { grids = try WeightGrid.list(text) }

  static let names = WeightGrid.all.map(\.name).joined(separator: ", ")
  static let ownValues = """
    A grid of your own is its values, such as -1,-1/2,0,1/4,1: \(WeightGrid.counts.lowerBound) to \
    \(WeightGrid.counts.upperBound) ascending integers, fractions or decimals. Separate several grids by semicolons \
    then: "ternary;-1,0,1/2;binary".
    """
}
