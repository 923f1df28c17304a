import Foundation
import Networks
import Testing
import Training

/// An option that changes nothing is refused, so that nobody believes to have changed something.
@Suite("Options without effect")
struct OptionTests {
  /// Another value than the default's for each option.
  private static func value(_ option: OptionScope) -> [String] {
    let value =
      switch option {
      case .weights: "quinary"
      case .parameterization: "hierarchical"
      case .initialization: "expectation"
      case .regularizer: "kl"
      case .prior: "0.2,0.7,0.1"
      case .regularization: "0.01"
      case .sampling: "output"
      case .estimator: "straight-through"
      case .temperature: "0.5"
      case .loss: "squared-hinge"
      case .realEpochs, .discreteEpochs: "9"
      case .batch: "200"
      case .dropout: "0.5"
      case .realStep, .logitStep: "0.03"
      }
    return [option.option, value]
  }

  private func train(_ network: NetworkKind, _ options: [String]) throws -> SignetProgram.Outcome {
    let epochs = [OptionScope.realEpochs, .discreteEpochs].filter { option in
      !options.contains(option.option)
        && NetworkKind.trainingOrder(of: [network]).contains(where: option.networks.contains)
    }
    return try SignetProgram.run(
      ["train", "--architecture", "6-10", "--networks", network.rawValue, "--quiet", "--json", "--threads", "1"]
        + (options.contains(OptionScope.batch.option) ? [] : [OptionScope.batch.option, "300"])
        + epochs.flatMap { [$0.option, "1"] } + options)
  }

  private func digest(_ outcome: SignetProgram.Outcome) throws -> String {
    struct Report: Decodable {
      struct Network: Decodable { let parametersSHA256: String }
      let networks: [Network]
    }
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try #require(
      try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8)).networks.last?.parametersSHA256)
  }

  @Test("every option either changes a network's bits or is refused with 64", arguments: NetworkKind.allCases)
  func effect(network: NetworkKind) throws {
    let plain = try digest(train(network, []))
    let divergence = try digest(train(network, network.isDiscrete ? ["--regularizer", "kl"] : []))
    var refused: [OptionScope] = []
    for option in OptionScope.allCases {
      // A prior is one of the divergence's.
      let outcome = try train(network, (option == .prior ? ["--regularizer", "kl"] : []) + Self.value(option))
      if outcome.code == 64 {
        #expect(outcome.output.isEmpty && outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains("--"), "\(outcome.errors)")
        refused.append(option)
      } else {
        #expect(try digest(outcome) != (option == .prior ? divergence : plain), "\(option.option) changes nothing")
      }
    }
    // Most options of a network do something: refusing all would be no cure.
    #expect(!refused.contains(.loss) && !refused.contains(.batch) && !refused.contains(.dropout))
    #expect(refused.contains(.temperature) == [.real, .discreteTanh, .straightThrough].contains(network))
    #expect(refused.contains(.realStep) == false)
    #expect(refused.contains(.weights) == !network.isDiscrete)
    #expect(refused.contains(.realEpochs) == (network == .straightThrough))
    #expect(refused.contains(.discreteEpochs) == (network == .real))
  }

  static let moot = [
    FailingCall(
      name: "a temperature without samples",
      arguments: ["reproduce", "digits", "--sampling", "nowhere", "--temperature", "2"], code: 64,
      mentions: ["signet: --temperature: expected --sampling every-layer, found nowhere"]),
    FailingCall(
      name: "an estimator with samples at the output only",
      arguments: ["reproduce", "digits", "--sampling", "output", "--estimator", "relaxed"], code: 64,
      mentions: ["signet: --estimator: expected --sampling every-layer, found output"]),
    FailingCall(
      name: "sampling at the output of a tanh network",
      arguments: ["reproduce", "digits", "--networks", "discrete-tanh", "--sampling", "output"], code: 64,
      mentions: ["signet: --sampling: expected a discrete sign network for output", "found real, discrete-tanh"]),
    FailingCall(
      name: "a temperature without hidden layers", arguments: ["train", "--architecture", "10", "--temperature", "2"],
      code: 64, mentions: ["signet: --temperature: expected an architecture with a hidden layer, found none"]),
    FailingCall(
      name: "dropout after the first of one layer", arguments: ["train", "--architecture", "10", "--dropout", "0.1"],
      code: 64, mentions: ["--dropout", "after the first", "found 10"]),
    FailingCall(
      name: "a regularizer times 0",
      arguments: ["reproduce", "digits", "--regularizer", "kl", "--regularization", "0"], code: 64,
      mentions: ["signet: --regularizer: expected --regularization above 0, found 0"]),
    FailingCall(
      name: "real epochs where nothing starts from a real network",
      arguments: [
        "reproduce", "digits", "--networks", "discrete-sign", "--initialization", "random", "--real-epochs", "2",
      ],
      code: 64,
      mentions: [
        "signet: --real-epochs: expected a network that it has an effect on (real), found discrete-sign"
      ]),
    FailingCall(
      name: "a sweep's discrete epochs of the real network",
      arguments: ["sweep", "digits", "--networks", "real", "--weights", "quinary", "--discrete-epochs", "2"], code: 64,
      mentions: ["--discrete-epochs", "found real"]),
    FailingCall(
      name: "a sweep's real epochs of the rival",
      arguments: ["sweep", "digits", "--networks", "straight-through", "--real-epochs", "2"], code: 64,
      mentions: ["--real-epochs", "found straight-through"]),
    FailingCall(
      name: "a seed of no samples", arguments: ["evaluate", "run", "--seed", "2"], code: 64,
      mentions: ["--seed", "--ensemble"]),
    FailingCall(
      name: "a network twice", arguments: ["reproduce", "digits", "--networks", "real,straight-through,real"], code: 64,
      mentions: ["--networks: expected each network once, found real several times"]),
    FailingCall(
      name: "a network twice in a sweep", arguments: ["sweep", "digits", "--networks", "real,real"], code: 64,
      mentions: ["--networks: expected each network once, found real several times"]),
    FailingCall(
      name: "a network twice in an evaluation", arguments: ["evaluate", "run", "--networks", "real,real"], code: 64,
      mentions: ["--networks: expected each network once, found real several times"]),
  ]

  @Test("an option that another choice makes irrelevant is refused, with the choice", arguments: moot)
  func refused(_ call: FailingCall) throws { try call.check() }
}
