import BuildInformation
import Datasets
import Files
import Networks
import Tensors
import Training

/// The errors of a run's networks with their most probable weights, and of ensembles with sampled weights. Errors are
/// fractions.
package struct EvaluationReport: Encodable {
  /// The part of the data set whose images are classified.
  package enum Part: String, CaseIterable, Encodable, Sendable { case test, validation }

  /// One network's errors.
  package struct Row: Encodable {
    package let network, weights: String
    package let mostProbable: Double
    package let ensemble: [EnsemblePoint]
    package let parametersSHA256: String
  }

  package let version, experiment, architecture: String
  package let part: Part
  package let images: Int
  /// The seed of the sampled weights; nil without an ensemble.
  package let seed: UInt64?
  /// The files that the images come from.
  package let data: [DataFile]
  /// What must be said of results on these data; nil if there is nothing.
  package let dataNote: String?
  package let networks: [Row]

  /// Evaluates one or more networks of the same experiment, which is that of the last one; a real network may be from another
  /// experiment with the same layers for images of the same form.
  ///
  /// - Parameters:
  ///   - ensemble: the number of networks to sample from each network with weight distributions.
  ///   - progress: called with each sampled network's number, from 1, and the error of the ensemble up to that network.
  package init(
    _ saved: [SavedNetwork], on dataset: Dataset, _ part: Part, batch: Int, ensemble: Int, seed: UInt64,
    device: Device, progress: (_ network: NetworkKind, _ member: Int, _ error: Double) -> Void
  ) {
    let images = part == .test ? dataset.test : dataset.validation
    networks = saved.map { saved in
      let evaluation = Evaluation(of: saved.network, on: images, batch: batch, device: device)
      let kind = saved.result.network
      let points =
        kind.isDiscrete && ensemble > 0
        ? evaluation.ensemble(members: ensemble, seed: seed) { member, _, error in progress(kind, member, error) } : []
      return Row(
        network: kind.rawValue, weights: saved.result.weights, mostProbable: evaluation.mostProbable(),
        ensemble: points, parametersSHA256: saved.result.parametersSHA256)
    }
    version = BuildInformation.version
    let experiment = saved[saved.count - 1].experiment
    (self.experiment, architecture) = (experiment.name, "\(experiment.architecture)")
    (self.part, self.images, data) = (part, images.count, dataset.files)
    self.seed = ensemble > 0 ? seed : nil
    dataNote = part == .test ? experiment.data.note(on: dataset) : experiment.data.note
  }

  /// A table with a row for each network and a column for each ensemble size.
  package func table() -> String {
    let members = networks.map { $0.ensemble.map(\.members) }.max { $0.count < $1.count } ?? []
    let header = ["network", "weights", "most probable"] + members.map { counted($0, "sample", "samples") }
    let rows = networks.map { row in
      [row.network, row.weights, percent(row.mostProbable)]
        + members.map { members in
          row.ensemble.first { $0.members == members }.map { percent($0.error) } ?? ""
        }
    }
    return withNote(alignedTable([header] + rows, rightAligned: Set(2..<header.count)), dataNote)
  }
}
