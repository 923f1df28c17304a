import Datasets
import RandomStreams
import Tensors

extension Dataset {
  /// Random pixels in the form of another data set's images, for measurements: all three parts are the same images, and the
  /// classes take turns.
  public static func random(like source: DataSource, images count: Int, seed: UInt64) -> Dataset {
    let shape = source.image
    let uniform: Tensor<Float> = RandomStream(seed: seed, purpose: .initialization)
      .uniform([count] + shape.shape, on: .single)
    let images = LabelledImages(
      pixels: uniform.scalars.map { UInt8($0 * 255) }, labels: (0..<count).map { UInt8($0 % source.classes) },
      channels: shape.channels, height: shape.height, width: shape.width, classes: source.classes, pixelMaximum: 255)
    return Dataset(name: "random", train: images, validation: images, test: images)
  }
}
