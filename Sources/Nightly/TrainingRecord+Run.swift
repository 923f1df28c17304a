import Experiments
import Networks
import Training

extension TrainingRecord {
  /// The records of a job's networks, as far as its run directory has them.
  ///
  /// - Throws: `RunDirectoryError`
  static func records(of job: TrainingJob, in path: String) throws -> [TrainingRecord] {
    records(
      of: try RunSummary(path), job.networks, subject: job.subject,
      command: job.commandLine(program: programInCheckout), data: job.data)
  }

  /// The records of the networks of a run that were begun, each with its learning curve and, if finished, its result.
  ///
  /// - Parameters:
  ///   - subject: the name of the experiment, or a substitute for it.
  ///   - command: the command that trains the networks again.
  ///   - data: the directory of the data.
  package static func records(
    of run: RunSummary, _ networks: [NetworkKind], subject: String, command: String, data: String?
  ) -> [TrainingRecord] {
    let experiment = run.run.effectiveExperiment
    return networks.compactMap { network in
      let epochs = run.epochs(of: network)
      guard let last = epochs.last else { return nil }
      var record = TrainingRecord(
        experiment: subject, architecture: "\(experiment.architecture)",
        weights: experiment.weights(of: network), network: network, seed: run.run.seed,
        epochs: experiment.phase(of: network).epochs, realEpochs: experiment.real.epochs, command: command,
        curve: epochs.map {
          EpochPoint(
            epoch: $0.report.epoch, loss: $0.report.loss, trainingError: $0.report.trainingError,
            validationError: $0.report.validationError, learningRateScale: $0.report.learningRateScale,
            certainty: $0.certainty.flatMap { $0.isEmpty ? nil : $0 })
        }, result: run.result(of: network), peakMemory: last.peakMemory)
      record.data = data
      record.dataFiles = run.run.data
      return record
    }
  }
}
