/// The bytes of many images of the same size, in pieces: a piece is neither moved nor copied once it is full.
///
/// So images from a stream never take more memory than their own size plus one piece. Pieces beyond a memory limit are kept in a
/// temporary file instead, from which an image is read when it is asked for: even with a training set of two gigabytes, most of
/// the memory is left to the network. Copies of a store share the pieces and the file.
package struct ImageStore: Sendable {
  /// The number of bytes of pixels that stay in memory: all of CIFAR, but only a part of SVHN's two gigabytes.
  package static let memoryLimit = 1 << 28

  private enum Piece: Sendable {
    case memory([UInt8])
    /// In the temporary file, at this offset.
    case file(Int)
  }

  package let imageSize: Int
  package let imagesPerPiece: Int
  private let memoryLimit: Int
  private var pieces: [Piece]
  /// The piece that is being filled, in memory.
  private var last: [UInt8] = []
  private var overflow: TemporaryFile?
  package private(set) var count: Int

  /// An empty store, to which images can be added.
  ///
  /// - Parameter imagesPerPiece: nil takes at most 1024, and as many as fit into 4 MB or one larger image.
  package init(imageSize: Int, imagesPerPiece: Int? = nil, memoryLimit: Int = ImageStore.memoryLimit) {
    precondition(
      imageSize > 0 && imagesPerPiece ?? 1 > 0,
      "pieces of \(imagesPerPiece.map(String.init) ?? "some") images of \(imageSize) bytes")
    self.imageSize = imageSize
    self.imagesPerPiece = imagesPerPiece ?? max(1, min(1024, (1 << 22) / imageSize))
    self.memoryLimit = memoryLimit
    pieces = []
    count = 0
  }

  /// A store of one piece that is already in memory.
  package init(pixels: [UInt8], count: Int) {
    self.count = count
    imageSize = count == 0 ? 0 : pixels.count / count
    imagesPerPiece = max(1, count)
    memoryLimit = .max
    pieces = [.memory(pixels)]
  }

  /// Adds an image.
  ///
  /// - Throws: `DataError.notStored` if the temporary file cannot be written.
  package mutating func append(_ image: UnsafeRawBufferPointer) throws(DataError) {
    precondition(image.count == imageSize, "an image of \(image.count) bytes instead of \(imageSize)")
    if last.isEmpty { last.reserveCapacity(imagesPerPiece * imageSize) }
    last.append(contentsOf: image)
    count += 1
    guard count % imagesPerPiece == 0 else { return }
    if pieces.count * last.count < memoryLimit {
      pieces.append(.memory(last))
      last = []
    } else {
      pieces.append(.file(try overflowFile().append(last)))
      last.removeAll(keepingCapacity: true)
    }
  }

  private mutating func overflowFile() throws(DataError) -> TemporaryFile {
    if let overflow { return overflow }
    let file = try TemporaryFile()
    overflow = file
    return file
  }

  /// Calls `body` with the bytes of image `row`.
  package func withImage<Result>(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let (piece, start) = (row / imagesPerPiece, row % imagesPerPiece * imageSize)
    func image(of bytes: [UInt8]) -> Result {
      bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<start + imageSize])) }
    }
    guard piece < pieces.count else { return image(of: last) }
    switch pieces[piece] {
    case .memory(let bytes): return image(of: bytes)
    case .file(let offset):
      guard let overflow else { preconditionFailure("ImageStore: no temporary file") }
      return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: imageSize) { buffer in
        overflow.read(at: offset + start, into: UnsafeMutableRawBufferPointer(buffer))
        return body(UnsafeBufferPointer(buffer))
      }
    }
  }
}
