/// Where the bits of an image's pixels lie in memory: those of a pixel's channels one after the other, the pixels of a row one after
/// the other, and the rows `rowBits` apart.
struct BitMap: Equatable, Sendable {
  /// Bits of a pixel: its channels.
  let channels: Int
  let height: Int
  let width: Int
  /// Rows and columns of zeros around the image.
  let padding: Int
  /// From one row to the next.
  let rowBits: Int
  /// Words of the whole image, one more than it fills, so that 64 bits can be read from any of its bits on.
  let words: Int

  /// For a convolution, which reads runs of a row, rows begin at whole words; a dense layer reads all bits as one row.
  init(channels: Int, height: Int, width: Int, padding: Int, isDense: Bool) {
    (self.channels, self.height, self.width, self.padding) = (channels, height, width, padding)
    let bits = (width + 2 * padding) * channels
    rowBits = isDense ? bits : (bits + 63) / 64 * 64
    words = ((height + 2 * padding) * rowBits + 63) / 64 + (isDense ? 0 : 1)
  }

  /// The first bit of the first pixel of row `y`.
  func bit(ofRow y: Int) -> Int { (y + padding) * rowBits + padding * channels }
}
