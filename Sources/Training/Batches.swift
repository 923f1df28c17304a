import Datasets
import Networks
import PackedInference
import RandomStreams
import Tensors

/// The batches of one epoch: the samples shuffled, then split into `⌊n / batch⌋` nearly equal parts (`Method.md` §4).
public struct Batches: Sendable {
  private let order: [Int]
  /// `⌊n / batch⌋`, at least 1.
  public let count: Int

  /// - Precondition: `samples ≥ 1` and `batch ≥ 1`.
  public init(samples: Int, batch: Int, seed: UInt64, epoch: Int) {
    precondition(samples >= 1 && batch >= 1, "Batches: \(samples) samples in batches of \(batch)")
    order = RandomStream(seed: seed, purpose: .shuffle, epoch: epoch).permutation(samples)
    count = Self.count(samples: samples, batch: batch)
  }

  /// `⌊samples / batch⌋`, at least 1.
  package static func count(samples: Int, batch: Int) -> Int { max(1, samples / batch) }

  /// The samples of batch `index`.
  public subscript(index: Int) -> ArraySlice<Int> {
    order[order.count * index / count..<order.count * (index + 1) / count]
  }
}

extension LabelledImages {
  /// The pixels of some images, scaled for a network, shape `(N, C, H, W)`.
  @specialized(where Scalar == Float, Indices == ArraySlice<Int>)
  @specialized(where Scalar == Float, Indices == Range<Int>)
  public func inputs<Scalar: TensorScalar, Indices: RandomAccessCollection>(
    _ indices: Indices, _ scale: PixelScale = .unit
  ) -> Tensor<Scalar> where Indices.Element == Int {
    let maximum = Scalar(pixelMaximum)
    let scaled = (0...255).map { pixel -> Scalar in
      switch scale {
      case .unit: Scalar(pixel) / maximum * 2 - 1
      case .integer: 2 * Scalar(pixel) - maximum
      }
    }
    let size = imageSize
    return Tensor([indices.count, channels, height, width]) { x in
      for (row, index) in indices.enumerated() {
        withPixels(of: index) { image in
          for j in 0..<size { x[row * size + j] = scaled[Int(image[j])] }
        }
      }
    }
  }

  /// A batch of training images: labels, and inputs, shape `(N, C, H, W)`, with scaled pixels and, if asked for, augmented. Pixels
  /// that augmentation shifts in from outside are 0 in either scale.
  ///
  /// Epoch and step key the augmentation's random numbers. Traps if an index is out of bounds.
  public func batch<Scalar: TensorScalar>(
    _ indices: ArraySlice<Int>, _ augmentation: Augmentation?, _ scale: PixelScale = .unit, seed: UInt64, epoch: Int,
    step: Int
  ) -> (inputs: Tensor<Scalar>, labels: [Int]) {
    let x: Tensor<Scalar> = inputs(indices, scale)
    let stream = RandomStream(seed: seed, purpose: .augmentation, epoch: epoch, step: step)
    return (augmentation.map { $0(x, drawnFrom: stream) } ?? x, labels(indices))
  }

  /// The shape of one image.
  public var imageShape: ImageShape { ImageShape(channels: channels, height: height, width: width) }

  /// The input of a network for these images.
  public var input: ImageInput { ImageInput(image: imageShape, pixelMaximum: pixelMaximum) }

  package func labels<Indices: RandomAccessCollection>(_ indices: Indices) -> [Int] where Indices.Element == Int {
    indices.map { Int(labels[$0]) }
  }
}
