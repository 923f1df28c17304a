import Datasets
import Layers
import Tensors
import Testing
import Training

@Suite("Trainer: epochs, batches, schedule")
struct TrainerTests {
  /// A part of the digits, enough to learn something from.
  static func data(_ count: Int = 200) throws -> Dataset {
    let digits = try Dataset.digits()
    return Dataset(
      name: "part", train: digits.train[0..<count], validation: digits.validation[0..<100],
      test: digits.test[0..<100], fileDigests: [])
  }

  static func trainer(_ kind: NetworkKind, epochs: Int, seed: UInt64 = 1, threads: Int = 1) throws -> Trainer<Float> {
    Trainer(.digits, kind, data: try data(), epochs: epochs, seed: seed, workers: Workers(count: threads))
  }

  static func fresh(_ kind: NetworkKind) -> Network<Float> {
    NetworkKind.trainingOrder(of: [kind]).dropFirst().reduce(
      .real(.digits, inputs: 64, classes: 10, seed: 1, on: .single)
    ) { $0.starting($1, of: .digits, grid: .ternary, on: .single) }
  }

  @Test("the loss falls, every step and epoch is told, and the best epoch's parameters come back")
  func training() throws {
    var (steps, epochs) = (0, [EpochReport]())
    let trained = try Self.trainer(.real, epochs: 4).train(Self.fresh(.real)) { event in
      switch event {
      case .step: steps += 1
      case .epoch(let report): epochs.append(report)
      }
    }
    #expect(steps == 4 * (200 / 50))
    #expect(epochs.map(\.epoch) == [1, 2, 3, 4])
    #expect(epochs[3].loss < epochs[0].loss / 2)
    let lowest = try #require(epochs.map(\.validationError).min())
    let first = try #require(epochs.first { $0.validationError == lowest })
    #expect(trained.epoch == first.epoch)
    #expect(trained.validationError == lowest)
    #expect(
      try Self.data().validation.error(of: Predictor(trained.network, on: .single)) == lowest)
    #expect(epochs.filter(\.isBest).last?.epoch == first.epoch)
  }

  @Test(
    "the same seed gives the same digest at any number of threads, another seed another",
    arguments: [
      NetworkKind.real, .discreteTanh, .discreteSign,
    ])
  func seeds(_ kind: NetworkKind) throws {
    func digest(seed: UInt64, threads: Int) throws -> String {
      try Self.trainer(kind, epochs: 1, seed: seed, threads: threads).train(Self.fresh(kind)) { _ in }.network.digest
    }
    let first = try digest(seed: 1, threads: 1)
    #expect(try digest(seed: 1, threads: 2) == first)
    #expect(try digest(seed: 2, threads: 1) != first)
  }

  @Test("a loss that is not finite stops the training and names the step")
  func notFinite() throws {
    var network = Self.fresh(.real)
    network.layers[1] = Dense<Float>(weights: Tensor([64, 256], repeating: .infinity), bias: nil)
    #expect {
      try Self.trainer(.real, epochs: 2).train(network) { _ in }
    } throws: { error in
      guard case .notFinite(.real, epoch: 1, step: 1, _)? = error as? TrainingError else { return false }
      return "\(error)".contains("epoch 1, step 1")
    }
  }

  @Test("a report that throws stops the training")
  func stopped() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try Self.trainer(.real, epochs: 2).train(Self.fresh(.real)) { if case .epoch = $0 { throw Stop() } }
    }
  }

  @Test("an error does not depend on the batch of the evaluation")
  func evaluation() throws {
    let test = try Dataset.digits().test
    let predictor = Predictor(Self.fresh(.discreteSign), on: .single)
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

  @Test("the catalogue's mnist-pi has the constants of the paper")
  func catalogue() {
    let experiment = Experiment.mnistPI
    #expect(experiment.hidden == [1200, 1200] && experiment.batch == 100)
    #expect(experiment.real.dropout == [0.2, 0.4, 0.4] && experiment.discrete.dropout == [0.1, 0.2, 0.3])
    #expect([experiment.real.epochs, experiment.real.cooldown, experiment.real.patience] == [1000, 150, 25])
    #expect([experiment.discrete.epochs, experiment.discrete.cooldown, experiment.discrete.patience] == [500, 50, 10])
    #expect(experiment.real.regularization == 1e-4 && experiment.discrete.regularization == 1e-10)
    #expect(experiment.real.weightStep == 1e-3 && experiment.discrete.weightStep == 1e-2)
    #expect(experiment.real.otherStep == 1e-3 && experiment.discrete.otherStep == 1e-3)
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
