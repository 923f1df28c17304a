import Datasets
import Layers
import Networks
import PackedInference
import Tensors

/// The errors of a trained network on images, when it is deployed with its most probable weights, with weights sampled from its
/// distributions, or as an ensemble of several sampled networks.
public struct Evaluation<Scalar: TensorScalar>: Sendable {
  private let network: Network<Scalar>
  private let images: LabelledImages
  private let batch: Int
  private let device: Device

  /// - Parameter batch: the largest number of images at a time; no result depends on it.
  /// - Precondition: at least one image, of the form that the network reads; `batch ≥ 1`.
  public init(of network: Network<Scalar>, on images: LabelledImages, batch: Int = 100, device: Device) {
    precondition(images.count >= 1 && batch >= 1, "Evaluation: \(images.count) images in batches of \(batch)")
    self.network = network
    self.images = images
    self.batch = batch
    self.device = device
  }

  /// The fraction of images that the most probable weights get wrong.
  public func mostProbable() -> Double {
    images.error(of: Predictor(network, on: device), batch: batch)
  }

  /// The errors of ensembles of networks with sampled weights, after 1, 2, 4, … and all `members`. An ensemble predicts the class
  /// with the largest mean softmax, the lowest at a tie. Member `i`, from 1, samples from the streams (seed, discretization,
  /// epoch `i`, block).
  ///
  /// - Parameters:
  ///   - members: the number of members, at least 1.
  ///   - report: called with each member's own error and that of the ensemble up to it.
  /// - Precondition: `members ≥ 1`.
  public func ensemble(
    members: Int, seed: UInt64, report: (_ member: Int, _ error: Double, _ ensembleError: Double) throws -> Void
  ) rethrows -> [EnsemblePoint] {
    precondition(members >= 1, "Evaluation: an ensemble of \(members)")
    var sums = [Scalar](repeating: 0, count: images.count * network.specification.architecture.classes)
    var points: [EnsemblePoint] = []
    for member in 1...members {
      let predictor = Predictor(network, sampling: (seed, member), on: device)
      let (error, ensembleError) = add(predictor, to: &sums)
      try report(member, error, ensembleError)
      if member & (member - 1) == 0 || member == members { points.append(.init(members: member, error: ensembleError)) }
    }
    return points
  }

  /// Adds a member's softmax to the sums; returns the member's own error and that of the ensemble so far.
  private func add(_ predictor: Predictor<Scalar>, to sums: inout [Scalar]) -> (Double, Double) {
    var (errors, ensembleErrors) = (0, 0)
    images.forEachBatch(of: batch, outputsOf: predictor) { range, outputs in
      let (labels, softmax) = (images.labels(range), outputs.rowSoftmax(on: device))
      let at = range.lowerBound * outputs.columns
      for (i, p) in softmax.scalars.enumerated() { sums[at + i] += p }
      let total = Tensor(outputs.shape, Array(sums[at..<at + softmax.count]))
      errors += zip(outputs.rowArgmax, labels).count { $0 != $1 }
      ensembleErrors += zip(total.rowArgmax, labels).count { $0 != $1 }
    }
    return (Double(errors) / Double(images.count), Double(ensembleErrors) / Double(images.count))
  }
}

/// An ensemble's error after some of its members.
public struct EnsemblePoint: Sendable, Codable, Equatable {
  /// The number of members so far.
  public let members: Int
  /// The error, a fraction.
  public let error: Double

  package init(members: Int, error: Double) { (self.members, self.error) = (members, error) }
}
