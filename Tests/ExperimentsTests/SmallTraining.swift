import BuiltInDatasets
import Datasets
import Networks
import Training

/// A training of `real` and `discrete-sign` with hidden layers of 12 and 8 units, one epoch each of four batches of digits, if nothing
/// else is asked for.
enum SmallTraining {
  static func reproduction(
    seed: UInt64 = 1, epochs: Int = 1, digest: String? = nil, of file: String = "images",
    _ change: (inout Experiment) -> Void = { _ in }
  ) throws -> Reproduction {
    var experiment = Experiment.custom("12-8-10", on: .digits)
    change(&experiment)
    let digits = try Dataset.digits()
    let data = Dataset(
      name: "digits", train: digits.train[0..<200], validation: digits.validation[0..<100], test: digits.test[0..<120],
      fileDigests: digest.map { [(file, $0)] } ?? digits.fileDigests)
    return Reproduction(
      experiment, data: data, realEpochs: epochs, discreteEpochs: epochs, seed: seed, device: .single)
  }

  /// Trains the next network to its end.
  static func next(_ trainings: inout Trainings, of reproduction: Reproduction) throws -> SavedNetwork {
    guard var run = try trainings.next() else { throw NoTraining() }
    _ = try run.finish()
    guard let network = run.best?.network else { throw NoTraining() }
    return SavedNetwork(
      network, of: reproduction.experiment, seed: reproduction.seed, result: trainings.finish(run))
  }

  /// The state of the next network's training after some steps.
  static func checkpoint(_ trainings: inout Trainings, after steps: Int) throws -> Checkpoint {
    guard var run = try trainings.next() else { throw NoTraining() }
    for _ in 0..<steps { _ = try run.step() }
    return run.checkpoint()
  }

  private struct NoTraining: Error {}
}
