import Datasets
import Layers
import RandomStreams
import Tensors

/// Trains one network of an experiment (`method.md` §4).
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
    var network = network
    var optimizer = Optimizer(for: network, of: experiment, phase: phase)
    var schedule = PlateauSchedule(cooldown: phase.cooldown, patience: phase.patience)
    var best: TrainedNetwork<Scalar>?

    for epoch in 1...phase.epochs {
      let scale = schedule.scale
      let training = try trainEpoch(epoch, &network, &optimizer, scale: scale, inspect: inspect, report: report)
      if network.kind.fitsRunningAverages {
        network.fitRunningAverages(to: batches(epoch).lazy.map(\.inputs), on: workers)
      }
      let validation = data.validation.error(of: Predictor(network, on: workers))
      schedule.record(epoch: epoch - 1, error: validation)
      let improved = validation < (best?.validationError ?? .infinity) - 1e-8
      if improved { best = TrainedNetwork(network: network, epoch: epoch, epochs: phase.epochs, validation) }
      try report(
        .epoch(
          EpochReport(
            network: network.kind, epoch: epoch, epochs: phase.epochs, loss: training.loss,
            trainingError: training.error, validationError: validation, isBest: improved, stepScale: scale)))
    }
    guard let best else { preconditionFailure("Trainer: \(phase.epochs) epochs") }
    return best
  }

  /// The batches of an epoch, each loaded while the one before is trained on.
  private func batches(_ epoch: Int) -> Ahead<(inputs: Tensor<Scalar>, labels: [Int])> {
    let batches = Batches(samples: data.train.count, batch: experiment.batch, seed: seed, epoch: epoch)
    let (images, augmentation, seed) = (data.train, experiment.augmentation, seed)
    return Ahead(batches.count) { step in
      images.batch(batches[step], augmentation, seed: seed, epoch: epoch, step: step)
    }
  }

  /// One pass over the training set: the mean loss and the running error.
  private func trainEpoch(
    _ epoch: Int, _ network: inout Network<Scalar>, _ optimizer: inout Optimizer<Scalar>, scale: Double,
    inspect: (TrainingStep<Scalar>) -> Void, report: (TrainingEvent) throws -> Void
  ) throws -> (loss: Double, error: Double) {
    var (loss, errors, seen) = (0.0, 0, 0)
    let batches = batches(epoch)
    for (step, (x, labels)) in batches.enumerated() {
      let output = network.trainingOutput(x, labels: labels, seed: seed, epoch: epoch, step: step, on: workers)
      guard output.loss.isFinite else {
        throw TrainingError.notFinite(
          network: network.kind, epoch: epoch, step: step + 1, loss: Double(output.loss),
          origin: network.notFiniteOrigin(x, seed: seed, epoch: epoch, step: step, on: workers))
      }
      if !network.kind.fitsRunningAverages { network.moveRunningAverages(towards: output.statistics) }
      optimizer.update(&network, gradients: output.gradients, scale: scale, on: workers)
      inspect(TrainingStep(epoch: epoch, step: step + 1, loss: output.loss, network: network))
      loss += Double(output.loss) * Double(labels.count)
      errors += output.errors
      seen += labels.count
      try report(
        .step(
          StepReport(
            network: network.kind, epoch: epoch, epochs: phase.epochs, step: step + 1, steps: batches.count,
            loss: loss / Double(seen), trainingError: Double(errors) / Double(seen))))
    }
    return (loss / Double(seen), Double(errors) / Double(seen))
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
