import RandomStreams
import Tensors

/// Random shifts and reflections of training images (`Method.md` §5), applied after their pixels have been scaled.
///
/// Image `i` of a batch takes words `3i`, `3i + 1`, `3i + 2` of the batch's stream (seed, augmentation, epoch, step) for the
/// shifts down and to the right, each uniform in ±`shift`, and for whether it is then reflected from left to right. Pixels from
/// outside the image are 0.
public struct Augmentation: Sendable, Equatable, Codable {
  /// The largest shift in pixels.
  public let shift: Int
  /// Whether half of the images are reflected.
  public let flips: Bool

  /// - Precondition: `shift` is from 0 to 2¹⁵.
  public init(shift: Int, flips: Bool) {
    precondition((0...1 << 15).contains(shift), "Augmentation: a shift of \(shift) pixels")
    self.shift = shift
    self.flips = flips
  }

  /// The shifts and the reflection of one image.
  package struct Draw: Equatable {
    package let down, right: Int
    package let isFlipped: Bool
  }

  /// The draw for image `index` of a batch.
  package func draw(_ index: Int, from stream: RandomStream) -> Draw {
    func offset(_ word: UInt32) -> Int { Int((UInt64(word) * UInt64(2 * shift + 1)) >> 32) - shift }
    return Draw(
      down: offset(stream.word(3 * index)), right: offset(stream.word(3 * index + 1)),
      isFlipped: flips && stream.word(3 * index + 2) >> 31 == 1)
  }

  /// The augmented images of a batch, shape `(N, C, H, W)`.
  @specialized(where Scalar == Float)
  package func callAsFunction<Scalar: TensorScalar>(_ x: Tensor<Scalar>, drawnFrom stream: RandomStream) -> Tensor<
    Scalar
  > {
    let (height, width, planes) = (x.shape[2], x.shape[3], x.shape[1])
    let shape = x.shape
    return x.withUnsafePointer { x in
      Tensor(shape) { y in
        for i in 0..<shape[0] {
          let draw = draw(i, from: stream)
          for row in 0..<planes * height {
            let target = y + (i * planes * height + row) * width
            let h = row % height - draw.down
            guard (0..<height).contains(h) else {
              target.update(repeating: 0, count: width)
              continue
            }
            let source = x + (i * planes * height + row - draw.down) * width
            for w in 0..<width {
              let from = (draw.isFlipped ? width - 1 - w : w) - draw.right
              target[w] = (0..<width).contains(from) ? source[from] : 0
            }
          }
        }
      }
    }
  }
}
