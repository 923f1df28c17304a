import Networks
import Testing
import Training

/// A constant that was changed is told of wherever a network is described, lest two trainings be taken for one.
@Suite("Changed constants: in the listing and in the origin of every network that depends on them")
struct ChangedConstantTests {
  /// The identity of what an experiment's network comes from.
  private func identity(
    _ network: NetworkKind, of experiment: Experiment, seed: UInt64 = 1, sha256: String = "0a", version: String = "1"
  ) -> String {
    Origin(
      of: network, in: experiment, epochs: { experiment.phase(of: $0).epochs }, seed: seed,
      data: [DataFile(file: "images", sha256: sha256)], signet: version
    ).identity
  }

  @Test("every constant of a network, and of those that it starts from, is one of its origin", arguments: RecipeKey.all)
  func origin(_ key: RecipeKey) throws {
    var experiment = Experiment.digits
    try key.set(RecipeTests.values(of: key).other, in: &experiment)
    try #require(experiment != .digits)
    for network in NetworkKind.allCases {
      let trained = NetworkKind.trainingOrder(of: [network], initialization: experiment.method.initialization)
      guard trained.contains(where: key.networks.contains) else { continue }
      #expect(identity(network, of: experiment) != identity(network, of: .digits), "\(network)")
    }
  }

  @Test("seed, files and version are of the origin, and what a network does not depend on is not")
  func others() {
    let own = identity(.real, of: .digits)
    #expect(identity(.real, of: .digits, seed: 2) != own)
    #expect(identity(.real, of: .digits, sha256: "0b") != own)
    #expect(identity(.real, of: .digits, version: "2") != own)
    var experiment = Experiment.digits
    (experiment.method.temperature, experiment.discrete.learningRate) = (2, 1)
    #expect(identity(.real, of: experiment) == own)
  }

  @Test(
    "a network's changes are its own constants and those of the networks that it starts from, except for the weights",
    arguments: [
      (NetworkKind.real, ["real.learning-rate 0.02"]), (.straightThrough, ["straight-through.cooldown 3"]),
      (.discreteTanh, ["real.learning-rate 0.02", "discrete.cooldown 3"]),
      (.discreteSign, ["real.learning-rate 0.02", "discrete.cooldown 3"]),
      (.discreteSignFromTanh, ["real.learning-rate 0.02", "discrete.cooldown 3"]),
    ])
  func changes(network: NetworkKind, expected: [String]) throws {
    let recipe = try Recipe(["real.learning-rate": "0.02", "discrete.cooldown": "3", "weights": "quinary"])
    let changes = try recipe.apply(to: .digits).changes(training: [network])
    #expect(changes.map { "\($0.key) \($0.value)" } == expected)
  }

  @Test("a network that starts from random weights has no changes of the real one")
  func random() throws {
    let recipe = try Recipe(["real.learning-rate": "0.02", "initialization": "random"])
    let changes = try recipe.apply(to: .digits).changes(training: [.discreteSign])
    #expect(changes.map { "\($0.key) \($0.value)" } == ["initialization random"])
  }
}
