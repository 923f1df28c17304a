/// Images and their labels as read from files, before the number of classes is known.
struct LabelledFiles {
  let store: ImageStore
  /// Channels, height, width.
  let size: [Int]
  /// The position where the images begin.
  let position: DataError.Position
  let labels: [LabelArray]

  /// - Throws: `DataError.countMismatch`
  init(_ images: ImageArray, _ labels: LabelArray) throws(DataError) {
    if images.store.count != labels.values.count {
      throw .countMismatch(at: labels.first, images: images.store.count, labels: labels.values.count)
    }
    (store, size, position, self.labels) = (images.store, images.size, images.position, [labels])
  }

  /// Images whose labels are in several files, in their order.
  init(_ store: ImageStore, size: [Int], position: DataError.Position, _ labels: [LabelArray]) {
    (self.store, self.size, self.position, self.labels) = (store, size, position, labels)
  }

  /// The number of classes; each label from the first class's to the largest must occur.
  ///
  /// - Throws: `DataError.unexpected`, naming the label that is missing or out of range.
  func classes(firstLabel: Int) throws(DataError) -> Int {
    let most = LabelledImages.maximalClasses
    var isThere = [Bool](repeating: false, count: most)
    for (array, index, value) in allLabels {
      guard (firstLabel..<firstLabel + most).contains(value) else {
        throw .unexpected(
          at: array.position(index), expected: "a label from \(firstLabel) to at most \(firstLabel + most - 1)",
          actual: "\(value)")
      }
      isThere[value - firstLabel] = true
    }
    let count = (isThere.lastIndex(of: true) ?? 0) + 1
    if let missing = isThere[..<count].firstIndex(of: false) {
      throw .unexpected(
        at: labels[0].first, expected: "labels from \(firstLabel) to \(firstLabel + count - 1), each at least once",
        actual: "no label \(firstLabel + missing)")
    }
    return count
  }

  /// The images with their classes, which are the labels less the first class's label.
  ///
  /// - Throws: `DataError.unexpected` for a label that is not that of a class.
  func images(classes: Int, _ files: ImageFiles) throws(DataError) -> LabelledImages {
    var values: [UInt8] = []
    values.reserveCapacity(store.count)
    for (array, index, value) in allLabels {
      guard (files.firstLabel..<files.firstLabel + classes).contains(value) else {
        throw .unexpected(
          at: array.position(index), expected: "a label from \(files.firstLabel) to \(files.firstLabel + classes - 1)",
          actual: "\(value)")
      }
      values.append(UInt8(value - files.firstLabel))
    }
    return LabelledImages(
      store: store, rows: values.indices.map { UInt32($0) }, labels: values, channels: size[0], height: size[1],
      width: size[2], classes: classes, pixelMaximum: files.pixelMaximum)
  }

  private var allLabels: some Sequence<(LabelArray, Int, Int)> {
    labels.lazy.flatMap { array in array.values.lazy.enumerated().map { (array, $0.offset, $0.element) } }
  }
}
