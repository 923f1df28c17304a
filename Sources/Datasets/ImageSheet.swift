/// A file's images for viewing, with their labels if these are known.
package struct ImageSheet: Sendable {
  /// The largest number of images that are kept to be shown.
  package static let shownImages = 100

  package let path: String
  package let count, channels, height, width: Int
  package let labels: [UInt8]?
  /// The smallest and the largest pixel of all images; the largest, at least 1, is shown as white.
  package let darkest, brightest: UInt8
  /// The pixels of the first images, `C × H × W` each, row-major.
  private let pixels: [UInt8]

  package var maximum: Int { max(1, Int(brightest)) }

  package init(path: String, _ images: LabelledImages) {
    self.init(
      path: path, count: images.count, (images.channels, images.height, images.width), labels: images.labels
    ) { index, body in images.withPixels(of: index, body) }
  }

  /// Images whose labels, if known, are of another file.
  init(path: String, _ images: ImageArray, labels: [UInt8]?) {
    self.init(
      path: path, count: images.store.count, (images.channels, images.height, images.width), labels: labels
    ) { index, body in images.store.withImage(index, body) }
  }

  private init(
    path: String, count: Int, _ shape: (channels: Int, height: Int, width: Int), labels: [UInt8]?,
    withImage: (Int, (UnsafeBufferPointer<UInt8>) -> Void) -> Void
  ) {
    (self.path, self.count, self.labels) = (path, count, labels)
    (channels, height, width) = shape
    var (darkest, brightest) = (UInt8.max, UInt8.min)
    var shown: [UInt8] = []
    for index in 0..<count {
      withImage(index) { image in
        for pixel in image { (darkest, brightest) = (min(darkest, pixel), max(brightest, pixel)) }
        if index < Self.shownImages { shown.append(contentsOf: image) }
      }
    }
    (self.darkest, self.brightest, pixels) = (min(darkest, brightest), brightest, shown)
  }

  /// The number of images with each label, from 0 to the largest label.
  package var histogram: [Int] { Self.histogram(of: labels ?? []) }

  package static func histogram(of labels: [UInt8]) -> [Int] {
    guard let largest = labels.max() else { return [] }
    return labels.reduce(into: [Int](repeating: 0, count: Int(largest) + 1)) { $0[Int($1)] += 1 }
  }

  private func pixel(_ image: Int, _ channel: Int, _ y: Int, _ x: Int) -> Int {
    Int(pixels[((image * channels + channel) * height + y) * width + x])
  }

  /// The first images side by side, as many as fit into 80 columns: one character for two pixels, one above the other; denser
  /// characters are darker.
  package func textArt(images wanted: Int) -> [String] {
    let shown = max(0, min(wanted, count, Self.shownImages, max(1, 82 / (width + 2))))
    let ramp = Array(" .:-=+*#%@")
    let scale = maximum
    return (0..<(height + 1) / 2).map { row in
      (0..<shown).map { image in
        String(
          (0..<width).map { x in
            var sum = 0
            let rows = 2 * row..<min(2 * row + 2, height)
            for y in rows { for channel in 0..<channels { sum += pixel(image, channel, y, x) } }
            return ramp[sum * (ramp.count - 1) / (scale * channels * rows.count)]
          })
      }.joined(separator: "  ")
    }
  }

  /// The first images as a PNG file, `columns` per row, one pixel apart: in colour if they have three channels, otherwise the first
  /// channel in grey.
  package func png(images wanted: Int, columns: Int) -> [UInt8] {
    let shown = max(1, min(wanted, count, Self.shownImages))
    let columns = min(columns, shown)
    let rows = (shown + columns - 1) / columns
    let (sheetWidth, sheetHeight) = (columns * (width + 1) + 1, rows * (height + 1) + 1)
    let depth = channels == 3 ? 3 : 1
    var sheet = [UInt8](repeating: 128, count: sheetWidth * sheetHeight * depth)
    for image in 0..<shown {
      let (top, left) = (image / columns * (height + 1) + 1, image % columns * (width + 1) + 1)
      for y in 0..<height {
        for x in 0..<width {
          for channel in 0..<depth {
            let value = pixel(image, channel, y, x) * 255 / maximum
            sheet[((top + y) * sheetWidth + left + x) * depth + channel] = UInt8(value)
          }
        }
      }
    }
    return PNG.encode(sheet, width: sheetWidth, height: sheetHeight, channels: depth)
  }
}
