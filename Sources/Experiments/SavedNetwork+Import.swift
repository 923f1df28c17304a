import Datasets
import Networks
import PackedInference
import Tensors
import Training

extension Experiment {
  /// The experiment that an imported network is recorded with: no dropout, since other libraries' networks do not scale by it when
  /// they predict.
  package var ofImport: Experiment {
    var experiment = self
    let none = Array(repeating: 0.0, count: architecture.blocks.count)
    (experiment.real.dropout, experiment.discrete.dropout) = (none, none)
    experiment.straightThrough?.dropout = none
    return experiment
  }

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
  /// A network that was trained elsewhere, with its errors on a data set: of 0 epochs, the best of which is 0.
  package init(importing network: Network<Float>, as experiment: Experiment, on data: Dataset, device: Device) {
    self.init(
      network, of: experiment, seed: 0, trained: (epochs: 0, bestEpoch: 0, seconds: 0), on: data, device: device)
  }

  /// The network as a reproduction's own start: in its experiment, with this network's own constants, and with the errors on
  /// its data instead of those that the file says.
  package func asStart(of reproduction: Reproduction) -> SavedNetwork {
    SavedNetwork(
      network, of: reproduction.experiment.starting(from: self), seed: seed,
      trained: (result.epochs, result.bestEpoch, result.seconds), on: reproduction.data, device: reproduction.device)
  }

  /// A network with its errors on a data set.
  private init(
    _ network: Network<Float>, of experiment: Experiment, seed: UInt64,
    trained: (epochs: Int, bestEpoch: Int, seconds: Double), on data: Dataset, device: Device
  ) {
    let (kind, predictor) = (network.kind, Predictor(network, on: device))
    self.init(
      network, of: experiment, seed: seed,
      result: NetworkResult(
        network: kind, weights: experiment.weights(of: kind), activation: experiment.activation(of: kind),
        epochs: trained.epochs, bestEpoch: trained.bestEpoch, validationError: data.validation.error(of: predictor),
        testError: data.test.error(of: predictor), seconds: trained.seconds, parametersSHA256: network.digest),
      dataNote: experiment.data.note(on: data))
  }
}
