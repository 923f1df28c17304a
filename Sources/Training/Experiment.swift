/// One benchmark with every constant (`method.md` §5).
public struct Experiment: Sendable, Equatable {
  /// What `signet reproduce` calls it.
  public let name: String
  /// One line for people.
  public let title: String
  /// Which data it trains on.
  public let data: DataSource
  /// Widths of the hidden dense layers.
  public let hidden: [Int]
  /// Samples a batch.
  public let batch: Int
  /// Training of the real network.
  public let real: Phase
  /// Training of each discrete network.
  public let discrete: Phase

  /// The data sets that experiments train on.
  public enum DataSource: String, Sendable { case digits, mnist }

  public init(
    name: String, title: String, data: DataSource, hidden: [Int], batch: Int, real: Phase, discrete: Phase
  ) {
    self.name = name
    self.title = title
    self.data = data
    self.hidden = hidden
    self.batch = batch
    self.real = real
    self.discrete = discrete
  }

  /// The constants of training either the real network or a discrete one.
  public struct Phase: Sendable, Equatable {
    /// Dropout before each dense layer; 0 is none.
    public var dropout: [Double]
    /// Epochs to train.
    public var epochs: Int
    /// Epochs that pass between two reductions of the step.
    public var cooldown: Int
    /// Epochs without a lower validation error before a reduction.
    public var patience: Int
    /// Adam's step for real weights, or for logits.
    public var weightStep: Double
    /// Adam's step for biases and batch normalization.
    public var otherStep: Double
    /// `λ` of `λ Σ w²` for real weights, of `λ Σ ρ²` for logits.
    public var regularization: Double

    public init(
      dropout: [Double], epochs: Int, cooldown: Int, patience: Int, weightStep: Double, otherStep: Double,
      regularization: Double
    ) {
      self.dropout = dropout
      self.epochs = epochs
      self.cooldown = cooldown
      self.patience = patience
      self.weightStep = weightStep
      self.otherStep = otherStep
      self.regularization = regularization
    }
  }
}

extension Experiment {
  /// The steps and the regularization of every discrete network.
  private static func discrete(
    dropout: [Double], epochs: Int, cooldown: Int, patience: Int
  ) -> Phase {
    Phase(
      dropout: dropout, epochs: epochs, cooldown: cooldown, patience: patience, weightStep: 1e-2, otherStep: 1e-3,
      regularization: 1e-10)
  }

  /// A small dense network on the 8×8 digits of the UCI repository (**ours**).
  public static let digits = Experiment(
    name: "digits", title: "UCI optical digits, 8×8 pixels, permutation-invariant", data: .digits,
    hidden: [256, 256], batch: 50,
    real: Phase(
      dropout: [0.1, 0.2, 0.2], epochs: 60, cooldown: 15, patience: 5, weightStep: 1e-3, otherStep: 1e-3,
      regularization: 1e-4),
    discrete: discrete(dropout: [0.1, 0.1, 0.1], epochs: 100, cooldown: 15, patience: 8))

  /// The paper's permutation-invariant MNIST: 784–1200–1200–10.
  public static let mnistPI = Experiment(
    name: "mnist-pi", title: "MNIST, permutation-invariant", data: .mnist,
    hidden: [1200, 1200], batch: 100,
    real: Phase(
      dropout: [0.2, 0.4, 0.4], epochs: 1000, cooldown: 150, patience: 25, weightStep: 1e-3, otherStep: 1e-3,
      regularization: 1e-4),
    discrete: discrete(dropout: [0.1, 0.2, 0.3], epochs: 500, cooldown: 50, patience: 10))

  /// The catalogue.
  public static let all: [Experiment] = [.digits, .mnistPI]

  /// The experiment of that name.
  public static func named(_ name: String) -> Experiment? { all.first { $0.name == name } }

  /// The constants that a network is trained with.
  public func phase(of network: NetworkKind) -> Phase { network.isDiscrete ? discrete : real }
}
