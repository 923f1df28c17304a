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
}

extension SavedNetwork {
  /// A network that was trained elsewhere, with its errors on a data set: of 0 epochs, the best of which is 0.
  package init(importing network: Network<Float>, as experiment: Experiment, on data: Dataset, device: Device) {
    self.init(
      network, of: experiment, seed: 0, trained: (epochs: 0, bestEpoch: 0, seconds: 0), on: data, device: device)
  }

  /// A network with its errors on a data set.
  init(
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
