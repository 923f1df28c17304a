import ArgumentParser
import Files
import Layers
import Training
import WeightDistributions

/// The choices that the method leaves open.
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
  var prior: NumberList?

  @Option(help: OptionScope.regularization.help("Factor of that regularizer.", valueName: "λ"))
  var regularization: Double?

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
  var temperature: Double?

  @Option(help: OptionScope.loss.help("The loss.", default: defaults.loss.rawValue))
  var loss: Method.Loss?

  /// The paper's choices.
  private static var defaults: Method { Method() }

  enum RegularizerName: String, ExpressibleByArgument, CaseIterable { case squares, kl }

  func validate() throws {
    if let temperature, !(temperature > 0 && temperature.isFinite) {
      throw ValidationError("--temperature: expected a positive number, found \(temperature)")
    }
    if let regularization, !(regularization >= 0 && regularization.isFinite) {
      throw ValidationError("--regularization: expected a number from 0, found \(regularization)")
    }
  }

  /// Changes what the options choose.
  func apply(to experiment: inout Experiment) {
    var method = experiment.method
    if let weights { method.grids = weights.grids }
    if let parameterization { method.parameterization = parameterization }
    if let initialization { method.initialization = initialization }
    switch regularizer {
    case .squares: method.regularizer = .squares
    case .kl: method.regularizer = .divergence(prior: prior?.numbers)
    case nil:
      if case .divergence = method.regularizer, let prior { method.regularizer = .divergence(prior: prior.numbers) }
    }
    if let sampling { method.sampling = sampling }
    if let estimator { method.estimator = estimator }
    if let temperature { method.temperature = temperature }
    if let loss { method.loss = loss }
    experiment.method = method
    if let regularization { experiment.discrete.regularization = regularization }
  }

  /// The options that are given.
  var given: [OptionScope] {
    .given([
      (.weights, weights), (.parameterization, parameterization), (.initialization, initialization),
      (.regularizer, regularizer), (.prior, prior), (.regularization, regularization), (.sampling, sampling),
      (.estimator, estimator), (.temperature, temperature), (.loss, loss),
    ])
  }
}

extension [OptionScope] {
  /// The options that have a value.
  static func given(_ values: [(option: OptionScope, value: Any?)]) -> [OptionScope] {
    values.filter { $0.value != nil }.map(\.option)
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

  /// Refuses options that change nothing in what is to be trained.
  ///
  /// - Throws: `ValidationError`
  static func requireEffect(of given: [OptionScope], on networks: NetworkList, of experiment: Experiment) throws {
    let plan = Plan(networks.networks, of: experiment)
    for option in given {
      if let error = option.withoutEffect(in: plan) { throw ValidationError("\(error)") }
    }
  }
}

extension WeightParameterization: ExpressibleByArgument {}
extension WeightInitialization: ExpressibleByArgument {}
extension BernoulliEstimator: ExpressibleByArgument {}
extension Method.Sampling: ExpressibleByArgument {}
extension Method.Loss: ExpressibleByArgument {}

/// Grids by name or by values.
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

/// Finite numbers separated by commas.
struct NumberList: ExpressibleByArgument {
  let numbers: [Double]

  init?(argument: String) {
    guard let numbers = commaSeparated(argument, of: { Double($0) }), numbers.allSatisfy(\.isFinite) else { return nil }
    self.numbers = numbers
  }
}
