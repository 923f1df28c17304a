import Files
import Layers
import Networks
import Tensors
import WeightDistributions

extension PackedFile {
  /// Reads a file, which need not be trusted: its size must be the one that its head implies before anything of that size is
  /// allocated.
  ///
  /// - Throws: `PackedFileError`
  public init(reading path: String) throws(PackedFileError) {
    var input = try PackedInput(path: path)
    self = try input.packedFile()
  }

  /// Whether a file begins as a packed file does; false if it cannot be read, and of a pipe, whose bytes can be read only once.
  package static func isPacked(_ path: String) -> Bool {
    do {
      var input = try PackedInput(path: path)
      guard try input.isRegular else { return false }
      return try input.beginsAsPacked()
    } catch {
      return false
    }
  }
}

/// A packed file that is read from its first byte to its last.
private struct PackedInput: ~Copyable {
  private var file: InputFile
  /// What is read so far.
  private var bytes: [UInt8] = []
  /// Bytes of `bytes` that are taken.
  private var offset = 0

  /// - Throws: `PackedFileError.file`
  init(path: String) throws(PackedFileError) {
    do throws(FileReadError) { file = try InputFile(path: path) } catch { throw .file(error) }
  }

  /// Whether the file is a regular one that is not empty.
  var isRegular: Bool {
    get throws(FileReadError) { try file.size() > 0 }
  }

  /// Reads the beginning and says whether it is that of a packed file.
  mutating func beginsAsPacked() throws(PackedFileError) -> Bool {
    try readUpTo(12)
    return bytes.starts(with: PackedFile.magic.utf8)
  }

  private func position(_ offset: Int) -> PackedFileError.Position { .init(path: file.path, offset: offset) }

  private func unexpected(at offset: Int, _ expected: String, _ actual: String) -> PackedFileError {
    .unexpected(at: position(offset), expected: expected, actual: actual)
  }

  /// Reads until there are `count` bytes in all, or the file ends.
  private mutating func readUpTo(_ count: Int) throws(PackedFileError) {
    let held = bytes.count
    bytes += [UInt8](repeating: 0, count: count - held)
    let read: Int
    do throws(FileReadError) {
      read = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileReadError) in
        try file.fill(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[held...]))
      }
    } catch { throw .file(error) }
    bytes.removeLast(count - held - read)
  }

  /// Reads the next part of the head.
  private mutating func read(_ count: Int, of part: String) throws(PackedFileError) {
    if bytes.count < offset + count { try readUpTo(offset + count) }
    guard bytes.count >= offset + count else {
      throw .truncated(at: position(bytes.count), part: part, expected: count, actual: bytes.count - offset)
    }
  }

  private mutating func integer<Number: FixedWidthInteger>(_: Number.Type = Number.self) -> Number {
    let size = Number.bitWidth / 8
    defer { offset += size }
    return (0..<size).reduce(0) { $0 | Number(truncatingIfNeeded: bytes[offset + $1]) << (8 * Number($1)) }
  }

  /// A number of the head that must be in a range.
  private mutating func number(in range: ClosedRange<Int>, _ name: String) throws(PackedFileError) -> Int {
    let (at, number) = (offset, Int(integer(UInt32.self)))
    guard range.contains(number) else {
      throw unexpected(at: at, "\(name) from \(range.lowerBound) to \(range.upperBound)", "\(number)")
    }
    return number
  }

  private mutating func text(_ count: Int, _ name: String) throws(PackedFileError) -> String {
    defer { offset += count }
    guard let text = String(validating: bytes[offset..<offset + count], as: UTF8.self) else {
      throw unexpected(at: offset, "\(name) in UTF-8", "other bytes")
    }
    return text
  }

  mutating func packedFile() throws(PackedFileError) -> PackedFile {
    guard try beginsAsPacked() || PackedFile.magic.utf8.starts(with: bytes) else {
      throw .foreign(at: position(0))
    }
    offset = 8
    if bytes.count >= 12 {
      let version = integer(UInt32.self)
      guard version == PackedFile.version else { throw .version(at: position(8), actual: version) }
    }
    offset = 0
    try read(PackedFile.fixedHead, of: "the head")
    offset = 12
    typealias Limit = PackedLayout.Limit
    let count = try number(in: 1...Limit.networks, "a number of networks")
    let image = ImageShape(
      channels: try number(in: 1...Limit.side, "a number of channels"),
      height: try number(in: 1...Limit.side, "a height"), width: try number(in: 1...Limit.side, "a width"))
    let maximum = try number(in: 1...Limit.pixelMaximum, "a largest pixel")
    let notationBytes = try number(in: 1...Limit.notation, "a length of the architecture")
    let metadataBytes = try number(in: 0...Limit.metadata, "a length of the metadata")
    try read(notationBytes, of: "the architecture")
    let notation = try text(notationBytes, "the architecture")
    let architecture: Architecture
    do throws(ArchitectureError) { architecture = try Architecture(notation) } catch {
      throw unexpected(at: PackedFile.fixedHead, "an architecture", "\(error)")
    }
    try read(metadataBytes, of: "the metadata")
    let metadata = try text(metadataBytes, "metadata")
    let layers = offset
    var grids: [WeightGrid] = []
    for _ in architecture.blocks { grids.append(try grid()) }
    let layout: PackedLayout
    do throws(PackingError) {
      layout = try PackedLayout(ImageInput(image: image, pixelMaximum: maximum), architecture, grids: grids)
    } catch { throw unexpected(at: PackedFile.fixedHead, "networks that can be packed", "\(error)") }
    try checkWidths(of: layout, at: layers)
    return try networks(count, layout, metadata)
  }

  /// The values of a layer's weights.
  private mutating func grid() throws(PackedFileError) -> WeightGrid {
    let start = offset
    try read(8, of: "a layer's description")
    let values = Int(bytes[start])
    guard WeightGrid.counts.contains(values) else {
      throw unexpected(at: start, "2 to 16 values of a weight", "\(values)")
    }
    let group = DigitGroup(values: values)
    guard bytes[start + 1] == group.digits, bytes[start + 2] == group.bits else {
      throw unexpected(
        at: start + 1, "\(group.digits) digits in \(group.bits) bits for \(values) values",
        "\(bytes[start + 1]) in \(bytes[start + 2])")
    }
    offset = start + 4
    let denominator = try number(in: 1...WeightGrid.largestInteger, "a denominator")
    try read(2 * values, of: "a layer's values")
    let integers = (0..<values).map { _ in Int(integer(Int16.self)) }
    let grid: WeightGrid
    do throws(WeightGridError) { grid = try WeightGrid(integers: integers, denominator: denominator) } catch {
      throw unexpected(at: start + 8, "ascending values of a weight", "\(error)")
    }
    guard grid.integers == integers, grid.denominator == denominator else {
      throw unexpected(at: start + 4, "values of a weight in lowest terms", "\(integers) over \(denominator)")
    }
    return grid
  }

  /// Checks the bytes of a threshold, which follow from the largest sum.
  private func checkWidths(of layout: PackedLayout, at start: Int) throws(PackedFileError) {
    var start = start
    for layer in layout.layers {
      let expected = layer.isLast ? 0 : layer.width.rawValue
      guard bytes[start + 3] == expected else {
        throw unexpected(
          at: start + 3, "thresholds of \(expected) bytes, for sums up to \(layer.largestSum)", "\(bytes[start + 3])")
      }
      start += layer.headBytes
    }
  }

  /// Everything after the head.
  private mutating func networks(
    _ count: Int, _ layout: PackedLayout, _ metadata: String
  ) throws(PackedFileError) -> PackedFile {
    let expected = offset + count * layout.networkBytes + 36
    let size: Int
    // One byte more shows whether the file goes on.
    do throws(FileReadError) { size = try file.size(upTo: expected + 1) } catch { throw .file(error) }
    guard size >= expected else {
      throw .truncated(at: position(size), part: "a file with this head", expected: expected, actual: size)
    }
    guard size == expected else { throw .trailingBytes(at: position(expected), expected: expected, actual: size) }
    try read(expected - offset, of: "networks")
    let sum = PackedFile.checksum(bytes[..<(expected - 4)])
    let start = offset
    offset = expected - 4
    let stored = integer(UInt32.self)
    guard stored == sum else {
      throw .checksum(at: position(expected - 4), expected: hexadecimal(sum), actual: hexadecimal(stored))
    }
    offset = start
    var networks: [PackedNetwork<Float>] = []
    for _ in 0..<count { networks.append(try network(layout)) }
    let file = PackedFile(layout, networks, metadata)
    let digest = hexadecimal(bytes: Array(bytes[offset..<offset + 32]))
    guard digest == file.digest else {
      throw .digest(at: position(offset), expected: file.digest, actual: digest)
    }
    return file
  }

  private mutating func network(_ layout: PackedLayout) throws(PackedFileError) -> PackedNetwork<Float> {
    var (weights, rules) = ([DiscreteWeights](), [SignThresholds]())
    var scores: [Float] = []
    for layer in layout.layers {
      let indices = try digits(layer.digits, count: layer.weights)
      weights.append(DiscreteWeights(grid: layer.grid, shape: [layer.inputs, layer.outputs], indices: indices))
      if layer.isLast {
        scores = try (0...layer.outputs).map { (_) throws(PackedFileError) in try finite() }
        guard PackedFile.isFactor(scores[0]) else {
          throw unexpected(at: offset - 4 * scores.count, PackedFile.factorInWords, "\(scores[0])")
        }
      } else {
        let thresholds = try (0..<layer.outputs).map { (_) throws(PackedFileError) in try threshold(of: layer) }
        let flips = try digits(DigitGroup(values: 2), count: layer.outputs)
        rules.append(SignThresholds(thresholds: thresholds, flips: flips.map { $0 == 1 }))
      }
    }
    return PackedNetwork(
      layout.input, layout.architecture, weights: weights, rules: rules, scores: (scores[0], Array(scores.dropFirst())))
  }

  private mutating func digits(_ group: DigitGroup, count: Int) throws(PackedFileError) -> [UInt8] {
    let size = group.byteCount(of: count)
    defer { offset += size }
    do throws(DigitGroup.Fault) { return try group.unpacked(bytes[offset..<offset + size], count: count) } catch {
      throw unexpected(at: offset + error.byte, error.expected, error.found)
    }
  }

  private mutating func threshold(of layer: PackedLayout.Layer) throws(PackedFileError) -> Int32 {
    let at = offset
    let number: Int32 =
      switch layer.width {
      case .one: Int32(integer(Int8.self))
      case .two: Int32(integer(Int16.self))
      case .four: integer()
      }
    if number == layer.width.least { return .min }
    let largest = Int32(layer.largestSum)
    guard number > -largest && number <= largest else {
      throw unexpected(
        at: at, "a threshold from \(1 - largest) to \(largest), or \(layer.width.least) for a constant sign",
        "\(number)")
    }
    return number
  }

  private mutating func finite() throws(PackedFileError) -> Float {
    let number = Float(bitPattern: integer())
    guard number.isFinite else { throw unexpected(at: offset - 4, "a finite number", "\(number)") }
    return number
  }
}
