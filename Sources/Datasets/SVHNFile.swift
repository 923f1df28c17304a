/// A file of SVHN's cropped digits: an array `X` of bytes, 32×32×3×`N`, and an array `y` of `N` labels, a column or a row.
///
/// Other variables are skipped. MATLAB stores arrays by columns: in the file, an image is three planes of 32 columns. Label 10
/// means the digit 0.
struct SVHNFile {
  static let imageSize = 3 * side * side
  private static let side = 32
  /// The largest number of images in a file; the largest of the three files has 531,131.
  private static let limit = 1 << 20

  /// The digits.
  let labels: [UInt8]
  /// The position of the labels' count.
  let labelsPosition: DataError.Position
  let sha256: String

  /// Adds all images of the file to `images`.
  ///
  /// - Throws: `DataError`: what `MATReader` throws, `unexpected`, `wrongShape`, `tooLarge`, `duplicateMember`,
  ///   `missingMember`, `countMismatch`.
  init(path: String, into images: inout ImageStore) throws(DataError) {
    let first = images.count
    var file = try MATReader(path: path)
    var labels: (values: [UInt8], position: DataError.Position)?
    while let array = try file.next() {
      guard ["X", "y"].contains(array.name) else {
        try file.skip()
        continue
      }
      let position = array.dimensionsPosition
      switch array.name {
      case "X" where images.count == first: try Self.readImages(array, from: &file, into: &images)
      case "y" where labels == nil: labels = (try Self.readLabels(array, from: &file), position)
      default: throw .duplicateMember(at: position, name: array.name)
      }
      try file.end()
    }
    if images.count == first { throw .missingMember(at: file.position, name: "X") }
    guard let labels else { throw .missingMember(at: file.position, name: "y") }
    let count = images.count - first
    if labels.values.count != count {
      throw .countMismatch(at: labels.position, images: count, labels: labels.values.count)
    }
    self.labels = labels.values
    labelsPosition = labels.position
    sha256 = file.stream.sha256
  }

  private static func readImages(
    _ array: MATReader.Variable, from file: inout MATReader, into images: inout ImageStore
  ) throws(DataError) {
    let type = try file.numbers(of: array)
    // MATLAB drops a last dimension of 1.
    let sizes = array.dimensions.count == 3 ? array.dimensions + [1] : array.dimensions
    let expected = [side, side, 3]
    if sizes.count != 4 || Array(sizes[..<3]) != expected {
      throw .wrongShape(at: array.dimensionsPosition, expected: expected + sizes.suffix(1), actual: array.dimensions)
    }
    if array.classCode != 9 || type != .uint8 {
      throw .unexpected(
        at: array.dimensionsPosition, expected: "X of class 9 (bytes)",
        actual: "class \(array.classCode), stored as type \(type.rawValue)")
    }
    let count = sizes[3]
    if count > limit {
      throw .tooLarge(at: array.dimensionsPosition, limit: limit * imageSize, dimensions: sizes)
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 21 * imageSize, alignment: 16)
    defer { buffer.deallocate() }
    let row = UnsafeMutableRawBufferPointer(rebasing: buffer[(20 * imageSize)...])
    for start in stride(from: 0, to: count, by: 20) {
      let columns = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(min(20, count - start) * imageSize)])
      try file.read(into: columns)
      for image in stride(from: 0, to: columns.count, by: imageSize) {
        transpose(UnsafeRawBufferPointer(rebasing: columns[image..<image + imageSize]), into: row)
        try images.append(UnsafeRawBufferPointer(row))
      }
    }
  }

  private static func transpose(_ columns: UnsafeRawBufferPointer, into rows: UnsafeMutableRawBufferPointer) {
    for plane in stride(from: 0, to: imageSize, by: side * side) {
      for y in 0..<side {
        for x in 0..<side { rows[plane + y * side + x] = columns[plane + x * side + y] }
      }
    }
  }

  private static func readLabels(_ array: MATReader.Variable, from file: inout MATReader) throws(DataError) -> [UInt8] {
    let type = try file.numbers(of: array)
    let count = array.dimensions.reduce(1, *)
    if array.dimensions.count != 2 || !array.dimensions.contains(1) {
      throw .wrongShape(at: array.dimensionsPosition, expected: [array.dimensions[0], 1], actual: array.dimensions)
    }
    if count > limit {
      throw .unexpected(at: array.dimensionsPosition, expected: "at most \(limit) labels", actual: "\(count)")
    }
    let size = type.size
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096 * size, alignment: 16)
    defer { buffer.deallocate() }
    var labels: [UInt8] = []
    while labels.count < count {
      let start = file.position
      let values = min(4096, count - labels.count)
      try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<(values * size)]))
      for offset in stride(from: 0, to: values * size, by: size) {
        let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<offset + size])
        guard let label = type.integer(bytes, isBigEndian: file.isBigEndian), (1...10).contains(label) else {
          throw .unexpected(
            at: start.advanced(by: offset), expected: "a label from 1 to 10",
            actual: type.description(of: bytes, isBigEndian: file.isBigEndian))
        }
        labels.append(UInt8(label % 10))
      }
    }
    return labels
  }
}
