import Datasets
import Layers
import RandomStreams
import Tensors

/// Trains one network of an experiment (`Method.md` §4).
public struct Trainer<Scalar: Real>: Sendable {
  /// Whose constants hold.
  public let experiment: Experiment
  /// The constants of this network's training.
  public let phase: Experiment.Phase
  /// What to train and validate on.
  public let data: Dataset
  /// The seed of all randomness.
  public let seed: UInt64
  /// The threads to compute on.
  public let workers: Workers

  /// - Parameter epochs: instead of the experiment's number.
  public init(
    _ experiment: Experiment, _ network: NetworkKind, data: Dataset, epochs: Int? = nil, seed: UInt64, workers: Workers
  ) {
    self.experiment = experiment
    var phase = experiment.phase(of: network)
    if let epochs { phase.epochs = epochs }
    self.phase = phase
    self.data = data
    self.seed = seed
    self.workers = workers
  }

  /// Trains `network` for the phase's epochs; the result holds the parameters of the epoch with the lowest validation
  /// error.
  ///
  /// - Parameters:
  ///   - inspect: given the network after every step.
  ///   - report: told of every step and epoch.
  /// - Throws: `TrainingError.notFinite` as soon as a loss is not finite, and what `report` throws.
  public func train(
    _ network: Network<Scalar>, inspect: (TrainingStep<Scalar>) -> Void = { _ in },
    report: (TrainingEvent) throws -> Void
  ) throws -> TrainedNetwork<Scalar> {
    try train(from: TrainingState(network, experiment, phase), inspect: inspect, keep: { _ in }, report: report)
  }

  /// The same from any state on; the result does not depend on which.
  ///
  /// - Parameter keep: given the state after every step, and after every epoch, to write down.
  package func train(
    from state: TrainingState<Scalar>, inspect: (TrainingStep<Scalar>) -> Void,
    keep: (TrainingState<Scalar>) throws -> Void, report: (TrainingEvent) throws -> Void
  ) throws -> TrainedNetwork<Scalar> {
    var state = state
    while state.epoch < phase.epochs {
      let epoch = state.epoch + 1
      try takeSteps(of: epoch, &state, inspect: inspect, keep: keep, report: report)
      if state.network.kind.fitsRunningAverages {
        state.network.fitRunningAverages(to: batches(epoch).lazy.map(\.inputs), on: workers)
      }
      let validation = data.validation.error(of: Predictor(state.network, on: workers))
      let (scale, training) = (state.schedule.scale, state.sums)
      let improved = state.finishEpoch(of: phase.epochs, validationError: validation)
      try report(
        .epoch(
          EpochReport(
            network: state.network.kind, epoch: epoch, epochs: phase.epochs, loss: training.meanLoss,
            trainingError: training.error, validationError: validation, isBest: improved, stepScale: scale,
            lossBits: training.lossBits)))
      try keep(state)
    }
    guard let best = state.best else { preconditionFailure("Trainer: \(phase.epochs) epochs") }
    return best
  }

  /// The batches of an epoch from `first` on, each loaded while the one before is trained on.
  private func batches(_ epoch: Int, from first: Int = 0) -> Ahead<(inputs: Tensor<Scalar>, labels: [Int])> {
    let batches = Batches(samples: data.train.count, batch: experiment.batch, seed: seed, epoch: epoch)
    let (images, augmentation, seed) = (data.train, experiment.augmentation, seed)
    return Ahead(batches.count - first) { index in
      let step = first + index
      return images.batch(batches[step], augmentation, seed: seed, epoch: epoch, step: step)
    }
  }

  /// The rest of one pass over the training set.
  private func takeSteps(
    of epoch: Int, _ state: inout TrainingState<Scalar>, inspect: (TrainingStep<Scalar>) -> Void,
    keep: (TrainingState<Scalar>) throws -> Void, report: (TrainingEvent) throws -> Void
  ) throws {
    let first = state.step
    let batches = batches(epoch, from: first)
    for (step, (x, labels)) in zip(first..., batches) {
      let output = state.network.trainingOutput(x, labels: labels, seed: seed, epoch: epoch, step: step, on: workers)
      guard output.loss.isFinite else {
        throw TrainingError.notFinite(
          network: state.network.kind, epoch: epoch, step: step + 1, loss: Double(output.loss),
          origin: state.network.notFiniteOrigin(x, seed: seed, epoch: epoch, step: step, on: workers))
      }
      if !state.network.kind.fitsRunningAverages { state.network.moveRunningAverages(towards: output.statistics) }
      state.optimizer.update(
        &state.network, gradients: output.gradients, scale: state.schedule.scale, on: workers)
      inspect(TrainingStep(epoch: epoch, step: step + 1, loss: output.loss, network: state.network))
      state.finishStep(loss: output.loss, errors: output.errors, samples: labels.count)
      try report(
        .step(
          StepReport(
            network: state.network.kind, epoch: epoch, epochs: phase.epochs, step: step + 1,
            steps: first + batches.count, loss: state.sums.meanLoss, trainingError: state.sums.error)))
      try keep(state)
    }
  }
}

/// A step that was taken: the batch's own loss, and the network after it.
public struct TrainingStep<Scalar: Real> {
  /// Both from 1.
  public let epoch, step: Int
  /// The mean loss over the batch, without the regularizer.
  public let loss: Scalar
  /// With the changed parameters and running averages.
  public let network: Network<Scalar>
}

/// A network with the parameters of its best epoch.
public struct TrainedNetwork<Scalar: Real>: Sendable {
  /// With the parameters of that epoch.
  public let network: Network<Scalar>
  /// The epoch of the lowest validation error, from 1.
  public let epoch: Int
  /// Epochs that were trained.
  public let epochs: Int
  /// A fraction, of the deployed network.
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

  public var description: String {
    switch self {
    case .notFinite(let network, let epoch, let step, let loss, let origin):
      "\(network.rawValue), epoch \(epoch), step \(step): expected a finite loss, found \(loss); "
        + "first not finite: \(origin)"
    }
  }
}
