import Training

extension Experiment {
  /// The experiment with a real network's own constants, as its file says them: the activation and the dropout rates that it
  /// predicts with are among them.
  ///
  /// - Parameter run: the run that is resumed. If it started from the same network, the constants are those of its record, on which
  ///   no bit depends: earlier programs recorded the experiment's.
  package func starting(from real: SavedNetwork, resuming run: RunRecord? = nil) -> Experiment {
    var experiment = self
    if let run, run.realSHA256 == real.result.parametersSHA256 {
      experiment.real = run.experiment.real
      return experiment
    }
    experiment.real = real.experiment.real
    // An imported network has no epochs.
    if real.result.epochs > 0 { experiment.real.epochs = real.result.epochs }
    return experiment
  }
}

extension SavedNetwork {
  /// The network as a reproduction's own start: in its experiment, with this network's own constants, and with the errors on
  /// its data instead of those that the file says.
  package func asStart(of reproduction: Reproduction) -> SavedNetwork {
    SavedNetwork(
      network, of: reproduction.experiment.starting(from: self), seed: seed,
      trained: (result.epochs, result.bestEpoch, result.seconds), on: reproduction.data, device: reproduction.device)
  }
}
