import Networks
import WeightDistributions

/// Which networks each training option has an effect on: the table from which help texts are made and by which options without
/// effect are refused. Options that change no result (threads, progress, output) are not in it.
package enum OptionScope: String, CaseIterable, Sendable {
  case weights, parameterization, initialization, regularizer, prior, regularization
  case sampling, estimator, temperature, loss
  case realEpochs = "real-epochs"
  case discreteEpochs = "discrete-epochs"
  case batch, dropout
  case realStep = "real-step"
  case logitStep = "logit-step"

  /// The option as it is typed.
  package var option: String { "--\(rawValue)" }

  private static let discreteSign = NetworkKind.discrete.filter { $0.activation == .sign }
  private static let allButReal = NetworkKind.allCases.filter { $0 != .real }

  /// The networks whose training depends on the option.
  package var networks: [NetworkKind] {
    switch self {
    case .weights, .parameterization, .initialization, .regularizer, .prior, .regularization, .sampling, .logitStep:
      NetworkKind.discrete
    case .estimator, .temperature: Self.discreteSign
    case .realEpochs: [.real]
    case .realStep: [.real, .straightThrough]
    case .discreteEpochs: Self.allButReal
    case .loss, .batch, .dropout: NetworkKind.allCases
    }
  }

  /// The sentence about these networks in a help text; nil if the option has an effect on all networks.
  package var sentence: String? {
    switch networks {
    case NetworkKind.allCases: nil
    case NetworkKind.discrete: "For the discrete networks."
    case Self.discreteSign: "For the discrete sign networks."
    case Self.allButReal: "For every network but real."
    default: "For the network\(networks.count > 1 ? "s" : "") \(networks.map(\.rawValue).joined(separator: " and "))."
    }
  }

  /// What is to be trained, as far as it determines which options have an effect.
  package struct Plan: Sendable {
    /// The given networks.
    package let networks: [NetworkKind]
    package let method: Method
    /// The factor of the regularizer of weight distributions.
    package let regularization: Double
    /// The number of dense layers and convolutions.
    package let layers: Int

    package init(_ networks: [NetworkKind], of experiment: Experiment) {
      self.networks = networks
      method = experiment.method
      regularization = experiment.discrete.regularization
      layers = experiment.architecture.blocks.count
    }

    /// The given networks and those that they start from.
    fileprivate var trained: [NetworkKind] {
      NetworkKind.trainingOrder(of: Set(networks), initialization: method.initialization)
    }

    /// What is expected and found, if none of `networks`, on which an option or a key has an effect, is trained; nil if one is.
    func absence(of networks: [NetworkKind]) -> (expected: String, found: String)? {
      guard !trained.contains(where: networks.contains) else { return nil }
      func names(_ networks: [NetworkKind]) -> String { networks.map(\.rawValue).joined(separator: ", ") }
      return ("a network that it has an effect on (\(names(networks)))", names(trained))
    }
  }

  /// Why the option has no effect on what is to be trained; nil if it has one.
  package func withoutEffect(in plan: Plan) -> OptionError? {
    func error(_ expected: String, _ found: String) -> OptionError {
      OptionError(option: option, expected: expected, found: found)
    }
    if let (expected, found) = plan.absence(of: networks) { return error(expected, found) }
    switch self {
    case .regularizer where plan.regularization == 0, .prior where plan.regularization == 0:
      return error("--regularization above 0", "0")
    case .prior where plan.method.regularizer == .squares:
      return error("--regularizer kl", "squares")
    case .estimator where plan.method.sampling != .everyLayer, .temperature where plan.method.sampling != .everyLayer:
      return error("--sampling every-layer", plan.method.sampling.rawValue)
    case .estimator where plan.layers == 1, .temperature where plan.layers == 1,
      .sampling where plan.layers == 1 && plan.method.sampling == .output:
      return error("an architecture with a hidden layer", "none")
    case .sampling where plan.method.sampling == .output:
      guard plan.trained.contains(where: Self.discreteSign.contains) else {
        let found = plan.trained.map(\.rawValue).joined(separator: ", ")
        return error("a discrete sign network for output, since tanh networks sample every hidden layer anyway", found)
      }
      return nil
    default:
      return nil
    }
  }
}

/// Why an option is refused.
package struct OptionError: Error, Equatable, CustomStringConvertible {
  package let option, expected, found: String

  package var description: String { "\(option): expected \(expected), found \(found)" }
}
