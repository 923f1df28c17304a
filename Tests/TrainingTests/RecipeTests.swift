import Layers
import Networks
import Tensors
import Testing
import Training

@Suite("Recipes: every constant by its name")
struct RecipeTests {
  /// Another value than any experiment's, and one that is refused.
  static func values(of key: RecipeKey) -> (other: String, wrong: [String]) {
    switch key.name.split(separator: ".").last {
    case "batch-size": ("77", ["1", "65537", "x", ""])
    case "loss": ("squared-hinge", ["hinge"])
    case "shift": ("2", ["-1", "1.5"])
    case "flips": (key.value(in: .cifar10) == "true" ? "true" : "false", ["yes"])
    case "weights": ("quinary", ["", "octal", "ternary,", "1,0", "0,1/0"])
    case "parameterization": ("zero-anchored", ["softmax"])
    case "initialization": ("random", ["zero"])
    case "regularizer": ("kl:0.25,0.5,0.25", ["l1", "kl:", "kl:a"])
    case "sampling": ("output", ["everywhere"])
    case "estimator": ("straight-through", ["hard"])
    case "temperature", "learning-rate", "bias-learning-rate": ("0.125", ["0", "-1", "nan", "inf", "1e-46", "1e39"])
    case "weight-decay", "regularization": ("0.25", ["-1e-9", "nan", "inf"])
    case "epochs": ("7", ["0", "1000001"])
    case "cooldown", "patience": ("99", ["-1"])
    case "dropout": ("0.5,0.5,0.5", ["1", "0.1,,0.1", "-0.1", "0.99999999999"])
    case "learning-rate-steps":
      ("10:0.5,20:0.1", ["", "10", "10:0", "20:0.1,10:0.5", "0:0.5", "10:-1", "10:inf", "10:nan"])
    case "activation": ("relu", ["sign"])
    case "running-factor": ("0.25", ["0", "1.5", "-0.1", "nan", "1e-46"])
    case "statistics-batches": ("3", ["0", "none", "1000001"])
    default: ("", [])
    }
  }

  @Test("every experiment is what its own recipe describes", arguments: Experiment.all)
  func roundTrip(_ experiment: Experiment) throws {
    let recipe = Recipe(of: experiment)
    #expect(recipe.keys.count == RecipeKey.all.count && Set(RecipeKey.all.map(\.name)).count == RecipeKey.all.count)
    var again = try recipe.apply(to: experiment)
    #expect(again.straightThrough == experiment.phase(of: .straightThrough))
    again.straightThrough = nil
    #expect(again == experiment)
    // All constants are in it: applied to another experiment of the same layers, it leaves nothing of that one.
    var other = experiment
    (other.batch, other.augmentation, other.method.loss) = (3, nil, .squaredHinge)
    (other.real.epochs, other.discrete.dropout, other.discrete.learningRate) = (1, [], 7)
    again = try recipe.apply(to: other)
    again.straightThrough = nil
    #expect(again == experiment)
  }

  @Test("a key changes its own constant and no other; invalid values are refused", arguments: RecipeKey.all)
  func set(_ key: RecipeKey) throws {
    let (other, wrong) = Self.values(of: key)
    var experiment = Experiment.digits
    let before = Recipe(of: experiment)
    try key.set(other, in: &experiment)
    let after = Recipe(of: experiment)
    #expect(after.values[key.name] == other)
    let changed = RecipeKey.all.map(\.name).filter { after.values[$0] != before.values[$0] }
    // The straight-through network's constants are those of a discrete one, unless they are set.
    let follows = key.name.hasPrefix("discrete.") ? "straight-through." : key.name
    #expect(
      other == before.values[key.name]
        || changed.contains(key.name)
          && changed.allSatisfy { $0 == key.name || $0.hasPrefix(follows) },
      "\(changed)")
    #expect(!wrong.isEmpty)
    for text in wrong + [other + "\0", other + "\0x"] {
      #expect(throws: RecipeError.self, "\(key.name)=\(text)") { try key.set(text, in: &experiment) }
    }
    #expect(Recipe(of: experiment) == after, "a refused value changes nothing")
    #expect(key.source(in: .digits, from: .digits) == "ours")
  }

  @Test(
    "the order of values does not matter, and a straight-through value does not follow the discrete ones"
  )
  func order() throws {
    let recipe = try Recipe([
      "straight-through.learning-rate": "0.5", "discrete.epochs": "3", "discrete.learning-rate": "1",
    ])
    let experiment = try recipe.apply(to: .digits)
    let rival = experiment.phase(of: .straightThrough)
    #expect(rival.epochs == 3 && rival.learningRate == 0.5 && experiment.discrete.learningRate == 1)
    #expect(throws: RecipeError.unknown(key: "epochs")) { try Recipe(["epochs": "3"]) }
    let both = try recipe.merging(Recipe(["discrete.epochs": "4"])).apply(to: .digits)
    #expect(both.discrete.epochs == 4 && both.discrete.learningRate == 1)
  }

  @Test("images may be shifted by up to 1024 pixels")
  func shift() throws {
    #expect(try Recipe(["augmentation.shift": "1024"]).apply(to: .digits) != .digits)
    #expect(throws: RecipeError.self) { try Recipe(["augmentation.shift": "1025"]).apply(to: .digits) }
  }

  @Test("a running factor of 1, by which the averages are those of the last batch, is the largest")
  func runningFactor() throws {
    for phase in ["real", "discrete", "straight-through"] {
      let key = "\(phase).running-factor"
      #expect(try Recipe(of: Recipe([key: "1"]).apply(to: .digits)).values[key] == "1.0")
      #expect(throws: RecipeError.self) { try Recipe([key: "1.0000001"]).apply(to: .digits) }
    }
  }

  @Test("sources distinguish the paper's constants from ours and from those that were set")
  func sources() throws {
    let experiment = try Recipe(["batch-size": "50"]).apply(to: .mnistPI)
    func source(_ name: String) throws -> String {
      try #require(RecipeKey.named(name)).source(in: experiment, from: .mnistPI)
    }
    #expect(try source("batch-size") == "set")
    #expect(try source("real.epochs") == "paper")
    #expect(try source("straight-through.epochs") == "ours")
    // The paper has no such experiments.
    let ours = try Experiment.all.filter {
      try #require(RecipeKey.named("real.epochs")).source(in: $0, from: $0) == "ours"
    }
    #expect(ours.map(\.name) == ["digits", "cifar-10-quarter"])
    // Nor an experiment of one's own, whichever constants it begins with.
    for own in [Experiment.custom("12-10", on: .mnist), .custom("8C3-10", on: .cifar10)] {
      for key in RecipeKey.all { #expect(key.source(in: own, from: own) == "ours", "\(key.name)") }
    }
  }

  @Test(
    "a key without effect is refused",
    arguments: [
      ("temperature", "2", [NetworkKind.real]), ("real.epochs", "3", [.straightThrough]),
      ("straight-through.patience", "3", [.discreteSign]), ("temperature", "2", [.discreteTanh]),
    ])
  func withoutEffect(key: String, value: String, networks: [NetworkKind]) throws {
    let recipe = try Recipe([key: value])
    #expect(throws: RecipeError.self) { try recipe.requireEffect(on: networks, of: recipe.apply(to: .digits)) }
    try recipe.requireEffect(on: NetworkKind.allCases, of: recipe.apply(to: .digits))
  }

  @Test(
    "a key that another constant makes irrelevant is refused with it, as its option is",
    arguments: [
      (["temperature": "2", "sampling": "nowhere"], "temperature: expected --sampling every-layer, found nowhere"),
      (
        ["estimator": "straight-through", "sampling": "output"],
        "estimator: expected --sampling every-layer, found output"
      ),
      (
        ["regularizer": "kl", "discrete.regularization": "0"], "regularizer: expected --regularization above 0, found 0"
      ),
    ] as [([String: String], String)])
  func irrelevant(values: [String: String], text: String) throws {
    let recipe = try Recipe(values)
    let error = #expect(throws: RecipeError.self) {
      try recipe.requireEffect(on: [.discreteSign], of: recipe.apply(to: .digits))
    }
    #expect(error?.description == text)
  }

  @Test(
    "the activation, the factor of running averages and the batches they are fitted to change the network's bits",
    arguments: [
      (NetworkKind.real, "real.activation", "relu", "tanh"), (.real, "real.running-factor", "0.01", "0.1"),
      (.discreteSign, "discrete.running-factor", "0.01", "0.1"),
      (.discreteSign, "discrete.statistics-batches", "3", "all"),
      (.straightThrough, "straight-through.statistics-batches", "3", "all"),
      (.straightThrough, "straight-through.running-factor", "0.5", "0.1"),
    ])
  func effect(kind: NetworkKind, key: String, other: String, usual: String) throws {
    func network(_ values: [String: String]) throws -> Network<Float> {
      let experiment = try Recipe(values).apply(to: .digits)
      var run = try TrainingRunTests.run(TrainingRunTests.fresh(kind, of: experiment), of: experiment, epochs: 1)
      return try run.finish().network
    }
    let (plain, changed) = (try network([:]), try network([key: other]))
    #expect(try network([key: usual]).digest == plain.digest)
    #expect(changed.digest != plain.digest)
    if key != "real.activation" {
      // Only the running averages differ after an epoch.
      func trained(_ network: Network<Float>) -> [Tensor<Float>] {
        network.parameters.filter { $0.kind != .statistic }.map(\.tensor)
      }
      #expect(trained(changed) == trained(plain))
    }
  }

  @Test("the thesis' recipe is that of the authors' scripts, for the experiments that it has")
  func thesis() throws {
    // Real: epochs, learning rate, λ, epochs between steps of 0.1; discrete: epochs, factor every 100 epochs.
    let constants: [String: [Double]] = [
      "mnist-pi": [600, 3e-4, 1e-5, 150, 500, 0.5], "mnist": [600, 3e-3, 1e-6, 150, 500, 0.5],
      "cifar-10": [300, 1e-4, 1e-3, 100, 300, 0.1], "cifar-100": [300, 3e-4, 1e-3, 100, 300, 0.1],
    ]
    for experiment in Experiment.all {
      guard let expected = constants[experiment.name] else {
        let error = #expect(throws: RecipeError.self) { try Recipe.named("thesis", for: experiment) }
        #expect(
          error?.description == "thesis: expected an experiment that it is for (cifar-10, cifar-100, mnist, mnist-pi), "
            + "found \(experiment.name)")
        continue
      }
      let changed = try #require(try Recipe.named("thesis", for: experiment)).apply(to: experiment)
      let (real, discrete) = (changed.real, changed.discrete)
      #expect(real.activation == .relu && real.runningFactor == 0.01 && discrete.runningFactor == nil)
      #expect([Double(real.epochs), real.learningRate, real.regularization] == Array(expected[0..<3]))
      #expect(real.biasLearningRate == real.learningRate)
      #expect(
        real.learningRateSteps
          == stride(from: Int(expected[3]), to: real.epochs, by: Int(expected[3])).map {
            LearningRateStep(epochs: $0, factor: 0.1)
          })
      #expect(Double(discrete.epochs) == expected[4] && discrete.statisticsBatches == 100)
      #expect((discrete.learningRate, discrete.biasLearningRate, discrete.regularization) == (1e-2, 1e-3, 1e-10))
      #expect(
        discrete.learningRateSteps
          == stride(from: 100, to: discrete.epochs, by: 100).map {
            LearningRateStep(epochs: $0, factor: expected[5])
          })
      #expect(changed.method == experiment.method && real.dropout == experiment.real.dropout)
    }
    #expect(try Recipe.named("paper", for: .mnist) == nil)
  }

  @Test(
    "cooldown and patience have no effect if there are learning-rate steps", arguments: ["cooldown", "patience"],
    [("real", NetworkKind.real), ("discrete", .discreteSign), ("straight-through", .straightThrough)])
  func steps(constant: String, phase: (prefix: String, network: NetworkKind)) throws {
    let (key, steps) = ("\(phase.prefix).\(constant)", "\(phase.prefix).learning-rate-steps")
    func check(_ values: [String: String]) throws {
      let recipe = try Recipe(values)
      try recipe.requireEffect(on: [phase.network], of: recipe.apply(to: .digits))
    }
    #expect(throws: RecipeError.withoutEffect(key: key, expected: "\(steps)=plateau", found: "10:0.5")) {
      try check([key: "3", steps: "10:0.5"])
    }
    try check([key: "3"])
    try check([steps: "10:0.5"])
  }

  @Test("a key's unit is that of its constant; choices and factors have none", arguments: RecipeKey.all)
  func units(_ key: RecipeKey) throws {
    let units = [
      "batch-size": "images", "shift": "pixels", "temperature": "τ", "epochs": "epochs", "cooldown": "epochs",
      "patience": "epochs", "learning-rate": "per step", "bias-learning-rate": "per step", "weight-decay": "λ",
      "regularization": "λ", "dropout": "probability", "statistics-batches": "batches",
    ]
    #expect(key.unit == units[String(try #require(key.name.split(separator: ".").last))] ?? "")
  }

  @Test("learning rates change after the epochs of the recipe, by the product of the factors, and on no plateau")
  func schedule() throws {
    let recipe = try Recipe(["real.learning-rate-steps": "1:0.5,3:0.25", "real.dropout": "0,0"])
    var experiment = Experiment(
      name: "small", title: "", data: .digits, architecture: "6-10", batch: 50, real: Experiment.digits.real,
      discrete: Experiment.digits.discrete)
    experiment = try recipe.apply(to: experiment)
    // On a plateau, these would halve them after every epoch.
    var hasty = experiment
    (hasty.real.cooldown, hasty.real.patience) = (0, 0)
    var run = try TrainingRunTests.run(TrainingRunTests.fresh(.real, of: hasty), of: hasty, epochs: 5)
    var scales: [Double] = []
    while !run.isFinished {
      while try run.step() != nil {}
      scales.append(run.finishEpoch().learningRateScale)
    }
    #expect(scales == [1, 0.5, 0.5, 0.125, 0.125])
    // The scale is what the steps are taken with: another factor gives other bits, the same factor the same.
    func digest(_ steps: String) throws -> String {
      let changed = try Recipe(["real.learning-rate-steps": steps]).apply(to: experiment)
      var run = try TrainingRunTests.run(TrainingRunTests.fresh(.real, of: changed), of: changed, epochs: 2)
      _ = try run.finish()
      return run.network.digest
    }
    #expect(try digest("1:0.5") == digest("1:0.5,2:0.1"))
    #expect(try digest("1:0.5") != digest("1:0.25"))
    #expect(try digest("2:0.5") == digest("plateau"))
  }

  @Test(
    "the straight-through network's learning rate, decay, dropout and schedule change its bits",
    arguments: [
      ("learning-rate", "0.01"), ("bias-learning-rate", "0.01"), ("weight-decay", "0.1"), ("dropout", "0.3,0.3"),
      ("learning-rate-steps", "1:0.5"),
    ])
  func rival(key: String, value: String) throws {
    var experiment = Experiment(
      name: "small", title: "", data: .digits, architecture: "6-10", batch: 50, real: Experiment.digits.real,
      discrete: Experiment.digits.discrete)
    (experiment.real.dropout, experiment.discrete.dropout) = ([0, 0.1], [0, 0.1])
    func digest(_ experiment: Experiment) throws -> String {
      var run = try TrainingRunTests.run(
        TrainingRunTests.fresh(.straightThrough, of: experiment), of: experiment, epochs: 2)
      _ = try run.finish()
      return run.network.digest
    }
    let changed = try Recipe(["straight-through.\(key)": value]).apply(to: experiment)
    #expect(try digest(changed) != digest(experiment))
  }
}
