import Experiments
import Training

extension TrainingRecord {
  /// The networks of a job, as far as its run's directory tells of them.
  ///
  /// - Throws: `RunDirectoryError`
  static func records(of job: TrainingJob, in path: String) throws -> [TrainingRecord] {
    let run = try RunSummary(path)
    let experiment = run.run.effectiveExperiment
    return job.networks.compactMap { network in
      let epochs = run.epochs(of: network)
      guard let last = epochs.last else { return nil }
      var record = TrainingRecord(
        experiment: job.subject, architecture: "\(experiment.architecture)",
        weights: experiment.weights(of: network), network: network, seed: job.seed,
        epochs: experiment.phase(of: network).epochs, realEpochs: experiment.real.epochs,
        command: job.commandLine(program: programInCheckout),
        curve: epochs.map {
          EpochPoint(
            epoch: $0.report.epoch, loss: $0.report.loss, trainingError: $0.report.trainingError,
            validationError: $0.report.validationError, learningRateScale: $0.report.learningRateScale,
            certainty: $0.certainty.flatMap { $0.isEmpty ? nil : $0 })
        }, result: run.results.first { $0.network == network }, peakMemory: last.peakMemory)
      record.data = job.data
      return record
    }
  }
}
