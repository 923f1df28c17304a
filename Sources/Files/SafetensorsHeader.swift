import Tensors

/// The contents of a safetensors file's header, checked for consistency.
struct SafetensorsHeader {
  /// A tensor's type, shape and place.
  struct Entry {
    let name: String
    let type: StoredTensor.NumberType
    let shape: Shape
    /// Bytes from the beginning of the data.
    let begin, end: Int
    /// The position in the file of the tensor's description in the header.
    let offset: Int
  }

  private(set) var metadata: [String: String] = [:]
  /// The tensors in the order of their data, which are contiguous from the beginning of the data part.
  private(set) var tensors: [Entry] = []

  /// - Parameters:
  ///   - bytes: the header, which begins at byte 8 of the file.
  ///   - path: the file, for errors.
  ///   - types: the types that its tensors may have.
  init(_ bytes: [UInt8], path: String, types: [StoredTensor.NumberType]) throws(SafetensorsError) {
    var json = try StrictJSON(bytes, path: path, offset: 8)
    var (metadata, tensors) = ([String: String](), [Entry]())
    try json.members { (json, name, _) throws(SafetensorsError) in
      if name == "__metadata__" {
        try json.members { (json, name, _) throws(SafetensorsError) in metadata[name] = try json.string() }
      } else {
        tensors.append(try json.entry(named: name, types))
      }
    }
    try json.end()
    tensors.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var end = 0
    for tensor in tensors {
      guard tensor.begin == end else {
        throw .wrongBegin(
          at: .init(path: path, offset: tensor.offset), tensor: tensor.name, expected: end, actual: tensor.begin)
      }
      end = tensor.end
    }
    (self.metadata, self.tensors) = (metadata, tensors)
  }
}

extension StrictJSON {
  /// A tensor's description, its members in any order.
  fileprivate mutating func entry(
    named name: String, _ types: [StoredTensor.NumberType]
  ) throws(SafetensorsError) -> SafetensorsHeader.Entry {
    var type: StoredTensor.NumberType?
    var (shape, offsets) = (Shape?.none, [Int]?.none)
    let start = position
    try members { (json, key, at) throws(SafetensorsError) in
      switch key {
      case "dtype":
        let at = json.position
        let text = try json.string()
        type = types.first { $0.rawValue == text }
        if type == nil { throw .unknownType(at: at, tensor: name, known: types, actual: text) }
      case "shape":
        let at = json.position
        shape = try json.numbers(atMost: SafetensorsFile.Limit.rank)
        if shape == nil { throw .rankTooLarge(at: at, tensor: name, limit: SafetensorsFile.Limit.rank) }
      case "data_offsets":
        let at = json.position
        offsets = try json.numbers(atMost: 2)
        if offsets?.count != 2 { throw .malformed(at: at, expected: "two numbers", found: "another count") }
      default:
        throw .malformed(at: at, expected: "dtype, shape or data_offsets of \(quoted(name))", found: quoted(key))
      }
    }
    guard let type, let shape, let offsets else {
      let missing = type == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
      throw .malformed(at: start, expected: "\(missing) of \(quoted(name))", found: "none")
    }
    let entry = SafetensorsHeader.Entry(
      name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1], offset: start.offset)
    try check(entry, at: start)
    return entry
  }

  /// Checks that the data offsets match the size that type and shape imply.
  private func check(_ entry: SafetensorsHeader.Entry, at position: SafetensorsError.Position) throws(SafetensorsError)
  {
    guard !entry.shape.contains(0) else {
      throw .emptyTensor(at: position, tensor: entry.name, shape: entry.shape)
    }
    var size = entry.type.width
    for length in entry.shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      if overflow { throw .tensorTooLarge(at: position, tensor: entry.name, shape: entry.shape) }
      size = product
    }
    // Neither is negative, so the difference cannot overflow.
    guard entry.end - entry.begin == size else {
      throw .wrongSize(at: position, tensor: entry.name, expected: size, begin: entry.begin, end: entry.end)
    }
  }
}
