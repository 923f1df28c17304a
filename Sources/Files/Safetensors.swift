import Tensors

/// A file of named tensors in the format *safetensors* (https://github.com/huggingface/safetensors), which many programs read:
///
/// - 8 bytes: the length of the header, least significant byte first;
/// - the header in JSON: each tensor's type, shape and place in the data, and strings under `__metadata__`;
/// - the tensors' numbers in row-major order, least significant byte first, without gaps.
///
/// Networks have types `F32` and `F64`; files for and from other programs may have all of `StoredTensor.NumberType`. The limits are
/// **ours**; see `Limit`.
public struct SafetensorsFile: Sendable, Equatable {
  /// The caller's notes about the tensors.
  public var metadata: [String: String]
  /// The tensors by name.
  public var tensors: [String: StoredTensor]

  /// The contents of a file to write.
  public init(metadata: [String: String] = [:], tensors: [String: StoredTensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The limits of what a file may contain. The format itself allows a header of 100 MB.
  public enum Limit {
    /// The largest number of bytes of the header.
    public static let header = 1 << 24
    /// The largest number of names in the header, and in its metadata.
    public static let names = 1 << 16
    /// The largest number of axes of a tensor.
    public static let rank = 8
  }
}

extension SafetensorsFile {
  /// Writes the file, which appears whole or not at all. The same contents give the same bytes.
  ///
  /// The order of the tensors is that of the format's own library: wider numbers first, so that all are aligned, then by name.
  /// - Precondition: no tensor is named `__metadata__`.
  /// - Throws: `FileWriteError`, also if the contents are not within `Limit`; then nothing is written.
  public func write(to path: String) throws(FileWriteError) {
    let order = tensors.sorted {
      let (first, second) = ($0.value.type.width, $1.value.type.width)
      return first == second ? isBefore($0.key, $1.key) : first > second
    }
    let header = try header(order, of: path)
    let file = try AtomicFile(path: path)
    try file.write(littleEndianBytes(UInt64(header.count)) + header)
    for (_, tensor) in order {
      try tensor.withLittleEndianBytes { (bytes) throws(FileWriteError) in try file.write(bytes) }
    }
    try file.commit()
  }

  /// The header for tensors in this order, with spaces at its end so that the data begin at a multiple of 8.
  private func header(
    _ tensors: [(key: String, value: StoredTensor)], of path: String
  ) throws(FileWriteError) -> [UInt8] {
    func require(_ count: Int, atMost limit: Int, _ what: String) throws(FileWriteError) {
      guard count <= limit else { throw .beyondLimit(path: path, what, limit: limit, actual: count) }
    }
    precondition(self.tensors["__metadata__"] == nil, "Safetensors: __metadata__ cannot be a tensor's name")
    try require(tensors.count + (metadata.isEmpty ? 0 : 1), atMost: Limit.names, "names of tensors")
    try require(metadata.count, atMost: Limit.names, "names of texts")
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { isBefore($0.key, $1.key) }.map { "\(json($0.key)):\(json($0.value))" }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var end = 0
    for (name, tensor) in tensors {
      let shape = tensor.shape
      try require(shape.count, atMost: Limit.rank, "axes of \(quoted(name))")
      let begin = end
      end += shape.reduce(tensor.type.width, *)
      let lengths = shape.map(String.init).joined(separator: ",")
      members.append(
        "\(json(name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(lengths)],\"data_offsets\":[\(begin),\(end)]}"
      )
    }
    let text = Array("{\(members.joined(separator: ","))}".utf8)
    let header = text + Array(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    try require(header.count, atMost: Limit.header, "bytes of the header")
    return header
  }
}

/// Whether `a` comes before `b` in the order of their bytes, which does not depend on the version of Unicode.
private func isBefore(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

/// A JSON string, in which only the characters that must be escaped are escaped.
private func json(_ text: String) -> String {
  var string = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": string += "\\\""
    case "\\": string += "\\\\"
    case "\u{8}": string += "\\b"
    case "\u{c}": string += "\\f"
    case "\n": string += "\\n"
    case "\r": string += "\\r"
    case "\t": string += "\\t"
    case "\0"..<" ":
      let digits = String(scalar.value, radix: 16)
      string += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: string.unicodeScalars.append(scalar)
    }
  }
  return string + "\""
}
