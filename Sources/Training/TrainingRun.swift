import Datasets
import Layers
import Networks
import PackedInference
import Tensors

/// The training of one network, step by step (`Method.md` §4):
///
///     var run = TrainingRun(experiment, network, data: data, seed: 1, device: device)
///     while !run.isFinished {
///       while let step = try run.step() { print(step.loss) }
///       print(run.finishEpoch().validationError)
///     }
///     let trained = run.best
///
/// What the caller does between two steps does not affect the training.
public struct TrainingRun<Scalar: TensorScalar>: ~Copyable {
  /// The experiment whose constants are used.
  public let experiment: Experiment
  /// The constants of this network's training.
  public let phase: Experiment.Phase
  /// The data to train and validate on.
  public let data: Dataset
  /// The random seed.
  public let seed: UInt64
  /// Where to compute.
  public let device: Device
  private(set) var state: TrainingState<Scalar>
  /// The rest of this epoch's batches, each loaded while training on the previous one; nil until one of them is asked for.
  private var batches: Ahead<Batch>?
  /// The whole epochs, the steps of the next one and the seconds that the training had when this process began or resumed it.
  private let before: (epochs: Int, steps: Int, seconds: Double)
  private let begin = ContinuousClock.now

  private typealias Batch = (inputs: Tensor<Scalar>, labels: [Int])

  /// The beginning of a training.
  ///
  /// - Parameter epochs: the number of epochs, instead of the experiment's.
  /// - Precondition: at least one epoch; images to train on that fit the network.
  public init(
    _ experiment: Experiment, _ network: Network<Scalar>, data: Dataset, epochs: Int? = nil, seed: UInt64,
    device: Device
  ) {
    var phase = experiment.phase(of: network.kind)
    if let epochs { phase.epochs = epochs }
    precondition(phase.epochs >= 1, "TrainingRun: \(phase.epochs) epochs")
    self.init(
      TrainingState(network, experiment, phase), experiment, phase, data: data, seed: seed, seconds: 0, device: device
    )
  }

  /// The rest of a training.
  ///
  /// - Parameter seconds: how long the training has taken so far.
  init(
    _ state: TrainingState<Scalar>, _ experiment: Experiment, _ phase: Experiment.Phase, data: Dataset, seed: UInt64,
    seconds: Double, device: Device
  ) {
    (self.experiment, self.phase, self.data, self.seed, self.device) = (experiment, phase, data, seed, device)
    before = (state.epoch, state.step, seconds)
    self.state = state
  }

  /// The network with the parameters of the last step.
  public var network: Network<Scalar> { state.network }
  /// The network with the parameters of the epoch with the lowest validation error; nil before the end of the first epoch.
  public var best: TrainedNetwork<Scalar>? { state.best }
  /// The number of completed epochs.
  public var epochsDone: Int { state.epoch }
  /// The number of completed steps of the next epoch.
  public var stepsDone: Int { state.step }
  /// True when all epochs are done.
  public var isFinished: Bool { state.epoch >= phase.epochs }
  /// The seconds that the training has taken so far, including whatever the caller did between the steps.
  public var seconds: Double { before.seconds + secondsHere }
  /// The seconds since this process began or resumed the training.
  package var secondsHere: Double { (ContinuousClock.now - begin) / .seconds(1) }
  /// The epochs, and the part of an epoch, that were done when this process began or resumed the training.
  package var epochsBefore: Double { Double(before.epochs) + Double(before.steps) / Double(stepsPerEpoch) }

  /// Takes the next step of this epoch; nil if there is none left, so that ``finishEpoch()`` is due, or if the training is finished.
  ///
  /// - Throws: `TrainingError.notFinite` if the loss is not finite; the network is then as it was before the step.
  ///   `TrainingError.notFiniteParameters` if the epoch's last step has made a parameter that is not finite, which the loss of no
  ///   further step would show.
  public mutating func step() throws -> StepReport? {
    guard hasStepLeft else { return nil }
    if batches == nil { batches = loadedBatches(of: state.epoch + 1, from: state.step) }
    guard let (x, labels) = batches?.next() else { return nil }
    return try take(x, labels)
  }

  /// Takes the next step on the caller's own batch.
  ///
  /// - Parameters:
  ///   - x: inputs, shape `(N, C, H, W)`.
  ///   - labels: `N` classes.
  /// - Precondition: the training is not finished, and the epoch has had fewer steps than batches.
  /// - Throws: what ``step()`` throws.
  public mutating func step(on x: Tensor<Scalar>, labels: [Int]) throws -> StepReport {
    precondition(
      hasStepLeft,
      "TrainingRun.step: after epoch \(state.epoch) of \(phase.epochs), step \(state.step) of \(stepsPerEpoch)")
    // The loaded ones begin with the batch whose place this one takes.
    batches = nil
    return try take(x, labels)
  }

  /// False if the epoch or the training is at its end.
  private var hasStepLeft: Bool { !isFinished && state.step < stepsPerEpoch }

  private mutating func take(_ x: Tensor<Scalar>, _ labels: [Int]) throws -> StepReport {
    let loss = try state.step(on: x, labels: labels, seed: seed, device: device)
    if state.step == stepsPerEpoch, let name = state.network.notFiniteParameter {
      throw TrainingError.notFiniteParameters(
        network: state.network.kind, epoch: state.epoch + 1, step: state.step, first: name)
    }
    return StepReport(
      network: state.network.kind, epoch: state.epoch + 1, epochs: phase.epochs, step: state.step, steps: stepsPerEpoch,
      batchLoss: Double(loss), loss: state.sums.meanLoss, trainingError: state.sums.error)
  }

  /// Ends the epoch after its last step: fits the running averages of a discrete network to the deployed one, validates, and
  /// keeps the network if its validation error is the lowest.
  ///
  /// - Precondition: all steps of an epoch have been taken.
  public mutating func finishEpoch() -> EpochReport {
    precondition(
      state.step == stepsPerEpoch, "TrainingRun.finishEpoch: after step \(state.step) of \(stepsPerEpoch)")
    batches = nil
    let epoch = state.epoch + 1
    if state.network.kind.fitsRunningAverages {
      state.fitRunningAverages(
        to: loadedBatches(of: epoch, atMost: phase.statisticsBatches, scale: state.network.pixelScale)
          .lazy.map(\.inputs), on: device)
    }
    let validation = data.validation.error(
      of: Predictor(state.network, on: device), batch: experiment.evaluationBatch)
    let (scale, training) = (state.scale, state.sums)
    let isBest = state.finishEpoch(of: phase.epochs, validationError: validation)
    return EpochReport(
      network: state.network.kind, epoch: epoch, epochs: phase.epochs, loss: training.meanLoss,
      trainingError: training.error, validationError: validation, isBest: isBest, learningRateScale: scale,
      lossBits: training.lossBits)
  }

  /// Trains to the end without reports.
  ///
  /// - Throws: `TrainingError`
  public mutating func finish() throws -> TrainedNetwork<Scalar> {
    while !isFinished {
      while try step() != nil {}
      _ = finishEpoch()
    }
    guard let best else { preconditionFailure("TrainingRun: no epochs") }
    return best
  }

  private var stepsPerEpoch: Int { Batches.count(samples: data.train.count, batch: experiment.batch) }

  /// The batches of an epoch from step `first` on, up to a limit.
  private func loadedBatches(
    of epoch: Int, from first: Int = 0, atMost limit: Int? = nil, scale: PixelScale = .unit
  ) -> Ahead<Batch> {
    let batches = Batches(samples: data.train.count, batch: experiment.batch, seed: seed, epoch: epoch)
    let (images, augmentation, seed) = (data.train, experiment.augmentation, seed)
    return Ahead(min(batches.count - first, limit ?? .max)) { index in
      let step = first + index
      return images.batch(batches[step], augmentation, scale, seed: seed, epoch: epoch, step: step)
    }
  }
}

/// A network with the parameters of its best epoch.
public struct TrainedNetwork<Scalar: TensorScalar>: Sendable {
  /// The network with the parameters of that epoch.
  public let network: Network<Scalar>
  /// The epoch of the lowest validation error, from 1.
  public let epoch: Int
  /// The number of epochs trained.
  public let epochs: Int
  /// The validation error of the deployed network, a fraction.
  public let validationError: Double

  init(network: Network<Scalar>, epoch: Int, epochs: Int, _ validationError: Double) {
    self.network = network
    self.epoch = epoch
    self.epochs = epochs
    self.validationError = validationError
  }
}

/// Why a training stopped.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  case notFinite(network: NetworkKind, epoch: Int, step: Int, loss: Double, origin: NotFiniteOrigin)
  /// The last step of an epoch made a parameter that is not finite.
  case notFiniteParameters(network: NetworkKind, epoch: Int, step: Int, first: String)

  public var description: String {
    switch self {
    case .notFinite(let network, let epoch, let step, let loss, let origin):
      "\(network.rawValue), epoch \(epoch), step \(step): expected a finite loss, found \(loss); "
        + "first not finite: \(origin)"
    case .notFiniteParameters(let network, let epoch, let step, let first):
      "\(network.rawValue), epoch \(epoch), step \(step): expected finite parameters after the step, found others in \(first)"
    }
  }
}
