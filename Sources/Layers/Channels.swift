import Tensors

// A channel is a column of (N, C), or a plane of pixels in (N, C, H, W).

extension Tensor {
  /// The sums over samples and pixels of each channel, shape `(C)`: over the samples first, then over the pixels, each in
  /// the fixed order of `Tensor.sum(_:count:)`.
  func channelSums(_ channels: Int, on device: Device) -> Tensor { columnSums(on: device).pixelSums(channels) }

  /// The sums over the pixels of each channel, given one number for each column.
  func pixelSums(_ channels: Int) -> Tensor {
    let pixels = count / channels
    guard pixels > 1 else { return self }
    return withUnsafePointer { sums in
      Tensor([channels]) { y in for c in 0..<channels { y[c] = Tensor.sum(sums + c * pixels, count: pixels) } }
    }
  }
}
