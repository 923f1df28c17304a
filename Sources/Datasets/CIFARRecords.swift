/// The form of a CIFAR file's records: one or two labels, then 3072 bytes, the red, green and blue planes of 32×32 pixels.
struct CIFARRecords {
  static let imageSize = 3 * 32 * 32

  /// The number of classes of each label of a record.
  let labelClasses: [Int]
  /// Which label is the class: the last if none is chosen.
  let labelColumn: Int

  init(labelClasses: [Int], labelColumn: Int? = nil) {
    self.labelClasses = labelClasses
    self.labelColumn = labelColumn ?? labelClasses.count - 1
  }

  /// Records of custom images, of so many labels, each of which may be any byte.
  init(labels: Int, labelColumn: Int? = nil) {
    self.init(labelClasses: [Int](repeating: 256, count: labels), labelColumn: labelColumn)
  }

  var classes: Int { labelClasses[labelColumn] }
  var recordSize: Int { labelClasses.count + Self.imageSize }

  static let cifar10 = CIFARRecords(labelClasses: [10])
  static let cifar100 = CIFARRecords(labelClasses: [20, 100])

  /// Adds all images of a file to `images` and returns their classes.
  ///
  /// - Throws: `DataError`: what the source throws, `labelOutOfRange`, `partialRecord`, `tooFewItems`.
  func read<Source: ByteSource & ~Copyable>(
    from source: inout Source, into images: inout ImageStore
  ) throws(DataError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 20 * recordSize, alignment: 16)
    defer { buffer.deallocate() }
    var labels: [UInt8] = []
    let beginning = source.position
    while true {
      let start = source.position
      let count = try source.fill(buffer)
      for record in 0..<count / recordSize {
        let offset = record * recordSize
        for (i, classes) in labelClasses.enumerated() where Int(buffer[offset + i]) >= classes {
          throw .labelOutOfRange(at: start.advanced(by: offset + i), classes: classes, actual: Int(buffer[offset + i]))
        }
        let image = offset + labelClasses.count
        try images.append(UnsafeRawBufferPointer(rebasing: buffer[image..<offset + recordSize]))
        labels.append(buffer[offset + labelColumn])
      }
      let rest = count % recordSize
      if rest > 0 { throw .partialRecord(at: start.advanced(by: count - rest), size: recordSize, actual: rest) }
      if count < buffer.count { break }
    }
    if labels.isEmpty { throw .tooFewItems(at: beginning, minimum: 1, actual: 0) }
    return labels
  }
}
