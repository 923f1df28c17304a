extension LabelledImages {
  /// Joins a file of images (`N × H × W`) and a file of labels (`N`).
  ///
  /// - Throws: `DataError`: what `IDX` throws, `wrongShape`, `countMismatch`, `labelOutOfRange`, `pixelOutOfRange`.
  package init(
    images: StoredFile, labels: StoredFile, height: Int, width: Int, classes: Int, pixelMaximum: Int
  ) throws(DataError) {
    let images = try IDX(images, rank: 3)
    let labels = try IDX(labels, rank: 1)
    let size = Array(images.dimensions[1...])
    if size != [height, width] {
      throw .wrongShape(at: images.file.position(8), expected: [height, width], actual: size)
    }
    let count = images.dimensions[0]
    if labels.dimensions[0] != count {
      throw .countMismatch(at: labels.file.position(4), images: count, labels: labels.dimensions[0])
    }
    if let (offset, label) = labels.firstValue(above: classes - 1) {
      throw .labelOutOfRange(at: labels.file.position(offset), classes: classes, actual: label)
    }
    if let (offset, pixel) = images.firstValue(above: pixelMaximum) {
      throw .pixelOutOfRange(at: images.file.position(offset), maximum: pixelMaximum, actual: pixel)
    }
    self.init(
      pixels: Array(images.values), labels: Array(labels.values), channels: 1, height: height, width: width,
      classes: classes, pixelMaximum: pixelMaximum)
  }
}

extension IDX {
  /// The first value above `maximum`, and its offset in the contents of the file.
  fileprivate func firstValue(above maximum: Int) -> (offset: Int, value: Int)? {
    if maximum >= 255 { return nil }
    return values.firstIndex { Int($0) > maximum }.map { ($0, Int(file.bytes[$0])) }
  }
}
