import WeightDistributions

/// The networks of an experiment, in the order in which they are trained: the paper's four (Roth et al. 2019;
/// `Method.md` §5), and one for comparison.
public enum NetworkKind: String, CaseIterable, Sendable, Codable {
  /// Real weights, tanh.
  case real
  /// Discrete weights, tanh; started from `real`.
  case discreteTanh = "discrete-tanh"
  /// Discrete weights, sign; started from `real`.
  case discreteSign = "discrete-sign"
  /// Discrete weights, sign; started from `discreteTanh`.
  case discreteSignFromTanh = "discrete-sign-from-tanh"
  /// Binary weights, sign, trained with the straight-through estimator (Hubara et al. 2016), for comparison.
  case straightThrough = "straight-through"

  /// The paper's four networks.
  public static let paper: [NetworkKind] = [.real, .discreteTanh, .discreteSign, .discreteSignFromTanh]
  /// The networks whose weights are distributions over a grid.
  package static let discrete = allCases.filter(\.isDiscrete)

  /// The trained network that this one starts from; nil for networks that begin with random weights, as the discrete ones do, too,
  /// with random initialization.
  public func start(_ initialization: WeightInitialization) -> NetworkKind? {
    switch self {
    case .real, .straightThrough: nil
    case .discreteTanh, .discreteSign: initialization == .random ? nil : .real
    case .discreteSignFromTanh: .discreteTanh
    }
  }

  /// True if the weights are distributions over a grid.
  public var isDiscrete: Bool { self != .real && self != .straightThrough }

  /// True if the running averages are fitted to the deployed network after each epoch rather than updated in each step.
  package var fitsRunningAverages: Bool { self != .real }

  /// The activation that follows batch normalization.
  public enum Activation: String, Sendable { case tanh, sign }

  /// The activation of the hidden layers.
  public var activation: Activation {
    switch self {
    case .real, .discreteTanh: .tanh
    case .discreteSign, .discreteSignFromTanh, .straightThrough: .sign
    }
  }

  /// The given networks and those they start from, each once, in the order in which they are trained.
  ///
  /// - Parameter known: networks that are already trained: they and what they start from are left out unless they are given, or others
  ///   need them.
  public static func trainingOrder(
    of networks: Set<NetworkKind>, startingWith known: Set<NetworkKind> = [],
    initialization: WeightInitialization = .probability
  ) -> [NetworkKind] {
    var needed = networks
    for network in allCases.reversed() where needed.contains(network) {
      if let start = network.start(initialization), !known.contains(start) { needed.insert(start) }
    }
    return allCases.filter(needed.contains)
  }
}
