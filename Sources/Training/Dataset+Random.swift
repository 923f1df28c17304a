import Datasets
import RandomStreams
import Tensors

extension Dataset {
  /// Random pixels in the form of another data set's images, for measurements: all three parts are the same images, and the
  /// classes take turns.
  ///
  /// - Precondition: `count ≥ 1`.
  public static func random(like source: DataSource, images count: Int, seed: UInt64) -> Dataset {
    let (shape, maximum) = (source.image, source.input.pixelMaximum)
    let uniform: Tensor<Float> = RandomStream(seed: seed, purpose: .initialization)
      .uniform([count] + shape.shape, on: .single)
    let images = LabelledImages(
      pixels: uniform.scalars.map { UInt8($0 * Float(maximum)) },
      labels: (0..<count).map { UInt8($0 % source.classes) },
      channels: shape.channels, height: shape.height, width: shape.width, classes: source.classes, pixelMaximum: maximum
    )
    return Dataset(name: "random", train: images, validation: images, test: images)
  }
}
