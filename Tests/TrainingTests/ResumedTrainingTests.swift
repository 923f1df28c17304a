import BuiltInDatasets
import Datasets
import Files
import Networks
import Tensors
import TestSupport
import Testing
import Training
import WeightDistributions

/// Trainings that are stopped at given steps and resumed from a file, with everything that a state may hold in action.
@Suite("A training resumed at any step is the whole one")
struct ResumedTrainingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// What is trained.
  struct Training: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kind: NetworkKind
    let experiment: Experiment

    init(_ what: String, _ kind: NetworkKind, _ change: (inout Experiment) -> Void) {
      (testDescription, self.kind) = ("\(kind.rawValue): \(what)", kind)
      // Learning rates that are halved whenever an epoch is no better than those before it.
      let phase = Experiment.Phase(
        dropout: [0.1, 0.2], epochs: 6, cooldown: 1, patience: 1, learningRate: 0.02, biasLearningRate: 0.01,
        regularization: 1e-3)
      var experiment = Experiment(
        name: "resumed", title: "", data: .digits, architecture: "4C3-P2-10", batch: 30, real: phase, discrete: phase)
      change(&experiment)
      self.experiment = experiment
    }
  }

  static let trainings = [
    Training("augmentation, dropout, halving", .real) {
      $0.augmentation = Augmentation(shift: 1, flips: true)
      $0.real.patience = 0
    },
    Training("steps of the learning rate, ReLU, running factor", .real) {
      $0.real.learningRateSteps = [.init(epochs: 2, factor: 0.5), .init(epochs: 4, factor: 0.25)]
      ($0.real.activation, $0.real.runningFactor) = (.relu, 0.3)
    },
    Training("augmentation, hierarchical, divergence to a prior", .discreteTanh) {
      $0.augmentation = Augmentation(shift: 2, flips: false)
      $0.method.parameterization = .hierarchical
      $0.method.regularizer = .divergence(prior: [0.25, 0.5, 0.25])
    },
    Training("halving, two grids", .discreteSign) { $0.method.grids = [.quinary, .ternary] },
    Training("augmentation, some batches for the averages", .discreteSign) {
      $0.augmentation = Augmentation(shift: 1, flips: true)
      $0.discrete.statisticsBatches = 2
    },
    Training("from a tanh network, hard samples", .discreteSignFromTanh) { $0.method.estimator = .straightThrough },
    Training("constants of its own", .straightThrough) {
      $0.straightThroughConstants.learningRate = 0.03
      $0.augmentation = Augmentation(shift: 1, flips: true)
    },
  ]

  private static let data: Dataset? = {
    guard let digits = try? Dataset.digits() else { return nil }
    return Dataset(
      name: "part", train: digits.train[0..<130], validation: digits.validation[0..<20], test: digits.test[0..<20])
  }()

  /// Everything that a training tells.
  private struct Told: Equatable {
    var steps: [String] = []
    var epochs: [String] = []

    /// Takes a step or, if there is none left, ends the epoch.
    mutating func turn(_ run: inout TrainingRun<Float>) throws {
      if let step = try run.step() {
        steps.append(
          "\(step.network) \(step.epoch)/\(step.epochs) \(step.step)/\(step.steps) \(step.batchLoss) \(step.loss) \(step.trainingError)"
        )
      } else {
        let epoch = run.finishEpoch()
        epochs.append(
          "\(epoch.network) \(epoch.epoch)/\(epoch.epochs) \(epoch.loss) \(epoch.trainingError) \(epoch.validationError) "
            + "\(epoch.isBest) \(epoch.learningRateScale) \(epoch.lossBits)")
      }
    }

    static func of(_ run: borrowing TrainingRun<Float>) -> [String] {
      let best = run.best
      return [
        "\(run.epochsDone) \(run.stepsDone) \(run.network.digest)",
        best.map { "\($0.epoch)/\($0.epochs) \($0.validationError) \($0.network.digest)" } ?? "none",
      ]
    }
  }

  private func begin(_ training: Training, _ data: Dataset) throws -> TrainingRun<Float> {
    TrainingRun(
      training.experiment, try TrainingRunTests.fresh(training.kind, of: training.experiment), data: data, seed: 9,
      device: .single)
  }

  /// A file's checkpoint, with which the training goes on.
  private func resumed(_ checkpoint: Checkpoint, on data: Dataset) throws -> TrainingRun<Float> {
    try checkpoint.write(to: folder.file("checkpoint"))
    return TrainingRun(
      resuming: try Checkpoint(reading: folder.file("checkpoint"), on: .single), data: data, device: .single)
  }

  @Test(
    "all steps, epochs, errors, bits and the best network are the same, stopped once or twice", arguments: trainings)
  func resumed(_ training: Training) throws {
    let data = try #require(Self.data)
    // Four steps and the epoch's end, six times.
    let turns = 30
    var whole = try begin(training, data)
    var told = Told()
    var checkpoints: [Int: (checkpoint: Checkpoint, told: Told)] = [:]
    for turn in 0..<turns {
      if [0, 1, 4, 5, 12, 23, 29].contains(turn) { checkpoints[turn] = (whole.checkpoint(), told) }
      try told.turn(&whole)
    }
    let expected = Told.of(whole)
    let isFinished = whole.isFinished
    #expect(isFinished)
    let scales = Set(told.epochs.map { $0.split(separator: " ")[6] })
    #expect(scales.count > 1, "the schedule is in action: \(scales)")
    for (place, stopped) in checkpoints.sorted(by: { $0.key < $1.key }) {
      var run = try resumed(stopped.checkpoint, on: data)
      var after = stopped.told
      for turn in place..<turns {
        // Stopped again: a checkpoint of a resumed training is like that of the whole one.
        if turn == place + 3 { run = try resumed(run.checkpoint(), on: data) }
        try after.turn(&run)
      }
      #expect(after == told, "stopped at turn \(place)")
      let (found, isDone) = (Told.of(run), run.isFinished)
      #expect(found == expected && isDone, "stopped at turn \(place)")
    }
  }

  @Test("the seconds of a resumed training go on where they were, and are those before and after together")
  func seconds() throws {
    let data = try #require(Self.data)
    var run = try begin(Self.trainings[0], data)
    for _ in 0..<3 { _ = try run.step() }
    try run.checkpoint().write(to: folder.file("checkpoint"))
    var file = try SafetensorsFile(reading: folder.file("checkpoint"))
    let text = try #require(file.metadata["signet.checkpoint"])
    let changed = text.replacing(/"seconds":[0-9.e+-]+/, with: #""seconds":5000"#)
    #expect(changed != text)
    // As of an earlier version, without a digest.
    file.metadata = ["signet.checkpoint": changed]
    try file.write(to: folder.file("checkpoint"))
    let checkpoint = try Checkpoint(reading: folder.file("checkpoint"), on: .single)
    #expect(checkpoint.seconds == 5000)
    let resumed = TrainingRun(resuming: checkpoint, data: data, device: .single)
    let seconds = resumed.seconds
    #expect((5000..<6000).contains(seconds))
    let again = resumed.checkpoint().seconds
    #expect((5000..<6000).contains(again))
  }

  @Test("a resumed training reads the rest of its epoch from the data it is given, whatever it was begun on")
  func otherData() throws {
    let data = try #require(Self.data)
    let digits = try Dataset.digits()
    let other = Dataset(
      name: "other", train: digits.train[200..<330], validation: digits.validation[20..<40], test: digits.test[0..<20])
    var whole = try begin(Self.trainings[3], data)
    var told = Told()
    for _ in 0..<12 { try told.turn(&whole) }
    var same = try resumed(whole.checkpoint(), on: data)
    var changed = try resumed(whole.checkpoint(), on: other)
    var (first, second) = (Told(), Told())
    try first.turn(&same)
    try second.turn(&changed)
    #expect(first != second && first.steps.count == 1 && second.steps.count == 1)
  }
}
