extension LabelledImages {
  /// Images without labels from an NPY file, `uint8` and N×H×W or N×C×H×W: every label is 0 and has no meaning.
  ///
  /// - Throws: `DataError`: what reading throws, or `wrongShape` if the images are not `channels × height × width`.
  package init(
    unlabelled path: String, channels: Int, height: Int, width: Int, classes: Int, pixelMaximum: Int
  ) throws(DataError) {
    var stream = try ContentStream(path: path, limit: 1 << 40)
    let images = try ImageArray(try ArrayHeader(npy: &stream), from: &stream, pixelMaximum: pixelMaximum)
    guard images.size == [channels, height, width] else {
      throw .wrongShape(at: images.position, expected: [channels, height, width], actual: images.size)
    }
    let count = images.store.count
    self.init(
      store: images.store, rows: (0..<count).map { UInt32($0) }, labels: [UInt8](repeating: 0, count: count),
      channels: channels, height: height, width: width, classes: classes, pixelMaximum: pixelMaximum)
  }
}
