import Datasets
import Networks
import PackedInference
import Tensors
import Training

/// What can say which classes images have: a run's trained network, or a packed file.
package enum TrainedModel {
  case saved(SavedNetwork)
  case packed(PackedModel)

  /// The network.
  package var network: NetworkKind {
    switch self {
    case .saved(let saved): saved.result.network
    case .packed(let packed): packed.record.network
    }
  }

  /// The network in words, or how many a packed file has that were sampled from it.
  var networkInWords: String {
    switch self {
    case .saved(let saved): saved.result.network.rawValue
    case .packed(let packed): packed.record.words(ofNetworks: packed.file.networks.count)
    }
  }

  /// What it was trained on.
  package var data: DataSource {
    switch self {
    case .saved(let saved): saved.experiment.data
    case .packed(let packed): packed.record.data
    }
  }

  /// What must be said of its errors; nil if there is nothing.
  var dataNote: String? {
    switch self {
    case .saved(let saved): saved.dataNote
    case .packed(let packed): packed.record.dataNote
    }
  }

  /// The networks in bits: one, or those of a packed ensemble.
  ///
  /// - Throws: `PackingError` for a network without sign activations.
  package func packed(on device: Device) throws(PackingError) -> [PackedNetwork<Float>] {
    switch self {
    case .saved(let saved): [try PackedNetwork(saved.network, on: device)]
    case .packed(let packed): packed.file.networks
    }
  }

  /// Scores and classes of images; no result depends on the batch.
  ///
  /// - Parameters:
  ///   - asProbabilities: whether scores are the softmax of the outputs; an ensemble's always are.
  ///   - progress: told how many images are done.
  func scores(
    of images: LabelledImages, asProbabilities: Bool, batch: Int, device: Device, progress: (_ done: Int) -> Void
  ) -> (scores: Tensor<Float>, classes: [Int]) {
    switch self {
    case .packed(let packed) where packed.isEnsemble:
      return packed.scores(of: images, batch: batch, on: device, progress: progress)
    case .packed(let packed):
      let (outputs, classes) = packed.scores(of: images, batch: batch, on: device, progress: progress)
      return (asProbabilities ? outputs.rowSoftmax(on: device) : outputs, classes)
    case .saved(let saved):
      let outputs = images.outputs(of: Predictor(saved.network, on: device), batch: batch, progress: progress)
      return (asProbabilities ? outputs.rowSoftmax(on: device) : outputs, outputs.rowArgmax)
    }
  }
}
