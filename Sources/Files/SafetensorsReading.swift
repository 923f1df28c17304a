import Tensors

extension SafetensorsFile {
  /// Reads a file, which need not be trusted: everything in its header is checked before it is used, and no single allocation
  /// is larger than the file plus 64 KB. A pipe is read whole before its tensors are made.
  ///
  /// - Throws: `SafetensorsError`
  public init(reading path: String) throws(SafetensorsError) {
    try self.init(reading: path, types: StoredTensor.NumberType.real)
  }

  /// The same, of a file with tensors of other types.
  package init(reading path: String, types: [StoredTensor.NumberType]) throws(SafetensorsError) {
    var input = try SafetensorsInput(path: path)
    let header = try input.header(types)
    metadata = header.metadata
    tensors = [:]
    for entry in header.tensors {
      switch entry.type {
      case .float: tensors[entry.name] = .float(try input.tensor(entry.shape))
      case .double: tensors[entry.name] = .double(try input.tensor(entry.shape))
      default:
        let bytes = try input.bytes(entry.end - entry.begin, of: .tensors)
        tensors[entry.name] = .numbers(StoredNumbers(type: entry.type, shape: entry.shape, bytes: bytes))
      }
    }
  }
}

/// A safetensors file that is read from its first byte to its last.
private struct SafetensorsInput: ~Copyable {
  private var file: InputFile

  init(path: String) throws(SafetensorsError) {
    do throws(FileReadError) { file = try InputFile(path: path) } catch { throw .file(error) }
  }

  private func position(_ offset: Int) -> SafetensorsError.Position { .init(path: file.path, offset: offset) }

  /// Fills the buffer with one of the file's parts, or a piece of it.
  private mutating func fill(
    _ buffer: UnsafeMutableRawBufferPointer, of part: SafetensorsError.Part
  ) throws(SafetensorsError) {
    let count: Int
    do throws(FileReadError) { count = try file.fill(buffer) } catch { throw .file(error) }
    // The file was long enough when it was opened; it may have been shortened since.
    guard count == buffer.count else {
      throw .truncated(at: position(file.offset), part: part, expected: buffer.count, actual: count)
    }
  }

  mutating func bytes(_ count: Int, of part: SafetensorsError.Part) throws(SafetensorsError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(SafetensorsError) in
      try fill(UnsafeMutableRawBufferPointer(buffer), of: part)
    }
    return bytes
  }

  /// Reads the header and checks it against the file's size: the tensors must be the rest of the file.
  mutating func header(_ types: [StoredTensor.NumberType]) throws(SafetensorsError) -> SafetensorsHeader {
    var size = try self.size(upTo: 8)
    guard size >= 8 else { throw .truncated(at: position(size), part: .length, expected: 8, actual: size) }
    let length = try bytes(8, of: .length).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(SafetensorsFile.Limit.header) else {
      throw .headerTooLong(at: position(0), limit: SafetensorsFile.Limit.header, actual: length)
    }
    let begin = 8 + Int(length)
    size = try self.size(upTo: begin)
    guard begin <= size else {
      throw .truncated(at: position(size), part: .header, expected: Int(length), actual: size - 8)
    }
    let header = try SafetensorsHeader(try bytes(Int(length), of: .header), path: file.path, types: types)
    let expected = header.tensors.last?.end ?? 0
    // One byte more shows whether the file goes on.
    let (limit, isTooLarge) = (begin + 1).addingReportingOverflow(expected)
    size = try self.size(upTo: isTooLarge ? .max : limit)
    let actual = size - begin
    if actual < expected {
      throw .truncated(at: position(size), part: .tensors, expected: expected, actual: actual)
    }
    if actual > expected {
      let whole = try isRegular ? size : nil
      throw .trailingBytes(at: position(begin + expected), expected: begin + expected, actual: whole)
    }
    return header
  }

  /// Whether the system tells the file's size.
  private var isRegular: Bool {
    get throws(SafetensorsError) {
      do throws(FileReadError) { return try file.size() > 0 } catch { throw .file(error) }
    }
  }

  /// The size of the file, as far as it matters.
  private mutating func size(upTo limit: Int) throws(SafetensorsError) -> Int {
    do throws(FileReadError) { return try file.size(upTo: limit) } catch { throw .file(error) }
  }

  /// The next tensor.
  mutating func tensor<Scalar: TensorScalar>(_ shape: Shape) throws(SafetensorsError) -> Tensor<Scalar> {
    try Tensor(shape, fillingLittleEndianBytes: { (bytes) throws(SafetensorsError) in try fill(bytes, of: .tensors) })
  }
}
