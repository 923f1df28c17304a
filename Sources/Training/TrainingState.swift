import Files
import Layers
import Networks
import PackedInference
import Tensors

/// The state of the training of one network: with experiment, data and seed, it determines the rest of the training.
package struct TrainingState<Scalar: TensorScalar> {
  package private(set) var network: Network<Scalar>
  var optimizer: Optimizer<Scalar>
  var schedule: PlateauSchedule
  private let phase: Experiment.Phase
  /// The network with the lowest validation error so far.
  var best: TrainedNetwork<Scalar>?
  /// The number of completed epochs.
  var epoch = 0
  /// The number of completed steps of the next epoch.
  var step = 0
  /// The sums over these steps.
  var sums = EpochSums<Scalar>()

  /// The beginning of a training, or of one of its epochs.
  ///
  /// - Parameters:
  ///   - epoch: the epoch, counted from 1.
  ///   - scale: the factor of the learning rates.
  package init(
    _ network: Network<Scalar>, _ experiment: Experiment, _ phase: Experiment.Phase, epoch: Int = 1, scale: Double = 1
  ) {
    self.network = network
    optimizer = Optimizer(for: network, of: experiment, phase: phase)
    schedule = PlateauSchedule(cooldown: phase.cooldown, patience: phase.patience, scale: scale)
    self.phase = phase
    self.epoch = epoch - 1
  }

  /// The factor of the learning rates in this epoch.
  var scale: Double { phase.learningRateSteps?.scale(after: epoch) ?? schedule.scale }

  private var runningFactor: Double { phase.runningFactor ?? BatchStatistics<Scalar>.runningFactor }

  /// One training step on one batch: forward, backward, running averages if they are updated in training, Adam's update. Returns
  /// the batch's mean loss, without the regularizer.
  ///
  /// - Throws: `TrainingError.notFinite` if the loss is not finite; nothing is then changed.
  package mutating func step(
    on x: Tensor<Scalar>, labels: [Int], seed: UInt64, device: Device
  ) throws(TrainingError) -> Scalar {
    let output = network.trainingOutput(x, labels: labels, seed: seed, epoch: epoch + 1, step: step, on: device)
    guard output.loss.isFinite else {
      throw .notFinite(
        network: network.kind, epoch: epoch + 1, step: step + 1, loss: Double(output.loss),
        origin: network.notFiniteOrigin(x, seed: seed, epoch: epoch + 1, step: step, on: device))
    }
    if !network.kind.fitsRunningAverages {
      network.moveRunningAverages(towards: output.statistics, factor: runningFactor, on: device)
    }
    optimizer.update(&network, gradients: output.gradients, scale: scale, on: device)
    step += 1
    sums.add(loss: output.loss, errors: output.errors, samples: labels.count)
    return output.loss
  }

  /// Fits the running averages of a discrete network to the deployed one (`Method.md` §3).
  package mutating func fitRunningAverages(to batches: some Sequence<Tensor<Scalar>>, on device: Device) {
    network.fitRunningAverages(to: batches, factor: runningFactor, on: device)
  }

  /// Records an epoch's validation error; true if it is the lowest so far.
  mutating func finishEpoch(of epochs: Int, validationError: Double) -> Bool {
    schedule.record(epoch: epoch, error: validationError)
    epoch += 1
    (step, sums) = (0, EpochSums<Scalar>())
    guard validationError < (best?.validationError ?? .infinity) - 1e-8 else { return false }
    best = TrainedNetwork(network: network, epoch: epoch, epochs: epochs, validationError)
    return true
  }
}

/// The sums from which an epoch's report is made, and the losses of its steps, which are not encoded: a checkpoint keeps them as a
/// tensor.
struct EpochSums<Scalar: TensorScalar>: Codable, Equatable {
  /// The sum of the batches' mean losses, each times its number of samples.
  private var loss = 0.0
  private var errors = 0
  private var samples = 0
  /// Each step's loss.
  var losses: [Scalar] = []

  private enum CodingKeys: CodingKey { case loss, errors, samples }

  mutating func add(loss: Scalar, errors: Int, samples: Int) {
    self.loss += Double(loss) * Double(samples)
    self.errors += errors
    self.samples += samples
    losses.append(loss)
  }

  /// The bits of each step's loss, in hexadecimal.
  var lossBits: String {
    losses.map { hexadecimal($0.bits, digits: 2 * Scalar.byteWidth) }.joined()
  }

  /// Whether an epoch can have these sums.
  var isSound: Bool { loss.isFinite && errors >= 0 && errors <= samples && samples <= 1 << 53 }

  var meanLoss: Double { loss / Double(samples) }
  var error: Double { Double(errors) / Double(samples) }
}
