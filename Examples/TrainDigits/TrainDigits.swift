import BuiltInDatasets
import Signet

/// Trains a ternary network with sign activations on the built-in digits, with a custom dropout and learning rate, and reports
/// each epoch: `swift run -c release TrainDigits`.
@main
struct TrainDigits {
  static func main() throws {
    var experiment = Experiment.digits
    experiment.discrete.learningRate = 0.02
    experiment.discrete.dropout = [0, 0.2, 0.2]
    let reproduction = Reproduction(
      experiment, data: try .digits(), realEpochs: 5, discreteEpochs: 10, seed: 1, device: Device.processor(threads: 2))

    // The real network comes first, since the discrete one starts from it.
    var trainings = try reproduction.trainings(of: [.discreteSign])
    while var run = try trainings.next() {
      while !run.isFinished {
        while try run.step() != nil {}  // Anything done between two steps does not affect the training.
        let epoch = run.finishEpoch()
        print(epoch.network.rawValue, epoch.epoch, "of", epoch.epochs, "validation error", epoch.validationError)
      }
      let result = trainings.finish(run)
      print(result.network.rawValue, "test error", result.testError, "SHA-256", result.parametersSHA256)
    }
  }
}
