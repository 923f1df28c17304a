/// Images of one size, read from an array of bytes `N × H × W` or `N × C × H × W`.
struct ImageArray {
  var store: ImageStore
  let channels, height, width: Int
  /// The position of the shape in the file.
  let position: DataError.Position

  var size: [Int] { [channels, height, width] }

  /// The largest number of images.
  private static let limit = Int(Int32.max)

  /// Reads the values after a header, to the end of the source.
  ///
  /// - Throws: `DataError`: what the source throws, `unexpected`, `wrongShape`, `tooFewItems`, `tooLarge`, `pixelOutOfRange`.
  init<Source: ByteSource & ~Copyable>(
    _ header: ArrayHeader, from source: inout Source, pixelMaximum: Int
  ) throws(DataError) {
    let (shape, at) = (header.shape, header.position)
    guard header.type == .uint8 else {
      throw .unexpected(at: at, expected: "pixels of type uint8 from 0 to \(pixelMaximum)", actual: header.type.name)
    }
    let words = shape.map(String.init).joined(separator: "×")
    guard (3...4).contains(shape.count) else {
      throw .unexpected(at: at, expected: "images N×H×W or N×C×H×W", actual: "the shape \(words)")
    }
    if let axis = shape.firstIndex(of: 0) { throw .tooFewItems(at: at, minimum: 1, actual: shape[axis]) }
    if shape.count == 4 && [1, 3, 4].contains(shape[3]) && shape[1] > 4 {
      throw .unexpected(
        at: at, expected: "images N×C×H×W",
        actual: "the shape \(words), which looks like N×H×W×C (NumPy's transpose(0, 3, 1, 2) reorders it)")
    }
    let sides = shape.dropFirst().map { $0 <= LabelledImages.maximalSide ? $0 : LabelledImages.maximalImageSize + 1 }
    // Each factor is below 2^25, so the product of three does not overflow.
    let size = sides.reduce(1, *)
    if size > LabelledImages.maximalImageSize {
      throw .tooLarge(at: at, limit: LabelledImages.maximalImageSize, dimensions: Array(shape.dropFirst()))
    }
    if shape[0] > Self.limit {
      throw .unexpected(at: at, expected: "at most \(Self.limit) images", actual: "\(shape[0])")
    }
    (channels, height, width) = shape.count == 4 ? (shape[1], shape[2], shape[3]) : (1, shape[1], shape[2])
    position = at
    store = ImageStore(imageSize: size)
    let most = max(1, (1 << 18) / size)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(most, shape[0]) * size, alignment: 16)
    defer { buffer.deallocate() }
    for start in stride(from: 0, to: shape[0], by: most) {
      let images = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(min(most, shape[0] - start) * size)])
      let first = source.position
      try source.fillAll(images)
      if pixelMaximum < 255, let place = images.firstIndex(where: { $0 > pixelMaximum }) {
        throw .pixelOutOfRange(at: first.advanced(by: place), maximum: pixelMaximum, actual: Int(images[place]))
      }
      for image in stride(from: 0, to: images.count, by: size) {
        try store.append(UnsafeRawBufferPointer(rebasing: images[image..<image + size]))
      }
    }
    try source.requireEnd()
  }
}

/// Labels, read from an array of integers `N` or `N × K`.
struct LabelArray {
  let values: [Int]
  /// The position of the first label, and how many bytes later the next one is.
  let first: DataError.Position
  let stride: Int

  /// The largest number of labels: their file may be much smaller, compressed, than the memory that they take.
  private static let limit = 1 << 26
  private static let columnLimit = 1 << 16

  /// The position of a label.
  func position(_ index: Int) -> DataError.Position { first.advanced(by: index * stride) }

  init(values: [Int], first: DataError.Position, stride: Int) {
    (self.values, self.first, self.stride) = (values, first, stride)
  }

  /// Reads the values after a header, to the end of the source.
  ///
  /// - Parameter column: which of an image's `K` numbers is its label; nil if `K` must be 1.
  /// - Throws: `DataError`: what the source throws, `unexpected`, `tooFewItems`.
  init<Source: ByteSource & ~Copyable>(
    _ header: ArrayHeader, column: Int?, from source: inout Source
  ) throws(DataError) {
    let (shape, at, type) = (header.shape, header.position, header.type)
    guard type.isInteger else { throw .unexpected(at: at, expected: "labels of an integer type", actual: type.name) }
    guard (1...2).contains(shape.count) else {
      let words = shape.map(String.init).joined(separator: "×")
      throw .unexpected(at: at, expected: "labels N or N×K", actual: "the shape \(words)")
    }
    let (count, columns) = (shape[0], header.columns)
    if count == 0 || columns == 0 { throw .tooFewItems(at: at, minimum: 1, actual: 0) }
    if count > Self.limit {
      throw .unexpected(at: at, expected: "labels of at most \(Self.limit) images", actual: "\(count)")
    }
    if columns > Self.columnLimit {
      throw .unexpected(at: at, expected: "at most \(Self.columnLimit) columns of labels", actual: "\(columns)")
    }
    if column == nil && columns > 1 {
      throw .unexpected(
        at: at, expected: "one label per image, or the choice of a column", actual: "\(columns) columns")
    }
    let column = column ?? 0
    if column >= columns {
      throw .unexpected(at: at, expected: "more than \(column) columns of labels", actual: "\(columns)")
    }
    let row = columns * type.size
    let most = max(1, (1 << 16) / row)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(most, count) * row, alignment: 16)
    defer { buffer.deallocate() }
    var values: [Int] = []
    let first = source.position.advanced(by: column * type.size)
    for start in Swift.stride(from: 0, to: count, by: most) {
      let rows = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(min(most, count - start) * row)])
      try source.fillAll(rows)
      for offset in Swift.stride(from: column * type.size, to: rows.count, by: row) {
        let bytes = UnsafeMutableRawBufferPointer(rebasing: rows[offset..<offset + type.size])
        guard let value = type.integer(bytes, isBigEndian: header.isBigEndian) else {
          throw .unexpected(
            at: first.advanced(by: values.count * row), expected: "a label below 2^63",
            actual: type.description(of: bytes, isBigEndian: header.isBigEndian))
        }
        values.append(value)
      }
    }
    try source.requireEnd()
    self.init(values: values, first: first, stride: row)
  }
}
