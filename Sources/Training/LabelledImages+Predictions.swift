import Datasets
import Networks
import Tensors

extension LabelledImages {
  /// A deployed network's outputs for all images, shape `(N, C)`; `rowArgmax` gives their classes.
  ///
  /// - Parameter batch: images at a time; no result depends on it.
  public func outputs<Scalar: TensorScalar>(of predictor: Predictor<Scalar>, batch: Int = 100) -> Tensor<Scalar> {
    precondition(count > 0 && batch > 0, "outputs: \(count) images, \(batch) at a time")
    var scalars: [Scalar] = []
    for start in stride(from: 0, to: count, by: batch) {
      let range = start..<min(start + batch, count)
      scalars += predictor.outputs(inputs(range, predictor.pixelScale)).scalars
    }
    return Tensor([count, scalars.count / count], scalars)
  }

  /// The class that a deployed network gives each image: that of its largest output, the lowest at a tie.
  public func predictions<Scalar: TensorScalar>(of predictor: Predictor<Scalar>) -> [Int] {
    outputs(of: predictor).rowArgmax
  }
}
