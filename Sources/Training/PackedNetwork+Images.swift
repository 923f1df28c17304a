import Datasets
import Networks
import PackedInference
import Tensors

extension PackedNetwork {
  /// The network's outputs for images, shape `(N, C)`.
  ///
  /// - Precondition: at least one image, of the shape and range of pixels that the network reads.
  public func outputs(_ images: LabelledImages, on device: Device) -> Tensor<Scalar> {
    precondition(
      images.count > 0 && images.input == input, "PackedNetwork: \(images.count) images of \(images.input) for \(input)"
    )
    return images.pixels.withUnsafeBufferPointer { pixels in
      guard let pixels = pixels.baseAddress else { preconditionFailure("PackedNetwork: no pixels") }
      return outputs(pixels, count: images.count, on: device)
    }
  }
}
