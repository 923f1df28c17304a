import Layers
import Tensors

/// Where the training of one network stands: all that its rest is a function of, besides experiment, data and seed.
package struct TrainingState<Scalar: Real> {
  package internal(set) var network: Network<Scalar>
  var optimizer: Optimizer<Scalar>
  var schedule: PlateauSchedule
  /// The network of the lowest validation error so far.
  package internal(set) var best: TrainedNetwork<Scalar>?
  /// Whole epochs that are done.
  package internal(set) var epoch = 0
  /// Steps that are done of the next.
  package internal(set) var step = 0
  /// Over these steps.
  var sums = Sums()

  /// What an epoch's report is made of.
  struct Sums: Codable, Equatable {
    /// Of the batches' mean losses, each times its samples.
    var loss = 0.0
    var errors = 0
    var samples = 0

    var meanLoss: Double { loss / Double(samples) }
    var error: Double { Double(errors) / Double(samples) }
  }

  /// The beginning of a training.
  init(_ network: Network<Scalar>, _ experiment: Experiment, _ phase: Experiment.Phase) {
    self.network = network
    optimizer = Optimizer(for: network, of: experiment, phase: phase)
    schedule = PlateauSchedule(cooldown: phase.cooldown, patience: phase.patience)
  }

  mutating func finishStep(loss: Double, errors: Int, samples: Int) {
    step += 1
    sums.loss += loss * Double(samples)
    sums.errors += errors
    sums.samples += samples
  }

  /// Takes note of an epoch's validation error; true if it is the lowest.
  mutating func finishEpoch(of epochs: Int, validationError: Double) -> Bool {
    schedule.record(epoch: epoch, error: validationError)
    epoch += 1
    (step, sums) = (0, Sums())
    guard validationError < (best?.validationError ?? .infinity) - 1e-8 else { return false }
    best = TrainedNetwork(network: network, epoch: epoch, epochs: epochs, validationError)
    return true
  }
}
