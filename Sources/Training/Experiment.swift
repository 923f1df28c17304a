import Networks

/// One benchmark with every constant (`Method.md` §5).
public struct Experiment: Sendable, Equatable, Codable {
  /// What `signet reproduce` calls it.
  public let name: String
  /// One line for people.
  public let title: String
  /// Which data it trains on.
  public let data: DataSource
  /// The layers.
  public let architecture: Architecture
  /// Samples a batch.
  public var batch: Int
  /// Training of the real network.
  public var real: Phase
  /// Training of each discrete network, and of the straight-through one.
  public var discrete: Phase
  /// Training of the straight-through network (**ours**); nil is that of a discrete one, with the learning rate of its biases for
  /// its latent weights, too, and no regularizer.
  public var straightThrough: Phase?
  /// What is done to training images.
  public var augmentation: Augmentation?
  /// The choices that the method leaves open.
  public var method = Method()

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
    /// Dropout before each dense layer and convolution; 0 is none.
    public var dropout: [Double]
    /// Epochs to train.
    public var epochs: Int
    /// Epochs that pass between two reductions of the step.
    public var cooldown: Int
    /// Epochs without a lower validation error before a reduction.
    public var patience: Int
    /// Adam's learning rate for real weights, or for logits.
    public var learningRate: Double
    /// Adam's learning rate for biases and batch normalization.
    public var biasLearningRate: Double
    /// `λ` of `λ Σ w²` for real weights, of the method's regularizer for distributions.
    public var regularization: Double
    /// Factors of the learning rates after some epochs, instead of halving them where the validation error stays; nil halves.
    public var learningRateSteps: [LearningRateStep]?
    /// What follows batch normalization in the real network; nil is tanh.
    public var activation: RealActivation?
    /// The factor of a batch in the running averages; nil is the paper's 0.1.
    public var runningFactor: Double?
    /// Batches that the running averages are fitted to after each epoch, the first of the epoch's; nil is all of them.
    public var statisticsBatches: Int?

    // As files have had them from the beginning.
    private enum CodingKeys: String, CodingKey {
      case dropout, epochs, cooldown, patience
      case learningRate = "weightStep"
      case biasLearningRate = "otherStep"
      case regularization, learningRateSteps, activation, runningFactor, statisticsBatches
    }

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

    /// The steps and the regularization of every discrete network of the paper.
    public static func discrete(dropout: [Double], epochs: Int, cooldown: Int, patience: Int) -> Phase {
      Phase(
        dropout: dropout, epochs: epochs, cooldown: cooldown, patience: patience, learningRate: 1e-2,
        regularization: 1e-10)
    }
  }

  /// The constants that a network is trained with.
  public func phase(of network: NetworkKind) -> Phase {
    switch network {
    case .real: return real
    case .discreteTanh, .discreteSign, .discreteSignFromTanh: return discrete
    case .straightThrough:
      if let straightThrough { return straightThrough }
      var phase = discrete
      phase.learningRate = phase.biasLearningRate
      phase.regularization = 0
      return phase
    }
  }

  /// The activation of a network's hidden layers, in one word.
  package func activation(of network: NetworkKind) -> String {
    network == .real ? (real.activation ?? .tanh).rawValue : network.activation.rawValue
  }

  /// The straight-through network's own constants; setting one of them parts it from those of a discrete network.
  package var straightThroughConstants: Phase {
    get { phase(of: .straightThrough) }
    set { straightThrough = newValue }
  }

  /// What a network of this experiment is built from.
  public func specification(of network: NetworkKind, input: ImageInput) -> NetworkSpecification {
    let phase = phase(of: network)
    return NetworkSpecification(
      input: input, architecture: architecture, kind: network, method: method, dropout: phase.dropout,
      realActivation: real.activation ?? .tanh, regularization: phase.regularization)
  }

  /// Checks that architecture, dropout rates and method fit together and the data.
  ///
  /// - Parameter networks: those to be trained.
  /// - Throws: `ArchitectureError` or `MethodError`.
  public func validate(
    for input: ImageInput, classes: Int, networks: [NetworkKind] = NetworkKind.allCases
  ) throws {
    _ = try architecture.shapes(of: input.image)
    guard architecture.classes == classes else {
      throw ArchitectureError.classes("\(architecture)", expected: classes, actual: architecture.classes)
    }
    for kind in networks { try specification(of: kind, input: input).validate() }
  }
}
