import BuiltInDatasets
import Datasets
import Layers
import Networks
import PackedInference
import Tensors
import Testing
import Training

@Suite("Training runs: steps, epochs, the best network")
struct TrainingRunTests {
  /// A part of the digits, enough to learn something from.
  static func data(_ count: Int = 200) throws -> Dataset {
    let digits = try Dataset.digits()
    return Dataset(
      name: "part", train: digits.train[0..<count], validation: digits.validation[0..<100],
      test: digits.test[0..<100], fileDigests: [])
  }

  static func run(
    _ kind: NetworkKind, epochs: Int, seed: UInt64 = 1, threads: Int = 1
  ) throws -> TrainingRun<Float> {
    try run(fresh(kind), epochs: epochs, seed: seed, threads: threads)
  }

  static func run(
    _ network: Network<Float>, of experiment: Experiment = .digits, epochs: Int, seed: UInt64 = 1, threads: Int = 1
  ) throws -> TrainingRun<Float> {
    TrainingRun(
      experiment, network, data: try data(), epochs: epochs, seed: seed, device: Device.processor(threads: threads))
  }

  /// A network of the experiment, untrained, as are those that it starts from.
  static func fresh(_ kind: NetworkKind, of experiment: Experiment = .digits) throws -> Network<Float> {
    try experiment.untrained(kind, input: experiment.data.input, seed: 1, on: .single)
  }

  @Test("the loss falls, every step and epoch is reported, and the best epoch's parameters are returned")
  func training() throws {
    var (steps, epochs) = ([StepReport](), [EpochReport]())
    var run = try Self.run(.real, epochs: 4)
    while !run.isFinished {
      while let step = try run.step() { steps.append(step) }
      let more = try run.step()
      #expect(more == nil, "the epoch has no more steps")
      epochs.append(run.finishEpoch())
      let (epochsDone, stepsDone) = (run.epochsDone, run.stepsDone)
      #expect(epochsDone == epochs.count && stepsDone == 0)
    }
    let best = run.best
    let trained = try #require(best)
    #expect(steps.map(\.step) == Array(repeating: [1, 2, 3, 4], count: 4).flatMap { $0 })
    #expect(steps.allSatisfy { $0.steps == 200 / 50 && $0.epochs == 4 })
    for (index, epoch) in epochs.enumerated() {
      let mean = steps[(4 * index)..<(4 * index + 4)].map(\.batchLoss).reduce(0, +) / 4
      #expect(abs(epoch.loss - mean) < 1e-12 && steps[4 * index + 3].loss == epoch.loss)
      // Of 50 images each, from none wrong to all.
      let wrong = (0..<4).map { steps[4 * index + $0].trainingError * Double(50 * ($0 + 1)) }
      #expect(wrong.allSatisfy { abs($0 - $0.rounded()) < 1e-9 } && epoch.trainingError * 200 == wrong[3])
      #expect(zip([0] + wrong, wrong).allSatisfy { (-1e-9...50).contains($1 - $0) })
    }
    #expect(epochs.map(\.epoch) == [1, 2, 3, 4])
    #expect(epochs[3].loss < epochs[0].loss / 2 && epochs[3].trainingError < epochs[0].trainingError)
    for epoch in epochs {
      // The mean of the batches' own losses, 50 samples each.
      let digits = Array(epoch.lossBits)
      let losses = stride(from: 0, to: digits.count, by: 8).map {
        Double(Float(bitPattern: UInt32(String(digits[$0..<$0 + 8]), radix: 16) ?? 0))
      }
      #expect(losses.count == 4 && abs(epoch.loss - losses.reduce(0, +) / 4) < 1e-12)
    }
    let lowest = try #require(epochs.map(\.validationError).min())
    let first = try #require(epochs.first { $0.validationError == lowest })
    #expect(trained.epoch == first.epoch)
    #expect(trained.validationError == lowest)
    #expect(
      try Self.data().validation.error(of: Predictor(trained.network, on: .single)) == lowest)
    #expect(epochs.filter(\.isBest).last?.epoch == first.epoch)
  }

  @Test(
    "the same seed gives the same digest with any number of threads, and another seed a different one",
    arguments: [
      NetworkKind.real, .discreteTanh, .discreteSign,
    ])
  func seeds(_ kind: NetworkKind) throws {
    func digest(seed: UInt64, threads: Int) throws -> String {
      var run = try Self.run(kind, epochs: 1, seed: seed, threads: threads)
      return try run.finish().network.digest
    }
    let first = try digest(seed: 1, threads: 1)
    #expect(try digest(seed: 1, threads: 2) == first)
    #expect(try digest(seed: 2, threads: 1) != first)
  }

  @Test("a loss that is not finite stops the training and names the step")
  func notFinite() throws {
    var network = try Self.fresh(.real)
    network.set("block1.linear.weights", to: .infinity)
    #expect {
      var run = try Self.run(network, epochs: 2)
      _ = try run.finish()
    } throws: { error in
      "\(error)" == "real, epoch 1, step 1: expected a finite loss, found nan; first not finite: "
        + "block1.linear.weights"
    }
    // The last block has no normalization behind its weights, and is searched, too.
    network = try Self.fresh(.real)
    network.set("block3.linear.weights", to: .infinity)
    #expect {
      var run = try Self.run(network, epochs: 2)
      _ = try run.finish()
    } throws: { error in
      "\(error)".hasSuffix("first not finite: block3.linear.weights")
    }
  }

  @Test("for a loss that is not finite, the first layer whose output or update was not finite is named")
  func notFiniteLater() throws {
    // Weights are finite, their products are not; dropout before them makes no difference.
    var plain = Experiment.digits
    plain.real.dropout = [0, 0, 0]
    for experiment in [Experiment.digits, plain] {
      var network = try Self.fresh(.real, of: experiment)
      network.set("block1.linear.weights", to: .greatestFiniteMagnitude)
      do {
        var run = try Self.run(network, of: experiment, epochs: 2)
        _ = try run.finish()
        Issue.record("the training went on")
      } catch TrainingError.notFinite(.real, 1, 1, _, let origin) {
        #expect(origin == .output(of: "block1.linear"))
      }
    }
    // An infinite step spoils every parameter in the first update; the loss of the second step shows it.
    var experiment = Experiment.digits
    experiment.real.learningRate = .infinity
    do {
      var run = try Self.run(Self.fresh(.real), of: experiment, epochs: 2)
      _ = try run.finish()
      Issue.record("the training went on")
    } catch TrainingError.notFinite(.real, 1, 2, _, let origin) {
      #expect(origin == .parameter("block1.linear.weights"))
    }
  }

  @Test("if only the loss is not finite, and no output before it, the loss itself is named")
  func notFiniteLoss() throws {
    var experiment = Experiment.digits
    experiment.method.loss = .squaredHinge
    var network = try Self.fresh(.real, of: experiment)
    // Of a Float, whose square is no longer one.
    network.set("block3.linear.bias", to: 1e30)
    do {
      var run = try Self.run(network, of: experiment, epochs: 1)
      _ = try run.step()
      Issue.record("the step was taken")
    } catch let error as TrainingError {
      #expect(
        "\(error)" == "real, epoch 1, step 1: expected a finite loss, found inf; first not finite: the loss itself")
    }
  }

  @Test(
    "a step whose loss is not finite names the parameter that is not, whichever it is, and changes nothing",
    arguments: [
      "block1.linear.weights", "block1.normalization.scale", "block2.normalization.shift", "block3.linear.weights",
      "block3.linear.bias",
    ])
  func notFiniteParameter(name: String) throws {
    var network = try Self.fresh(.real)
    network.set(name, to: .nan)
    var run = try Self.run(network, epochs: 1)
    do {
      _ = try run.step()
      Issue.record("the step was taken")
    } catch TrainingError.notFinite(.real, 1, 1, let loss, let origin) {
      #expect(loss.isNaN && origin == .parameter(name))
    }
    let (digest, steps) = (run.network.digest, run.stepsDone)
    #expect(digest == network.digest && steps == 0)
  }

  /// Methods whose whole training is to work, on images with a convolution.
  struct Variation: CustomStringConvertible, Sendable {
    let kind: NetworkKind
    let description: String
    var method = Method()

    init(_ kind: NetworkKind, _ description: String, _ change: (inout Method) -> Void = { _ in }) {
      (self.kind, self.description) = (kind, description)
      change(&method)
    }

    static let all = [
      Variation(.straightThrough, "straight-through"),
      Variation(.discreteTanh, "discrete-tanh"),
      Variation(.discreteSign, "hard samples") { $0.estimator = .straightThrough },
      Variation(.discreteSign, "sampling at the output") { $0.sampling = .output },
      Variation(.discreteSign, "no sampling") { $0.sampling = .nowhere },
      Variation(.discreteSign, "random initialization") { $0.initialization = .random },
      Variation(.discreteSign, "expectation rule, hierarchical") {
        ($0.initialization, $0.parameterization) = (.expectation, .hierarchical)
      },
      Variation(.discreteSign, "zero-anchored quinary") {
        ($0.grids, $0.parameterization) = ([.quinary], .zeroAnchored)
      },
      Variation(.discreteSign, "divergence to a prior") { $0.regularizer = .divergence(prior: nil) },
      Variation(.discreteSign, "squared hinge") { $0.loss = .squaredHinge },
    ]
  }

  @Test("every variation of the method learns, and the same with any number of threads", arguments: Variation.all)
  func variations(_ variation: Variation) throws {
    var experiment = Experiment(
      name: "small", title: "", data: .digits, architecture: "8C3-P2-32-10", batch: 25, real: Experiment.digits.real,
      discrete: Experiment.digits.discrete)
    for dropout in [\Experiment.real.dropout, \.discrete.dropout] { experiment[keyPath: dropout] = [0, 0.1, 0.1] }
    experiment.method = variation.method
    func train(threads: Int, epochs: Int) throws -> (losses: [Double], digest: String) {
      var losses: [Double] = []
      var run = try Self.run(
        Self.fresh(variation.kind, of: experiment), of: experiment, epochs: epochs, threads: threads)
      while !run.isFinished {
        while try run.step() != nil {}
        losses.append(run.finishEpoch().loss)
      }
      let best = run.best
      return (losses, try #require(best).network.digest)
    }
    let losses = try train(threads: 2, epochs: 8).losses
    #expect(losses[7] < 0.9 * losses[0], "\(losses)")
    #expect(try train(threads: 1, epochs: 1).digest == train(threads: 3, epochs: 1).digest)
  }

  @Test("an error does not depend on the batch size of the evaluation")
  func evaluation() throws {
    let test = try Dataset.digits().test
    let predictor = Predictor(try Self.fresh(.discreteSign), on: .single)
    let errors = [1, 7, 100, 1000].map { test.error(of: predictor, batch: $0) }
    #expect(Set(errors).count == 1)
    #expect(errors[0] > 0.3, "an untrained network")
  }

  @Test("batches are nearly equal, hold each sample once, and change with epoch and seed")
  func batches() {
    for (samples, batch, count) in [(1097, 50, 21), (100, 100, 1), (7, 10, 1), (50_000, 100, 500)] {
      let batches = Batches(samples: samples, batch: batch, seed: 1, epoch: 1)
      #expect(batches.count == count)
      let parts = (0..<count).map { Array(batches[$0]) }
      #expect(parts.flatMap { $0 }.sorted() == Array(0..<samples))
      let sizes = parts.map(\.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
    func order(seed: UInt64, epoch: Int) -> [Int] {
      Array(Batches(samples: 40, batch: 40, seed: seed, epoch: epoch)[0])
    }
    #expect(order(seed: 1, epoch: 1) == order(seed: 1, epoch: 1))
    #expect(order(seed: 1, epoch: 1) != order(seed: 1, epoch: 2))
    #expect(order(seed: 1, epoch: 1) != order(seed: 2, epoch: 1))
  }

  @Test("networks are trained after those that they start from, each once")
  func order() {
    #expect(NetworkKind.trainingOrder(of: [.discreteSignFromTanh]) == [.real, .discreteTanh, .discreteSignFromTanh])
    #expect(NetworkKind.trainingOrder(of: [.discreteSign, .real]) == [.real, .discreteSign])
    #expect(NetworkKind.trainingOrder(of: Set(NetworkKind.allCases)) == NetworkKind.allCases)
    #expect(NetworkKind.trainingOrder(of: []).isEmpty)
  }

  @Test("the step is halved by the rule of cooldown and patience")
  func schedule() {
    var schedule = PlateauSchedule(cooldown: 4, patience: 2)
    // Epochs count from 0. The lowest error is that of epoch 1. First e − l ≥ 4 with l = −1 and e − b ≥ 2 at epoch 3; then
    // at 7 and 11, unless a new lowest error puts it off: the one of epoch 10 puts 11 off to 12.
    let errors = [0.5, 0.3, 0.3, 0.4, 0.3, 0.3, 0.4, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.2]
    let scales = errors.enumerated().map { index, error in
      schedule.record(epoch: index, error: error)
      return schedule.scale
    }
    #expect(scales == [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125])
  }
}

extension Network<Float> {
  /// Makes all numbers of a parameter this one.
  fileprivate mutating func set(_ name: String, to number: Float) {
    for index in blocks.indices {
      blocks[index].setParameters(
        blocks[index].parameters.map {
          "block\(index + 1).\($0.name)" == name ? Tensor($0.tensor.shape, repeating: number) : $0.tensor
        }, on: .single)
    }
  }
}
