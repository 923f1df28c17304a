import Files
import Layers
import Networks
import WeightDistributions

/// A named constant of an experiment: `signet recipe` prints all of them, and `--set KEY=VALUE` changes one.
public struct RecipeKey: Sendable {
  /// The key's name, such as `real.learning-rate`.
  public let name: String
  /// The constant's meaning in a few words.
  public let meaning: String
  /// The constant's unit; empty for a choice.
  public let unit: String
  /// The networks whose training depends on the constant.
  public let networks: [NetworkKind]
  /// True for constants that the paper does not have.
  let isOurs: Bool
  /// The option that is a shorthand for the key and follows the same rules.
  package let option: OptionScope?
  private let read: @Sendable (Experiment) -> String
  /// Sets the value; returns false or throws if the text is not a value of the key.
  private let write: @Sendable (inout Experiment, String) throws -> Bool
  /// A description of the key's possible values.
  private let expected: String

  /// How a value is written as text, from which the same value can be read again.
  private struct Form<Value>: Sendable {
    let expected: String
    let text: @Sendable (Value) -> String
    let value: @Sendable (String) throws -> Value?
  }

  private init<Value>(
    _ name: String, _ meaning: String, _ unit: String = "", of networks: [NetworkKind], isOurs: Bool = false,
    option: OptionScope? = nil, _ form: Form<Value>, get: @escaping @Sendable (Experiment) -> Value,
    set: @escaping @Sendable (inout Experiment, Value) -> Void
  ) {
    (self.name, self.meaning, self.unit, self.networks) = (name, meaning, unit, networks)
    (self.isOurs, self.option, expected) = (isOurs, option, form.expected)
    read = { form.text(get($0)) }
    write = { experiment, text in
      guard let value = try form.value(text) else { return false }
      set(&experiment, value)
      return true
    }
  }

  private init<Value>(
    _ name: String, _ meaning: String, _ unit: String = "", of networks: [NetworkKind], option: OptionScope? = nil,
    _ path: any WritableKeyPath<Experiment, Value> & Sendable, _ form: Form<Value>
  ) {
    self.init(
      name, meaning, unit, of: networks, option: option, form, get: { $0[keyPath: path] },
      set: { $0[keyPath: path] = $1 })
  }

  /// The key's value in an experiment, in the form that `--set` takes.
  public func value(in experiment: Experiment) -> String { read(experiment) }

  /// Changes the key's value.
  ///
  /// - Throws: `RecipeError.value`
  public func set(_ text: String, in experiment: inout Experiment) throws(RecipeError) {
    do {
      // As a number, a text would end at a NUL.
      if !text.utf8.contains(0), try write(&experiment, text) { return }
    } catch let error as WeightGridError {
      throw RecipeError.value(key: name, expected: error.expected, found: error.found)
    } catch {}
    throw .value(key: name, expected: expected, found: text)
  }

  /// The source of the value in an experiment: `paper`, `ours`, or `set` if it differs from that of `base`.
  public func source(in experiment: Experiment, from base: Experiment) -> String {
    guard value(in: experiment) == value(in: base) else { return "set" }
    return isOurs || base.isOurs ? "ours" : "paper"
  }
}

// MARK: - The keys

extension RecipeKey {
  /// Every key, in the order in which they are printed and applied.
  public static let all = general + methodKeys + phases

  /// The key with this name; nil if there is none.
  public static func named(_ name: String) -> RecipeKey? { all.first { $0.name == name } }

  private static let general: [RecipeKey] = [
    RecipeKey(
      "batch-size", "Batch size", "images", of: NetworkKind.allCases, option: .batch, \.batch, count(2...65536)),
    RecipeKey("loss", "Loss of the outputs", of: NetworkKind.allCases, option: .loss, \.method.loss, choice()),
    RecipeKey(
      "augmentation.shift", "Largest random shift of training images", "pixels", of: NetworkKind.allCases,
      \.augmentationShift, count(Augmentation.shifts)),
    RecipeKey(
      "augmentation.flips", "Whether half of the training images are reflected", of: NetworkKind.allCases,
      \.augmentationFlips, flag),
  ]

  private static let methodKeys: [RecipeKey] = [
    RecipeKey(
      "weights", "Grid of the weights, or one for each layer", of: NetworkKind.discrete, option: .weights,
      \.method.grids, grids),
    RecipeKey(
      "parameterization", "How the trained numbers give the probabilities", of: NetworkKind.discrete,
      option: .parameterization,
      \.method.parameterization, choice()),
    RecipeKey(
      "initialization", "How the weight distributions begin", of: NetworkKind.discrete, option: .initialization,
      \.method.initialization, choice()),
    RecipeKey(
      "regularizer", "Regularizer of the weight distributions", of: NetworkKind.discrete, option: .regularizer,
      \.method.regularizer, regularizer),
    RecipeKey(
      "sampling", "Where training samples", of: NetworkKind.discrete, option: .sampling, \.method.sampling, choice()),
    RecipeKey(
      "estimator", "The sample of a ±1 variable", of: OptionScope.estimator.networks, option: .estimator,
      \.method.estimator, choice()),
    RecipeKey(
      "temperature", "Temperature of the relaxed ±1 sample", "τ", of: OptionScope.temperature.networks,
      option: .temperature, \.method.temperature, positive),
  ]

  private static let phases =
    [
      RecipeKey(
        "real.activation", "What follows batch normalization in the real network", of: [.real], choice(),
        get: { $0.real.activation ?? .tanh }, set: { $0.real.activation = $1 == RealActivation.tanh ? nil : $1 })
    ]
    + phase("real", \.real, of: [.real], decay: "weight-decay", "Factor λ of λ Σ w² in the loss")
    + phase(
      "discrete", \.discrete, of: NetworkKind.discrete, decay: "regularization",
      "Factor λ of the weight distributions' regularizer"
    )
    + phase(
      "straight-through", \.straightThroughConstants, of: [.straightThrough], decay: "weight-decay",
      "Factor λ of λ Σ w² in the loss", isOurs: true)

  /// The constants of one phase.
  private static func phase(
    _ prefix: String, _ path: any WritableKeyPath<Experiment, Experiment.Phase> & Sendable, of networks: [NetworkKind],
    decay: String, _ decayMeaning: String, isOurs: Bool = false
  ) -> [RecipeKey] {
    func key<Value>(
      _ name: String, _ meaning: String, _ unit: String, _ option: OptionScope? = nil,
      _ member: any WritableKeyPath<Experiment.Phase, Value> & Sendable, _ form: Form<Value>
    ) -> RecipeKey {
      RecipeKey(
        "\(prefix).\(name)", meaning, unit, of: networks, isOurs: isOurs, option: option, form,
        get: { $0[keyPath: path][keyPath: member] }, set: { $0[keyPath: path][keyPath: member] = $1 })
    }
    let (epochs, rate): (OptionScope, OptionScope) =
      switch networks {
      case [.real]: (.realEpochs, .realStep)
      case [.straightThrough]: (.discreteEpochs, .realStep)
      default: (.discreteEpochs, .logitStep)
      }
    let trained = networks == NetworkKind.discrete ? "the distributions' parameters" : "the weights"
    return [
      key("epochs", "Epochs to train", "epochs", epochs, \.epochs, count(Experiment.Phase.epochCounts)),
      key("learning-rate", "Adam learning rate of \(trained)", "per step", rate, \.learningRate, positive),
      key(
        "bias-learning-rate", "Adam learning rate of biases and batch normalization", "per step", nil,
        \.biasLearningRate,
        positive),
      key(
        decay, decayMeaning, "λ", networks == NetworkKind.discrete ? .regularization : nil, \.regularization, fromZero),
      key("dropout", "Dropout rate before each layer", "probability", .dropout, \.dropout, rates),
      key(
        "learning-rate-steps", "Factors of the learning rates after some epochs (EPOCHS:FACTOR,…), or plateau", "", nil,
        \.learningRateSteps, steps),
      key("cooldown", "Plateau: epochs between two halvings", "epochs", nil, \.cooldown, count(0...1_000_000)),
      key(
        "patience", "Plateau: epochs without a lower validation error before a halving", "epochs", nil, \.patience,
        count(0...1_000_000)),
      key(
        "running-factor", "Factor of a batch in the running averages of batch normalization", "", nil,
        \.runningFactorOrPaper, factor),
    ]
      + (networks == [.real]
        ? []
        : [
          key(
            "statistics-batches", "Batches that the running averages are fitted to after each epoch, or all", "batches",
            nil, \.statisticsBatches, batches)
        ])
  }

  // MARK: - Forms of values

  private static func count(_ range: ClosedRange<Int>) -> Form<Int> {
    Form(expected: "a number from \(range.lowerBound) to \(range.upperBound)", text: { "\($0)" }) {
      Int($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  private static func choice<Value: RawRepresentable & CaseIterable & Sendable>() -> Form<Value>
  where Value.RawValue == String {
    let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
    return Form(expected: "one of \(names)", text: { $0.rawValue }) { Value(rawValue: $0) }
  }

  /// A positive number that is not 0 in Float either, in which it is used.
  private static let positive = Form<Double>(expected: "a positive number", text: { "\($0)" }) {
    Double($0).flatMap { $0 > 0 && $0.isFinite && Float($0) > 0 && Float($0).isFinite ? $0 : nil }
  }
  private static let fromZero = Form<Double>(expected: "a number from 0", text: { "\($0)" }) {
    Double($0).flatMap { $0 >= 0 && Float($0).isFinite ? $0 : nil }
  }
  private static let factor = Form<Double>(expected: "a number above 0, at most 1", text: { "\($0)" }) {
    Double($0).flatMap { $0 > 0 && $0 <= 1 && Float($0) > 0 ? $0 : nil }
  }
  /// A number of batches; nil is written as `all`.
  private static let batches = Form<Int?>(
    expected: "all, or a number from 1 to 1000000", text: { $0.map { "\($0)" } ?? "all" }
  ) { text in
    if text == "all" { return .some(nil) }
    guard let batches = Int(text), (1...1_000_000).contains(batches) else { return nil }
    return batches
  }
  private static let flag = Form<Bool>(expected: "true or false", text: { "\($0)" }) { Bool($0) }

  private static let rates = Form<[Double]>(
    expected: "a rate from 0 to below 1 for each layer, separated by commas",
    text: { $0.map { "\($0)" }.joined(separator: ",") }
  ) { text in
    commaSeparated(text) { Double($0).flatMap { (0..<1).contains($0) && Float($0) < 1 ? $0 : nil } }
  }

  private static let grids = Form<[WeightGrid]>(
    expected: "grids", text: { WeightGrid.text(of: $0) }, value: { try WeightGrid.list($0) })

  private static let regularizer = Form<Method.Regularizer>(
    expected: "squares, kl, or kl:p,p,… with a prior over the grid's values",
    text: { regularizer in
      switch regularizer {
      case .squares: "squares"
      case .divergence(nil): "kl"
      case .divergence(let prior?): "kl:" + prior.map { "\($0)" }.joined(separator: ",")
      }
    }
  ) { text in
    switch text {
    case "squares": return .squares
    case "kl": return .divergence(prior: nil)
    default:
      guard text.hasPrefix("kl:") else { return nil }
      let prior = commaSeparated(String(text.dropFirst(3))) { Double($0).flatMap { $0.isFinite ? $0 : nil } }
      return prior.map { .divergence(prior: $0) }
    }
  }

  private static let steps = Form<[LearningRateStep]?>(
    expected: "plateau, or EPOCHS:FACTOR,… with ascending epochs and positive factors",
    text: { $0.map { $0.map { "\($0.epochs):\($0.factor)" }.joined(separator: ",") } ?? "plateau" }
  ) { text in
    if text == "plateau" { return .some(nil) }
    let steps = commaSeparated(text) { part -> LearningRateStep? in
      let ends = part.split(separator: ":", omittingEmptySubsequences: false)
      guard ends.count == 2, let epochs = Int(ends[0]), epochs >= 1, let factor = Double(ends[1]), factor > 0,
        factor.isFinite
      else { return nil }
      return LearningRateStep(epochs: epochs, factor: factor)
    }
    guard let steps, zip(steps, steps.dropFirst()).allSatisfy({ $0.epochs < $1.epochs }) else { return nil }
    return .some(steps)
  }
}

extension Experiment.Phase {
  /// The running factor; the paper's is stored as nil, so that equal experiments have the same form.
  fileprivate var runningFactorOrPaper: Double {
    get { runningFactor ?? BatchStatistics<Float>.runningFactor }
    set { runningFactor = newValue == BatchStatistics<Float>.runningFactor ? nil : newValue }
  }
}

extension Experiment {
  /// True for an experiment that the paper does not have.
  fileprivate var isOurs: Bool {
    [Experiment.digits, .cifar10Quarter].map(\.name).contains(name) || Experiment.named(name) == nil
  }

  fileprivate var augmentationShift: Int {
    get { augmentation?.shift ?? 0 }
    set { setAugmentation(shift: newValue, flips: augmentationFlips) }
  }

  fileprivate var augmentationFlips: Bool {
    get { augmentation?.flips ?? false }
    set { setAugmentation(shift: augmentationShift, flips: newValue) }
  }

  /// Sets the augmentation; none is stored as nil, so that equal experiments have the same form.
  private mutating func setAugmentation(shift: Int, flips: Bool) {
    augmentation = shift == 0 && !flips ? nil : Augmentation(shift: shift, flips: flips)
  }
}
