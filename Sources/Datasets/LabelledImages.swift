/// Images as bytes, each with its class.
public struct LabelledImages: Equatable, Sendable {
  /// `N × C × H × W`, row-major, each from 0 to `pixelMaximum`.
  public let pixels: [UInt8]
  /// `N` classes, each below `classes`.
  public let labels: [UInt8]
  /// `C`: 1 for grey, 3 for colour.
  public let channels: Int
  /// `H` in pixels.
  public let height: Int
  /// `W` in pixels.
  public let width: Int
  /// The number of classes.
  public let classes: Int
  /// The pixel that stands for 1 (0 stands for −1): pixels scale as `p / pixelMaximum · 2 − 1`.
  public let pixelMaximum: Int

  /// `N`.
  public var count: Int { labels.count }
  /// Bytes an image, `C · H · W`.
  public var imageSize: Int { channels * height * width }

  package init(
    pixels: [UInt8], labels: [UInt8], channels: Int, height: Int, width: Int, classes: Int, pixelMaximum: Int
  ) {
    precondition(
      pixels.count == labels.count * channels * height * width,
      "\(pixels.count) pixels are not \(labels.count)×\(channels)×\(height)×\(width)")
    self.pixels = pixels
    self.labels = labels
    self.channels = channels
    self.height = height
    self.width = width
    self.classes = classes
    self.pixelMaximum = pixelMaximum
  }

  /// The images at `range`; traps if that is out of bounds.
  public subscript(range: Range<Int>) -> LabelledImages {
    replacing(
      pixels: Array(pixels[range.lowerBound * imageSize..<range.upperBound * imageSize]),
      labels: Array(labels[range]))
  }

  /// The images at `indices`, in that order; traps if one is out of bounds.
  public func selecting(_ indices: [Int]) -> LabelledImages {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(indices.count * imageSize)
    for index in indices { pixels += self.pixels[index * imageSize..<(index + 1) * imageSize] }
    return replacing(pixels: pixels, labels: indices.map { labels[$0] })
  }

  private func replacing(pixels: [UInt8], labels: [UInt8]) -> LabelledImages {
    LabelledImages(
      pixels: pixels, labels: labels, channels: channels, height: height, width: width, classes: classes,
      pixelMaximum: pixelMaximum)
  }
}
