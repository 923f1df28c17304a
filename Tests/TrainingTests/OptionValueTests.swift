import Networks
import Testing
import Training
import WeightDistributions

/// Which constants each option of a training sets, and to what: all others stay as they are.
@Suite("What an option of a training sets")
struct OptionValueTests {
  struct Option: Sendable, CustomTestStringConvertible {
    let options: [OptionScope: String]
    let changes: [String: String]

    init(_ options: [OptionScope: String], _ changes: [String: String]) {
      (self.options, self.changes) = (options, changes)
    }

    var testDescription: String { options.map { "\($0.key.option) \($0.value)" }.sorted().joined(separator: " ") }
  }

  static let options = [
    Option([.weights: "quinary"], ["weights": "quinary"]),
    Option([.weights: "binary,ternary,quinary"], ["weights": "binary,ternary,quinary"]),
    Option([.parameterization: "hierarchical"], ["parameterization": "hierarchical"]),
    Option([.initialization: "expectation"], ["initialization": "expectation"]),
    Option([.regularizer: "kl"], ["regularizer": "kl"]),
    Option([.regularizer: "kl", .prior: "0.5,0.25,0.25"], ["regularizer": "kl:0.5,0.25,0.25"]),
    Option([.regularization: "0.03"], ["discrete.regularization": "0.03"]),
    Option([.sampling: "output"], ["sampling": "output"]),
    Option([.estimator: "straight-through"], ["estimator": "straight-through"]),
    Option([.temperature: "0.7"], ["temperature": "0.7"]),
    Option([.loss: "squared-hinge"], ["loss": "squared-hinge"]),
    Option([.batch: "71"], ["batch-size": "71"]),
    // One rate is for all layers but the first.
    Option(
      [.dropout: "0.3"],
      ["real.dropout": "0.0,0.3,0.3", "discrete.dropout": "0.0,0.3,0.3", "straight-through.dropout": "0.0,0.3,0.3"]),
    Option(
      [.dropout: "0.1,0.2,0.3"],
      ["real.dropout": "0.1,0.2,0.3", "discrete.dropout": "0.1,0.2,0.3", "straight-through.dropout": "0.1,0.2,0.3"]),
    Option([.realStep: "0.05"], ["real.learning-rate": "0.05", "straight-through.learning-rate": "0.05"]),
    Option([.logitStep: "0.07"], ["discrete.learning-rate": "0.07"]),
  ]

  @Test("it sets its own constants to the value that was typed, and no other", arguments: options)
  func sets(_ option: Option) throws {
    let before = Recipe(of: .digits).values
    let after = Recipe(of: try Recipe(option.options, changing: .digits).apply(to: .digits)).values
    let changes = after.filter { before[$0.key] != $0.value }
    #expect(changes == option.changes)
  }

  @Test("a prior alone is that of an experiment whose regularizer is a divergence, and of no other")
  func priorAlone() throws {
    let prior = [OptionScope.prior: "0.5,0.25,0.25"]
    for regularizer in ["kl", "kl:0.25,0.25,0.5"] {
      let experiment = try Recipe(["regularizer": regularizer]).apply(to: .digits)
      #expect(try Recipe(prior, changing: experiment).values == ["regularizer": "kl:0.5,0.25,0.25"])
      let error = #expect(throws: OptionError.self) { try Recipe([.prior: "0.5,x"], changing: experiment) }
      #expect(error?.description == "--prior: expected numbers separated by commas, found 0.5,x")
    }
    #expect(try Recipe(prior, changing: .digits).values.isEmpty)
  }

  @Test(
    "what is done in hidden layers is refused for an architecture without any",
    arguments: [
      (OptionScope.estimator, Method.Sampling.everyLayer), (.temperature, .everyLayer), (.sampling, .output),
    ])
  func hiddenLayers(option: OptionScope, sampling: Method.Sampling) {
    func refusal(_ architecture: Architecture) -> OptionError? {
      var experiment = Experiment.custom(architecture, on: .digits)
      experiment.method.sampling = sampling
      return option.withoutEffect(in: OptionScope.Plan([.discreteSign], of: experiment))
    }
    #expect(
      refusal("10")?.description == "--\(option.rawValue): expected an architecture with a hidden layer, found none")
    #expect(refusal("6-10") == nil)
  }

  @Test("a regularizer and a prior that count nothing are refused", arguments: [OptionScope.regularizer, .prior])
  func noRegularization(option: OptionScope) {
    func refusal(_ regularization: Double) -> OptionError? {
      var experiment = Experiment.digits
      experiment.method.regularizer = .divergence(prior: [0.25, 0.5, 0.25])
      experiment.discrete.regularization = regularization
      return option.withoutEffect(in: OptionScope.Plan([.discreteSign], of: experiment))
    }
    #expect(refusal(0)?.description == "\(option.option): expected --regularization above 0, found 0")
    #expect(refusal(1e-10) == nil)
  }

  @Test("every option that sets a constant is in the list")
  func complete() {
    let listed = Set(Self.options.flatMap(\.options.keys))
    #expect(Set(OptionScope.allCases).subtracting(listed) == [.realEpochs, .discreteEpochs])
  }

  @Test("the sentence of a help text says for which networks an option has an effect, unless it is for all")
  func sentences() {
    let discrete = "For the discrete networks."
    let expected: [OptionScope: String] = [
      .weights: discrete, .parameterization: discrete, .initialization: discrete, .regularizer: discrete,
      .prior: discrete, .regularization: discrete, .sampling: discrete, .logitStep: discrete,
      .estimator: "For the discrete sign networks.", .temperature: "For the discrete sign networks.",
      .realEpochs: "For the network real.", .discreteEpochs: "For every network but real.",
      .realStep: "For the networks real and straight-through.",
    ]
    for option in OptionScope.allCases { #expect(option.sentence == expected[option], "\(option)") }
  }

  @Test("the numbers of epochs are those of the real network and of the others, each its own")
  func epochs() {
    let reproduction = Reproduction(
      .digits, data: ExtremeNumberTests.data, realEpochs: 7, discreteEpochs: 9, seed: 1, device: .single)
    #expect(NetworkKind.allCases.map(reproduction.epochs) == [7, 9, 9, 9, 9])
    let plain = Reproduction(.digits, data: ExtremeNumberTests.data, seed: 1, device: .single)
    #expect(plain.epochs(of: .real) == Experiment.digits.real.epochs)
    #expect(plain.epochs(of: .discreteSign) == Experiment.digits.discrete.epochs)
    #expect(Experiment.digits.real.epochs != Experiment.digits.discrete.epochs)
  }
}
