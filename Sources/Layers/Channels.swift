import Tensors

// A channel is a column of (N, C), or a plane of pixels in (N, C, H, W). Channel parameters, shape (C), are repeated for each
// pixel, so that the same loop over rows serves both.

extension Tensor {
  /// The sums over samples and pixels of each channel, shape `(C)`: over the samples first, then over the pixels, each in
  /// the fixed order of `Tensor.sum(_:count:)`.
  func channelSums(_ channels: Int, on workers: Workers) -> Tensor {
    let sums = columnSums(on: workers)
    let pixels = columns / channels
    guard pixels > 1 else { return sums }
    return sums.withUnsafePointer { sums in
      Tensor([channels]) { y in for c in 0..<channels { y[c] = Tensor.sum(sums + c * pixels, count: pixels) } }
    }
  }

  /// Each number repeated `count` times in a row.
  func repeated(_ count: Int) -> Tensor {
    guard count > 1 else { return self }
    return withUnsafePointer { x in
      Tensor([self.count * count]) { y in
        for i in 0..<self.count { (y + i * count).update(repeating: x[i], count: count) }
      }
    }
  }
}
