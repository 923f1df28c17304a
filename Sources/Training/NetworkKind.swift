/// The four networks of an experiment, in the order in which they are trained (Roth et al. 2019; `method.md` §5).
public enum NetworkKind: String, CaseIterable, Sendable, Codable {
  /// Real weights, tanh.
  case real
  /// Discrete weights, tanh; started from `real`.
  case discreteTanh = "discrete-tanh"
  /// Discrete weights, sign; started from `real`.
  case discreteSign = "discrete-sign"
  /// Discrete weights, sign; started from `discreteTanh`.
  case discreteSignFromTanh = "discrete-sign-from-tanh"

  /// The trained network that this one starts from.
  public var start: NetworkKind? {
    switch self {
    case .real: nil
    case .discreteTanh, .discreteSign: .real
    case .discreteSignFromTanh: .discreteTanh
    }
  }

  /// True if the weights are distributions over a grid.
  public var isDiscrete: Bool { self != .real }

  /// What follows batch normalization.
  public enum Activation: String, Sendable { case tanh, sign }

  /// The activation of the hidden layers.
  public var activation: Activation {
    switch self {
    case .real, .discreteTanh: .tanh
    case .discreteSign, .discreteSignFromTanh: .sign
    }
  }

  /// The networks asked for and those they start from, each once, in the order in which they are trained.
  public static func trainingOrder(of networks: Set<NetworkKind>) -> [NetworkKind] {
    var needed = networks
    for network in allCases.reversed() where needed.contains(network) {
      if let start = network.start { needed.insert(start) }
    }
    return allCases.filter(needed.contains)
  }
}
