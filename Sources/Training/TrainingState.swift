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
  var sums = EpochSums()

  /// The beginning of a training.
  init(_ network: Network<Scalar>, _ experiment: Experiment, _ phase: Experiment.Phase) {
    self.network = network
    optimizer = Optimizer(for: network, of: experiment, phase: phase)
    schedule = PlateauSchedule(cooldown: phase.cooldown, patience: phase.patience)
  }

  mutating func finishStep(loss: Scalar, errors: Int, samples: Int) {
    step += 1
    sums.add(loss: loss, errors: errors, samples: samples)
  }

  /// Takes note of an epoch's validation error; true if it is the lowest.
  mutating func finishEpoch(of epochs: Int, validationError: Double) -> Bool {
    schedule.record(epoch: epoch, error: validationError)
    epoch += 1
    (step, sums) = (0, EpochSums())
    guard validationError < (best?.validationError ?? .infinity) - 1e-8 else { return false }
    best = TrainedNetwork(network: network, epoch: epoch, epochs: epochs, validationError)
    return true
  }
}

/// What an epoch's report is made of.
struct EpochSums: Codable, Equatable {
  /// Of the batches' mean losses, each times its samples.
  private var loss = 0.0
  private var errors = 0
  private var samples = 0
  /// Of each step's loss, in hexadecimal.
  private(set) var lossBits = ""

  mutating func add<Scalar: Real>(loss: Scalar, errors: Int, samples: Int) {
    self.loss += Double(loss) * Double(samples)
    self.errors += errors
    self.samples += samples
    let digits = String(loss.littleEndianBits, radix: 16)
    lossBits += String(repeating: "0", count: 2 * Scalar.byteWidth - digits.count) + digits
  }

  var meanLoss: Double { loss / Double(samples) }
  var error: Double { Double(errors) / Double(samples) }
}
