import Tensors

// A channel is a column of (N, C), or a plane of pixels in (N, C, H, W).

extension Tensor {
  /// The sums over samples and pixels of each channel, shape `(C)`: over the samples first, then over the pixels, each in
  /// the fixed order of `Tensor.sum(_:count:)`.
  func channelSums(_ channels: Int, on device: Device) -> Tensor {
    columnSums(on: device).pixelSums(channels, on: device)
  }

  /// The sums over the pixels of each channel, given one number for each column.
  func pixelSums(_ channels: Int, on device: Device) -> Tensor {
    count == channels ? self : reshaped([channels, count / channels]).rowSums(on: device)
  }
}
