/// A two-dimensional convolution of stride 1 with a square odd kernel and zero padding.
///
/// Images are `(N, C, H, W)`. Weights are a matrix `(C·k², O)` whose rows are `(c, ky, kx)`, `c` outermost. (As is usual, the
/// kernel is not flipped: a cross-correlation.)
///
/// Every output is one chain of fused multiply-adds `acc ← fma(a, b, acc)` from +0, in the ascending order that is stated for each
/// function. The zeros of the padding are terms of the chain like any others: they change no finite sum, but `∞ · 0` is NaN.
/// Threads divide the outputs among them, so their number cannot change a bit; nor can the instruction set or the number of images
/// computed together.
public struct Convolution: Sendable, Equatable {
  /// How far beyond the image's edges the kernel reaches.
  public enum Padding: Sendable, CaseIterable {
    /// The outputs have the image's size.
    case same
    /// The kernel stays within the image.
    case valid
  }

  /// The kernel's side `k`.
  public let kernel: Int
  /// Zeros around each side, `p`: `(k − 1) / 2` for `same`, 0 for `valid`.
  public let padding: Int

  /// - Precondition: `kernel` is positive and odd.
  public init(kernel: Int, padding: Padding) {
    precondition(kernel > 0 && kernel % 2 == 1, "Convolution: kernel \(kernel); it must be positive and odd")
    self.init(kernel: kernel, zeros: padding == .same ? (kernel - 1) / 2 : 0)
  }

  private init(kernel: Int, zeros: Int) {
    self.kernel = kernel
    padding = zeros
  }

  /// `y[n,o,i,j] = Σ_{c,ky,kx} w[(c,ky,kx),o] · x[n,c,i+ky−p,j+kx−p]`, shape `(N, O, H+2p−k+1, W+2p−k+1)`.
  ///
  /// Each chain is over ascending `(c, ky, kx)`.
  /// - Precondition: `x` has shape `(N, C, H, W)` and, with its padding, room for the kernel; `weights` has shape `(C·k², O)`.
  public func callAsFunction<Scalar>(
    _ x: Tensor<Scalar>, _ weights: Tensor<Scalar>, on device: Device
  ) -> Tensor<Scalar> {
    let shape = kernelShape(of: x, outputs: weights.columns)
    precondition(
      weights.shape == [shape.rows, shape.outputs],
      "Convolution: weights of shape \(weights.shape) for images \(x.shape), kernel \(kernel)")
    if let accelerator = device.accelerator(for: Scalar.self) { return accelerator.convolve(shape, x, weights) }
    return withUnsafePointers(x, weights) { x, weights in
      Tensor([shape.images, shape.outputs, shape.outputHeight, shape.outputWidth]) { y in
        shape.dividing(device).forEachRange(of: shape.images, grain: 1) { images in
          var part = shape
          part.images = images.count
          let (from, to) = (images.lowerBound * shape.inputSize, images.lowerBound * shape.outputSize)
          let done = Scalar.convolve(part, x + from, weights, y + to)
          precondition(done, "Convolution: no memory for the padded images of \(part)")
        }
      }
    }
  }

  /// `∂L/∂x` of `dy = ∂L/∂y`, in `x`'s shape: `dx[n,c,i,j] = Σ_{o,ky,kx} w[(c,k−1−ky,k−1−kx),o] · dy[n,o,i+ky−q,j+kx−q]`.
  ///
  /// It is the convolution of `dy`, padded by `q = k − 1 − p`, with the kernels flipped and their channels exchanged; each chain
  /// is over ascending `(o, ky, kx)`.
  /// - Precondition: `dy` has shape `(N, O, H+2p−k+1, W+2p−k+1)`; `weights` has shape `(C·k², O)`.
  public func inputGradient<Scalar>(
    _ dy: Tensor<Scalar>, _ weights: Tensor<Scalar>, on device: Device
  ) -> Tensor<Scalar> {
    precondition(
      dy.shape.count == 4 && weights.shape.count == 2 && dy.shape[1] == weights.columns
        && weights.rows % (kernel * kernel) == 0,
      "Convolution: gradients of shape \(dy.shape), weights of shape \(weights.shape), kernel \(kernel)")
    let transposed = Convolution(kernel: kernel, zeros: kernel - 1 - padding)
    return transposed(dy, flipped(weights, on: device), on: device)
  }

  /// `∂L/∂w[(c,ky,kx),o] = Σ_{n,i,j} x[n,c,i+ky−p,j+kx−p] · dy[n,o,i,j]`, shape `(C·k², O)`.
  ///
  /// Each chain is over ascending `(n, i, j)`, across all images.
  /// - Precondition: `x` has shape `(N, C, H, W)`, `dy` has the shape of the convolution's outputs.
  public func weightGradient<Scalar>(
    _ x: Tensor<Scalar>, _ dy: Tensor<Scalar>, on device: Device
  ) -> Tensor<Scalar> {
    let shape = kernelShape(of: x, outputs: dy.shape.count == 4 ? dy.shape[1] : 0)
    precondition(
      dy.shape == [shape.images, shape.outputs, shape.outputHeight, shape.outputWidth],
      "Convolution: gradients of shape \(dy.shape) for images \(x.shape), kernel \(kernel), padding \(padding)")
    if let accelerator = device.accelerator(for: Scalar.self) { return accelerator.convolveForWeights(shape, x, dy) }
    return withUnsafePointers(x, dy) { x, dy in
      Tensor([shape.rows, shape.outputs]) { dWeights in
        shape.dividing(device).forEachRange(of: shape.rows, grain: 8) { rows in
          let done = Scalar.convolveForWeights(shape, rows: rows, x, dy, dWeights)
          precondition(done, "Convolution: no memory for the padded images of \(shape)")
        }
      }
    }
  }

  private func kernelShape<Scalar>(of x: Tensor<Scalar>, outputs: Int) -> ConvolutionShape {
    precondition(
      x.shape.count == 4 && x.shape[2] + 2 * padding >= kernel && x.shape[3] + 2 * padding >= kernel,
      "Convolution: images of shape \(x.shape), kernel \(kernel), padding \(padding)")
    return ConvolutionShape(
      images: x.shape[0], channels: x.shape[1], height: x.shape[2], width: x.shape[3], kernel: kernel,
      padding: padding, outputs: outputs)
  }
}

extension Convolution {
  /// `w'[(o,ky,kx),c] = w[(c,k−1−ky,k−1−kx),o]`.
  private func flipped<Scalar>(_ weights: Tensor<Scalar>, on device: Device) -> Tensor<Scalar> {
    let (elements, outputs) = (kernel * kernel, weights.columns)
    let channels = weights.rows / elements
    if let accelerator = device.accelerator(for: Scalar.self) {
      return accelerator.flipped(weights, channels: channels, elements: elements)
    }
    return weights.withUnsafePointer { w in
      Tensor([outputs * elements, channels]) { flipped in
        device.forEachRange(of: outputs, grain: 16) { outputs in
          transposeKernels(
            w, into: flipped, channels: channels, elements: elements, outputs: outputs, of: weights.columns)
        }
      }
    }
  }
}

/// `flipped[(o, e), c] = w[(c, elements − 1 − e), o]` for some of the outputs.
///
/// Proceeds in squares, since neighbours along one of the two sides are far apart in memory.
@specialized(where Scalar == Float)
private func transposeKernels<Scalar: TensorScalar>(
  _ w: UnsafePointer<Scalar>, into flipped: UnsafeMutablePointer<Scalar>, channels: Int, elements: Int,
  outputs: Range<Int>, of allOutputs: Int
) {
  let side = 16
  for firstOutput in stride(from: outputs.lowerBound, to: outputs.upperBound, by: side) {
    let someOutputs = firstOutput..<min(firstOutput + side, outputs.upperBound)
    for firstChannel in stride(from: 0, to: channels, by: side) {
      let someChannels = firstChannel..<min(firstChannel + side, channels)
      for element in 0..<elements {
        for o in someOutputs {
          let to = flipped + (o * elements + elements - 1 - element) * channels
          for c in someChannels { to[c] = w[(c * elements + element) * allOutputs + o] }
        }
      }
    }
  }
}
