import Datasets
import Networks
import Testing
import Training

/// Numbers at the ends of the types that a constant is read, kept and used in.
@Suite("Constants at the ends of their ranges")
struct ExtremeNumberTests {
  /// Zeros, the least and the largest numbers of Float, Double and Int, what is just beside them, and numbers that Float rounds to
  /// another one: 1e-46 to 0, 0.99999999999 to 1, 1e39 to infinity.
  static let texts = [
    "0", "-0", "1", "-1", "0.5", "2", "5e-324", "1e-320", "1e-46", "7e-46", "1e-45", "2e-45", "1e-38", "1e-30",
    "0.99999999999", "0.99999997", "0.9999999", "1.0000001", "65536", "65537", "1000000", "1000001", "16777217", "1e19",
    "3.4e37", "3.4e38", "3.4028235e38", "3.4028236e38", "1e39", "1e300", "1.7976931348623157e308", "1e309", "inf",
    "-inf",
    "nan", "0x1p-149", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616", "",
    " 1", "1,", "१",
  ]

  static let data: Dataset = {
    func images(_ count: Int, _ shift: Int) -> LabelledImages {
      LabelledImages(
        pixels: (0..<count * 16).map { UInt8(($0 * 7 + $0 / 16 * 5 + shift) % 17) },
        labels: (0..<count).map { UInt8($0 % 2) },
        channels: 1, height: 4, width: 4, classes: 2, pixelMaximum: 16)
    }
    return Dataset(name: "tiny", train: images(8, 0), validation: images(4, 3), test: images(4, 5))
  }()

  /// Two layers, and one step an epoch: no loss after it shows what the step made of the parameters.
  static let experiment: Experiment = {
    func phase() -> Experiment.Phase {
      .init(dropout: [0, 0.1], epochs: 1, cooldown: 1, patience: 1, regularization: 1e-4)
    }
    var experiment = Experiment(
      name: "tiny", title: "", data: .digits, architecture: "3-2", batch: 8, real: phase(), discrete: phase())
    experiment.method.grids = [.ternary]
    return experiment
  }()

  /// A number where the key's value has one.
  private func value(_ key: RecipeKey, _ number: String) -> String {
    switch key.name.split(separator: ".").last {
    case "dropout": "0,\(number)"
    case "learning-rate-steps": "1:\(number)"
    case "regularizer": "kl:\(number),0.5,0.5"
    default: number
    }
  }

  @Test(
    "each number is refused, or trains to finite parameters or to an error that names what is not finite",
    arguments: RecipeKey.all.map(\.name))
  func trained(name: String) throws {
    let key = try #require(RecipeKey.named(name))
    var (refused, trained) = (0, 0)
    for text in Self.texts {
      var experiment = Self.experiment
      do {
        try key.set(value(key, text), in: &experiment)
      } catch {
        #expect("\(error)".hasPrefix("\(name): expected ") && "\(error)".contains("found "), "\(error)")
        refused += 1
        continue
      }
      var again = Self.experiment
      try key.set(key.value(in: experiment), in: &again)
      #expect(again == experiment, "\(text): what is printed is read as the same")
      // Two epochs, so that the second has the factor after the first; a million would only take long.
      for phase in [\Experiment.real, \.discrete] { experiment[keyPath: phase].epochs = 2 }
      experiment.straightThrough?.epochs = 2
      for network in key.networks {
        do {
          try train(network, of: experiment)
          trained += 1
        } catch is TrainingError {
          trained += 1
        } catch is MethodError {
          refused += 1
        }
      }
    }
    #expect(refused > 0, "not every text is a value")
    #expect(trained > 0 || key.option == .weights || ["loss", "initialization"].contains(name) || isChoice(key))
  }

  /// Whether the key takes words, of which the texts are none.
  private func isChoice(_ key: RecipeKey) -> Bool {
    ["parameterization", "sampling", "estimator", "regularizer", "augmentation.flips", "real.activation"].contains(
      key.name)
  }

  private func train(_ network: NetworkKind, of experiment: Experiment) throws {
    var trainings = try Reproduction(experiment, data: Self.data, seed: .max, device: .single).trainings(of: [network])
    while var run = try trainings.next() {
      let network = try run.finish().network
      #expect(network.notFiniteParameter == nil)
      _ = trainings.finish(run)
    }
  }

  @Test("what an epoch's last step makes infinite is an error, not the network that the next one starts from")
  func lastStep() throws {
    for (key, value) in [("real.learning-rate", "3.4e38"), ("real.weight-decay", "3.4e38")] {
      let experiment = try Recipe([key: value]).apply(to: Self.experiment)
      let error = #expect(throws: TrainingError.self) { try train(.discreteSign, of: experiment) }
      #expect(
        error == .notFiniteParameters(network: .real, epoch: 1, step: 1, first: "block1.linear.weights"), "\(key)")
      #expect(
        error.map { "\($0)" }
          == "real, epoch 1, step 1: expected finite parameters after the step, found others in block1.linear.weights")
    }
  }

  @Test("numbers that Float rounds to 0, 1 or infinity are refused where these are no values")
  func rounded() throws {
    for (key, text) in [
      ("temperature", "1e-46"), ("temperature", "1e39"), ("real.learning-rate", "1e-46"),
      ("discrete.dropout", "0,0.99999999999"),
      ("discrete.regularization", "1e39"), ("real.running-factor", "1e-46"),
    ] {
      var experiment = Self.experiment
      #expect(throws: RecipeError.self, "\(key) \(text)") {
        try #require(RecipeKey.named(key)).set(text, in: &experiment)
      }
      #expect(experiment == Self.experiment)
    }
  }

  @Test("a prior is positive in Float, in which its logarithm is taken")
  func prior() {
    var method = Method()
    method.regularizer = .divergence(prior: [1e-46, 0.5, 0.5])
    #expect(method.contradiction == .prior([1e-46, 0.5, 0.5], grid: "ternary", values: 3))
    method.regularizer = .divergence(prior: [1e-40, 0.5, 0.5])
    #expect(method.contradiction == nil)
  }

  @Test("a prior's probabilities sum to one, neither less nor more", arguments: [0.4, 0.6])
  func sumOfPrior(last: Double) {
    var method = Method()
    method.regularizer = .divergence(prior: [0.25, 0.25, last])
    #expect(method.contradiction == .prior([0.25, 0.25, last], grid: "ternary", values: 3))
  }
}
