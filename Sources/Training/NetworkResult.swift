import Files
import Networks
import WeightDistributions

/// The result of training one network.
public struct NetworkResult: Sendable, Codable, Equatable {
  /// The network.
  public let network: NetworkKind
  /// The grids' names, "real", or "binary" for the straight-through network.
  public let weights: String
  /// "tanh" or "sign".
  public let activation: String
  /// The number of epochs trained; 0 of an imported network.
  public let epochs: Int
  /// The epoch of the lowest validation error, from 1; 0 of an imported network.
  public let bestEpoch: Int
  /// The validation error, a fraction, of the deployed network with the best epoch's parameters.
  public let validationError: Double
  /// The test error of the same network, a fraction.
  public let testError: Double
  /// How long training took, in seconds; the only figure that differs from run to run.
  public let seconds: Double
  /// `Network.digest`.
  public let parametersSHA256: String

  private enum CodingKeys: CodingKey {
    case network, weights, activation, epochs, bestEpoch, validationError, testError, seconds, parametersSHA256
  }

  package init(
    network: NetworkKind, weights: String, activation: String, epochs: Int, bestEpoch: Int, validationError: Double,
    testError: Double, seconds: Double, parametersSHA256: String
  ) {
    (self.network, self.weights, self.activation) = (network, weights, activation)
    (self.epochs, self.bestEpoch) = (epochs, bestEpoch)
    (self.validationError, self.testError) = (validationError, testError)
    (self.seconds, self.parametersSHA256) = (seconds, parametersSHA256)
  }

  /// Reads a result, each number of which is one that a training can have.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    network = try values.decode(NetworkKind.self, forKey: .network)
    weights = try values.decode(String.self, forKey: .weights)
    activation = try values.decode(String.self, forKey: .activation)
    // 0 of an imported network.
    epochs = try values.decode(.epochs, in: 0...Experiment.Phase.epochCounts.upperBound)
    bestEpoch = try values.decode(.bestEpoch, in: 0...epochs)
    validationError = try values.decode(.validationError, in: 0...1)
    testError = try values.decode(.testError, in: 0...1)
    seconds = try values.decode(.seconds, in: possibleSeconds)
    parametersSHA256 = try values.decode(String.self, forKey: .parametersSHA256)
  }

  /// True if both trainings had the same result, whatever time they took.
  package func hasSameOutcome(as other: NetworkResult) -> Bool {
    parametersSHA256 == other.parametersSHA256 && testError == other.testError
      && validationError == other.validationError && bestEpoch == other.bestEpoch
  }

  /// Such as `test error 0.02, validation error 0.03 in epoch 7`.
  package var errorsInWords: String {
    "test error \(testError), validation error \(validationError) in epoch \(bestEpoch)"
  }
}

extension Experiment {
  /// The name of a network's weights.
  package func weights(of network: NetworkKind) -> String { network.weights(discrete: method.weights) }
}

extension NetworkKind {
  /// The name of the network's weights, given that of the discrete networks' weights.
  package func weights(discrete: String) -> String {
    switch self {
    case .real: "real"
    case .straightThrough: WeightGrid.binary.name
    case .discreteTanh, .discreteSign, .discreteSignFromTanh: discrete
    }
  }
}
