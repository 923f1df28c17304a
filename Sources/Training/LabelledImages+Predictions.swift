import Datasets
import Networks
import PackedInference
import Tensors

extension LabelledImages {
  /// Calls `body` with the images of each batch and a deployed network's outputs for them, shape `(N, C)`.
  ///
  /// - Parameter batch: the largest number of images at a time, fewer if they are large; no output depends on it.
  package func forEachBatch<Scalar: TensorScalar>(
    of batch: Int, outputsOf predictor: Predictor<Scalar>, _ body: (Range<Int>, Tensor<Scalar>) -> Void
  ) {
    forEachBatch(of: predictor.imagesAtATime(atMost: batch)) { body($0, outputs($0, of: predictor)) }
  }

  /// Calls `body` with the images of each batch.
  package func forEachBatch(of batch: Int, _ body: (Range<Int>) -> Void) {
    precondition(batch > 0, "forEachBatch: \(batch) images at a time")
    for start in stride(from: 0, to: count, by: batch) { body(start..<min(start + batch, count)) }
  }

  /// The outputs for some of the images: in bits where the network's sums are of integers, which changes no bit of them.
  private func outputs<Scalar: TensorScalar>(
    _ range: Range<Int>, of predictor: Predictor<Scalar>
  ) -> Tensor<Scalar> {
    guard let packed = predictor.packed else { return predictor.outputs(inputs(range, predictor.pixelScale)) }
    return packed.outputs(self[range], on: predictor.device)
  }

  /// A deployed network's outputs for all images, shape `(N, C)`; `rowArgmax` gives their classes.
  ///
  /// - Parameter batch: the largest number of images at a time; no result depends on it.
  /// - Precondition: at least one image, of the form that the network reads; `batch ≥ 1`.
  public func outputs<Scalar: TensorScalar>(of predictor: Predictor<Scalar>, batch: Int = 100) -> Tensor<Scalar> {
    outputs(of: predictor, batch: batch) { _ in }
  }

  /// The same, where `progress` is called with the number of images done.
  package func outputs<Scalar: TensorScalar>(
    of predictor: Predictor<Scalar>, batch: Int = 100, progress: (Int) -> Void
  ) -> Tensor<Scalar> {
    precondition(count > 0, "outputs: no images")
    var scalars: [Scalar] = []
    forEachBatch(of: batch, outputsOf: predictor) { range, outputs in
      scalars += outputs.scalars
      progress(range.upperBound)
    }
    return Tensor([count, scalars.count / count], scalars)
  }

  /// The class that a deployed network predicts for each image: that of its largest output, the lowest at a tie.
  ///
  /// - Precondition: at least one image, of the form that the network reads.
  public func predictions<Scalar: TensorScalar>(of predictor: Predictor<Scalar>) -> [Int] {
    outputs(of: predictor).rowArgmax
  }

  /// The fraction of images whose largest output is not their label's.
  ///
  /// - Parameter batch: the largest number of images at a time; the result does not depend on it.
  /// - Precondition: at least one image, of the form that the network reads; `batch ≥ 1`.
  public func error<Scalar: TensorScalar>(of predictor: Predictor<Scalar>, batch: Int = 100) -> Double {
    precondition(count > 0, "error: no images")
    var errors = 0
    forEachBatch(of: batch, outputsOf: predictor) { range, outputs in
      errors += zip(outputs.rowArgmax, labels(range)).count { $0 != $1 }
    }
    return Double(errors) / Double(count)
  }
}
