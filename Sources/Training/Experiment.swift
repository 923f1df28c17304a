import Networks

/// One benchmark with every constant (`Method.md` §5).
public struct Experiment: Sendable, Equatable, Codable {
  /// The experiment's name in `signet reproduce`.
  public let name: String
  /// A one-line description.
  public let title: String
  /// The data that it trains on.
  public let data: DataSource
  /// The layers.
  public let architecture: Architecture
  /// The batch size.
  public var batch: Int
  /// The constants for training the real network.
  public var real: Phase
  /// The constants for training each discrete network, and the straight-through one unless it has its own.
  public var discrete: Phase
  /// The constants for training the straight-through network (**ours**); nil takes those of a discrete one, with the learning rate
  /// of its biases for its latent weights, too, and no regularizer.
  public var straightThrough: Phase?
  /// The augmentation of training images; nil if there is none.
  public var augmentation: Augmentation?
  /// The choices that the method leaves open.
  public var method = Method()

  /// An experiment with the method's choices of the paper, and without own constants for the straight-through network.
  public init(
    name: String, title: String, data: DataSource, architecture: Architecture, batch: Int,
    augmentation: Augmentation? = nil, real: Phase, discrete: Phase
  ) {
    self.name = name
    self.title = title
    self.data = data
    self.architecture = architecture
    self.batch = batch
    self.augmentation = augmentation
    self.real = real
    self.discrete = discrete
  }

  /// The constants of training either the real network or a discrete one.
  public struct Phase: Sendable, Equatable, Codable {
    /// The dropout rate before each dense layer and convolution; 0 means none.
    public var dropout: [Double]
    /// The number of epochs to train, one of `epochCounts`.
    public var epochs: Int
    /// The smallest number of epochs between two reductions of the learning rates.
    public var cooldown: Int
    /// The number of epochs without a lower validation error before a reduction.
    public var patience: Int
    /// Adam's learning rate for real weights, or for logits.
    public var learningRate: Double
    /// Adam's learning rate for biases and batch normalization.
    public var biasLearningRate: Double
    /// `λ` of `λ Σ w²` for real weights, or of the method's regularizer for distributions.
    public var regularization: Double
    /// Factors of the learning rates after some epochs, instead of halving them on a plateau of the validation error; nil halves.
    public var learningRateSteps: [LearningRateStep]?
    /// The activation that follows batch normalization in the real network; nil means tanh.
    public var activation: RealActivation?
    /// The weight of a new batch in the running averages; nil means the paper's 0.1.
    public var runningFactor: Double?
    /// How many of the epoch's first batches the running averages are fitted to after each epoch; nil means all.
    public var statisticsBatches: Int?

    /// The numbers of epochs that a network can be trained for.
    package static let epochCounts = 1...1_000_000

    // The keys that files have had from the beginning.
    private enum CodingKeys: String, CodingKey {
      case dropout, epochs, cooldown, patience
      case learningRate = "weightStep"
      case biasLearningRate = "otherStep"
      case regularization, learningRateSteps, activation, runningFactor, statisticsBatches
    }

    /// Constants with the paper's activation and running averages, and with learning rates that are halved.
    public init(
      dropout: [Double], epochs: Int, cooldown: Int, patience: Int, learningRate: Double = 1e-3,
      biasLearningRate: Double = 1e-3, regularization: Double
    ) {
      self.dropout = dropout
      self.epochs = epochs
      self.cooldown = cooldown
      self.patience = patience
      self.learningRate = learningRate
      self.biasLearningRate = biasLearningRate
      self.regularization = regularization
    }

    /// The learning rates and the regularization of every discrete network of the paper.
    public static func discrete(dropout: [Double], epochs: Int, cooldown: Int, patience: Int) -> Phase {
      Phase(
        dropout: dropout, epochs: epochs, cooldown: cooldown, patience: patience, learningRate: 1e-2,
        regularization: 1e-10)
    }

    /// The constants of the straight-through network beside discrete ones with these, unless it has its own.
    package var ofStraightThrough: Phase {
      var phase = self
      phase.learningRate = biasLearningRate
      phase.regularization = 0
      return phase
    }
  }

  /// The constants that a network is trained with.
  public func phase(of network: NetworkKind) -> Phase {
    switch network {
    case .real: return real
    case .discreteTanh, .discreteSign, .discreteSignFromTanh: return discrete
    case .straightThrough: return straightThrough ?? discrete.ofStraightThrough
    }
  }

  /// The number of epochs that a network is trained for where others may replace the experiment's.
  ///
  /// - Parameters:
  ///   - real: the real network's, instead of the experiment's.
  ///   - discrete: every other network's, instead of the experiment's.
  package func epochs(of network: NetworkKind, real: Int?, discrete: Int?) -> Int {
    (network == .real ? real : discrete) ?? phase(of: network).epochs
  }

  /// The activation of a network's hidden layers as a single word.
  package func activation(of network: NetworkKind) -> String {
    network == .real ? (real.activation ?? .tanh).rawValue : network.activation.rawValue
  }

  /// The largest number of images that a training evaluates at a time: no more than it trains on, so that a training with memory for its
  /// steps has memory for its errors, too.
  package var evaluationBatch: Int { min(100, batch) }

  /// The straight-through network's constants; setting one of them makes them independent of a discrete network's.
  package var straightThroughConstants: Phase {
    get { phase(of: .straightThrough) }
    set { straightThrough = newValue }
  }

  /// The specification of a network of this experiment.
  public func specification(of network: NetworkKind, input: ImageInput) -> NetworkSpecification {
    let phase = phase(of: network)
    return NetworkSpecification(
      input: input, architecture: architecture, kind: network, method: method, dropout: phase.dropout,
      realActivation: real.activation ?? .tanh, regularization: phase.regularization)
  }

  /// Checks that architecture, dropout rates and method fit together, and fit the data, and that the networks can be trained with
  /// the other constants: that each is a value that its key in `RecipeKey` accepts.
  ///
  /// - Parameter networks: those to be trained.
  /// - Throws: `ArchitectureError`, `MethodError`, or `RecipeError` that names a constant.
  public func validate(
    for input: ImageInput, classes: Int, networks: [NetworkKind] = NetworkKind.allCases
  ) throws {
    _ = try architecture.shapes(of: input.image)
    guard architecture.classes == classes else {
      throw ArchitectureError.classes("\(architecture)", expected: classes, actual: architecture.classes)
    }
    for kind in networks { try specification(of: kind, input: input).validate() }
    for key in RecipeKey.all where key.networks.contains(where: networks.contains) {
      var experiment = self
      try key.set(key.value(in: self), in: &experiment)
    }
  }
}

extension NetworkKind {
  /// The name of the constants that the network is trained with, in the names of recipe keys.
  var phaseName: String {
    switch self {
    case .real: "real"
    case .discreteTanh, .discreteSign, .discreteSignFromTanh: "discrete"
    case .straightThrough: "straight-through"
    }
  }
}
