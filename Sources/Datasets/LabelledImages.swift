/// Images as bytes, each with its class.
///
/// A part of the images shares their bytes: it takes four bytes per image and the labels, not a copy.
public struct LabelledImages: Sendable {
  /// The classes of the `N` images, each below `classes`.
  public let labels: [UInt8]
  /// `C`: 1 for grey, 3 for colour.
  public let channels: Int
  /// `H` in pixels.
  public let height: Int
  /// `W` in pixels.
  public let width: Int
  /// The number of classes.
  public let classes: Int
  /// The pixel value that is scaled to 1 (0 is scaled to −1): pixels scale as `p / pixelMaximum · 2 − 1`.
  public let pixelMaximum: Int

  private let store: ImageStore
  /// The index of each image in the store.
  private let rows: [UInt32]

  /// The largest number of classes, of channels or pixels on a side, and of bytes per image.
  package static let maximalClasses = 256
  package static let maximalSide = 1 << 16
  package static let maximalImageSize = 1 << 24

  /// Whether there are images of this form.
  package static func allows(channels: Int, height: Int, width: Int, classes: Int, pixelMaximum: Int) -> Bool {
    [channels, height, width].allSatisfy { (1...maximalSide).contains($0) }
      && channels * height * width <= maximalImageSize && (1...maximalClasses).contains(classes)
      && (1...255).contains(pixelMaximum)
  }

  /// `N`.
  public var count: Int { labels.count }
  /// The number of bytes per image, `C · H · W`.
  public var imageSize: Int { channels * height * width }

  /// A copy of all pixels, `N × C × H × W`, row-major, each from 0 to `pixelMaximum`.
  ///
  /// - Complexity: O(`N · C · H · W`), also in memory; ``withPixels(of:_:)`` copies nothing.
  public var pixels: [UInt8] {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * imageSize)
    for index in 0..<count { withPixels(of: index) { pixels.append(contentsOf: $0) } }
    return pixels
  }

  /// Calls `body` with the pixels of the image at `index`, `C × H × W`; traps if the index is out of bounds.
  public func withPixels<Result>(of index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    store.withImage(Int(rows[index]), body)
  }

  /// Images of the caller's own.
  ///
  /// - Parameters:
  ///   - pixels: `N × C × H × W`, row-major, each from 0 to `pixelMaximum`.
  ///   - labels: `N` classes, each below `classes`.
  /// - Precondition: as many pixels as the shape needs; no pixel above `pixelMaximum`, and no label from `classes` on; 1 to 256
  ///   classes, and `pixelMaximum` from 1 to 255; channels, height and width from 1 to 2¹⁶, and at most 2²⁴ bytes per image.
  public init(
    pixels: [UInt8], labels: [UInt8], channels: Int, height: Int, width: Int, classes: Int, pixelMaximum: Int
  ) {
    precondition(
      pixels.count == labels.count * channels * height * width,
      "\(pixels.count) pixels are not \(labels.count)×\(channels)×\(height)×\(width)")
    let (largest, last) = (pixels.largest, labels.largest)
    precondition(largest <= pixelMaximum, "LabelledImages: a pixel \(largest), but pixelMaximum \(pixelMaximum)")
    precondition(labels.isEmpty || last < classes, "LabelledImages: a label \(last), but \(classes) classes")
    self.init(
      store: ImageStore(pixels: pixels, count: labels.count), rows: (0..<labels.count).map { UInt32($0) },
      labels: labels, channels: channels, height: height, width: width, classes: classes, pixelMaximum: pixelMaximum)
  }

  /// The images of `store` at `rows`.
  init(
    store: ImageStore, rows: [UInt32], labels: [UInt8], channels: Int, height: Int, width: Int, classes: Int,
    pixelMaximum: Int
  ) {
    precondition(
      Self.allows(channels: channels, height: height, width: width, classes: classes, pixelMaximum: pixelMaximum),
      "LabelledImages: \(channels)×\(height)×\(width), \(classes) classes, pixels from 0 to \(pixelMaximum)")
    precondition(rows.count == labels.count, "\(rows.count) images, \(labels.count) labels")
    self.store = store
    self.rows = rows
    self.labels = labels
    self.channels = channels
    self.height = height
    self.width = width
    self.classes = classes
    self.pixelMaximum = pixelMaximum
  }

  /// The images at `range`; traps if it is out of bounds.
  public subscript(range: Range<Int>) -> LabelledImages {
    replacing(rows: Array(rows[range]), labels: Array(labels[range]))
  }

  /// The images at `indices`, in that order; traps if one is out of bounds.
  public func selecting(_ indices: [Int]) -> LabelledImages {
    replacing(rows: indices.map { rows[$0] }, labels: indices.map { labels[$0] })
  }

  private func replacing(rows: [UInt32], labels: [UInt8]) -> LabelledImages {
    LabelledImages(
      store: store, rows: rows, labels: labels, channels: channels, height: height, width: width, classes: classes,
      pixelMaximum: pixelMaximum)
  }
}

extension LabelledImages: Equatable {
  /// Whether the images, their order and all properties are equal.
  public static func == (a: LabelledImages, b: LabelledImages) -> Bool {
    guard
      a.labels == b.labels && (a.channels, a.height, a.width) == (b.channels, b.height, b.width)
        && (a.classes, a.pixelMaximum) == (b.classes, b.pixelMaximum)
    else { return false }
    return (0..<a.count).allSatisfy { index in
      a.withPixels(of: index) { x in b.withPixels(of: index) { y in x.elementsEqual(y) } }
    }
  }
}

extension [UInt8] {
  /// The largest byte, or 0: without a branch at each byte, so that it takes no time beside reading the bytes.
  fileprivate var largest: Int { Int(reduce(0, Swift.max)) }
}
