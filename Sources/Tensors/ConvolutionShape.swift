package import Kernels

/// The dimensions of a convolution of stride 1, as the kernels take them.
public struct ConvolutionShape: Sendable, Equatable {
  /// `N`.
  public var images: Int
  /// `C`.
  public let channels: Int
  /// `H` in pixels.
  public let height: Int
  /// `W` in pixels.
  public let width: Int
  /// The kernel's side `k`.
  public let kernel: Int
  /// Zeros around each side, `p`.
  public let padding: Int
  /// `O`.
  public let outputs: Int

  /// `H + 2p − k + 1`.
  var outputHeight: Int { height + 2 * padding - kernel + 1 }
  /// `W + 2p − k + 1`.
  var outputWidth: Int { width + 2 * padding - kernel + 1 }
  /// Scalars in an image of `x`.
  var inputSize: Int { channels * height * width }
  /// Scalars in an image of `y`.
  var outputSize: Int { outputs * outputHeight * outputWidth }
  /// Rows of the weights.
  var rows: Int { channels * kernel * kernel }

  /// The device, or the calling thread where there is too little work to divide.
  func dividing(_ device: Device) -> Device { images * outputSize * rows < 1 << 16 ? .single : device }

  /// The shape as the C kernels take it.
  package var forKernels: signet_convolution {
    signet_convolution(
      images: images, channels: channels, height: height, width: width, kernel: kernel, padding: padding,
      outputs: outputs)
  }
}
