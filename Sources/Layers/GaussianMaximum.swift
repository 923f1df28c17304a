import Tensors

// The maximum of a window of four Gaussians: of the upper two, of the lower two, then of the two results. The backward pass
// recomputes the pairs, a batch of windows at a time, instead of storing their intermediate results.

extension PoolingWindows {
  /// Mean and variance of each window's maximum.
  @specialized(where Scalar == Float)
  func gaussianMaximum<Scalar: TensorScalar>(
    mean: Tensor<Scalar>, variance: Tensor<Scalar>, on workers: Workers
  ) -> (mean: Tensor<Scalar>, variance: Tensor<Scalar>) {
    precondition(
      mean.shape == shape && variance.shape == shape,
      "Pooling: mean of shape \(mean.shape), variance of shape \(variance.shape)")
    return withUnsafePointers(mean, variance) { m, v in
      twoTensors(outputShape) { mean, variance in
        forEachBatch(
          of: GaussianPairs<Scalar>.capacity, memory: WindowPairs<Scalar>.memory, on: workers
        ) { (first: Int, count: Int, memory: UnsafeMutablePointer<Scalar>) in
          let pairs = WindowPairs(memory)
          gather(first, count, m, into: pairs.means)
          gather(first, count, v, into: pairs.variances)
          pairs.maximum(count, mean: mean + first, variance: variance + first)
        }
      }
    }
  }

  /// The gradients of the means and variances, given those of `gaussianMaximum`'s results.
  @specialized(where Scalar == Float)
  func gaussianMaximumGradient<Scalar: TensorScalar>(
    _ gradient: (mean: Tensor<Scalar>, variance: Tensor<Scalar>), mean: Tensor<Scalar>, variance: Tensor<Scalar>,
    on workers: Workers
  ) -> (mean: Tensor<Scalar>, variance: Tensor<Scalar>) {
    precondition(
      gradient.mean.shape == outputShape && gradient.variance.shape == outputShape,
      "Pooling: gradients of shapes \(gradient.mean.shape) and \(gradient.variance.shape) for \(outputShape)")
    return withUnsafePointers(gradient.mean, gradient.variance, mean, variance) { g, h, m, v in
      twoTensors(shape) { dMean, dVariance in
        forEachBatch(
          of: GaussianPairs<Scalar>.capacity, memory: WindowPairs<Scalar>.memory, on: workers
        ) { (first: Int, count: Int, memory: UnsafeMutablePointer<Scalar>) in
          let pairs = WindowPairs(memory)
          gather(first, count, m, into: pairs.means)
          gather(first, count, v, into: pairs.variances)
          pairs.gradient(count, mean: g + first, variance: h + first)
          scatter(first, count, pairs.means, into: dMean)
          scatter(first, count, pairs.variances, into: dVariance)
        }
      }
    }
  }
}

/// The three pairs of each of many windows.
private struct WindowPairs<Scalar: TensorScalar> {
  static var memory: Int { 3 * GaussianPairs<Scalar>.memory }
  private let top, bottom, last: GaussianPairs<Scalar>

  init(_ memory: UnsafeMutablePointer<Scalar>) {
    top = GaussianPairs(memory)
    bottom = GaussianPairs(memory + GaussianPairs<Scalar>.memory)
    last = GaussianPairs(memory + 2 * GaussianPairs<Scalar>.memory)
  }

  /// The pixels' means, or their gradients.
  var means: WindowPixels<Scalar> {
    WindowPixels(topLeft: top.m1, topRight: top.m2, bottomLeft: bottom.m1, bottomRight: bottom.m2)
  }
  /// The pixels' variances, or their gradients.
  var variances: WindowPixels<Scalar> {
    WindowPixels(topLeft: top.v1, topRight: top.v2, bottomLeft: bottom.v1, bottomRight: bottom.v2)
  }

  func maximum(_ count: Int, mean: UnsafeMutablePointer<Scalar>, variance: UnsafeMutablePointer<Scalar>) {
    top.maximum(count, mean: last.m1, variance: last.v1)
    bottom.maximum(count, mean: last.m2, variance: last.v2)
    last.maximum(count, mean: mean, variance: variance)
  }

  /// Replaces the pixels by their gradients.
  func gradient(_ count: Int, mean: UnsafePointer<Scalar>, variance: UnsafePointer<Scalar>) {
    top.maximum(count, mean: last.m1, variance: last.v1)
    bottom.maximum(count, mean: last.m2, variance: last.v2)
    last.prepare(count)
    last.gradient(count, mean: mean, variance: variance)
    top.gradient(count, mean: last.m1, variance: last.v1)
    bottom.gradient(count, mean: last.m2, variance: last.v2)
  }
}

/// Two tensors of one shape, which `initialize` writes.
private func twoTensors<Scalar: TensorScalar>(
  _ shape: Shape, _ initialize: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
) -> (Tensor<Scalar>, Tensor<Scalar>) {
  var second: Tensor<Scalar>?
  let first = Tensor<Scalar>(shape) { a in second = Tensor(shape) { b in initialize(a, b) } }
  guard let second else { preconditionFailure("Pooling: no memory") }
  return (first, second)
}
