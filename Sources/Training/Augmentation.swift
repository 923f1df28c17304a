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

  /// The shifts that there can be.
  static let shifts = 0...1024

  /// - Precondition: `shift` is from 0 to 1024.
  public init(shift: Int, flips: Bool) {
    precondition(Self.shifts.contains(shift), "Augmentation: a shift of \(shift) pixels")
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
    let (height, width) = (x.shape[2], x.shape[3])
    let draws = (0..<x.shape[0]).map { draw($0, from: stream) }
    return Tensor(x.shape, on: .single) { i, j in
      let (row, column) = (j / width, j % width)
      let down = row % height - draws[i].down
      let right = (draws[i].isFlipped ? width - 1 - column : column) - draws[i].right
      guard (0..<height).contains(down) && (0..<width).contains(right) else { return 0 }
      return x[i, (row - draws[i].down) * width + right]
    }
  }
}
