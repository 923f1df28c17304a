/// The bytes of many images of one size, in pieces: a piece is neither moved nor copied once it is full.
///
/// So images that come from a stream take their own size and at most a piece's more, at every time. Copies of a store
/// share the pieces.
struct ImageStore: Sendable {
  let imageSize: Int
  private let imagesPerPiece: Int
  private var pieces: [[UInt8]]
  private(set) var count: Int

  /// A store that grows.
  init(imageSize: Int, imagesPerPiece: Int = 1024) {
    precondition(imageSize > 0 && imagesPerPiece > 0, "pieces of \(imagesPerPiece) images of \(imageSize) bytes")
    self.imageSize = imageSize
    self.imagesPerPiece = imagesPerPiece
    pieces = []
    count = 0
  }

  /// A store of one piece.
  init(pixels: [UInt8], count: Int) {
    self.count = count
    imageSize = count == 0 ? 0 : pixels.count / count
    imagesPerPiece = max(1, count)
    pieces = [pixels]
  }

  /// Adds an image.
  mutating func append(_ image: UnsafeRawBufferPointer) {
    precondition(image.count == imageSize, "an image of \(image.count) bytes instead of \(imageSize)")
    if count % imagesPerPiece == 0 {
      pieces.append([])
      pieces[pieces.count - 1].reserveCapacity(imagesPerPiece * imageSize)
    }
    pieces[pieces.count - 1].append(contentsOf: image)
    count += 1
  }

  /// Calls `body` with the bytes of image `row`.
  func withImage<Result>(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let start = row % imagesPerPiece * imageSize
    return pieces[row / imagesPerPiece].withUnsafeBufferPointer { piece in
      body(UnsafeBufferPointer(rebasing: piece[start..<start + imageSize]))
    }
  }
}
