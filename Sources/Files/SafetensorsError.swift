import Tensors

/// What is wrong with a safetensors file, and where.
public enum SafetensorsError: Error, Equatable, Sendable {
  public typealias Position = FilePosition

  /// The parts of a file.
  public enum Part: String, Sendable {
    case length = "the header's length"
    case header
    case tensors = "the tensors"
  }

  /// The file could not be read.
  case file(FileReadError)
  /// The file ends within one of its parts, after `actual` bytes of the part.
  case truncated(at: Position, part: Part, expected: Int, actual: Int)
  /// The file goes on after the tensors; `expected` and `actual` count all bytes of the file. `actual` is nil for a pipe, of which
  /// no more is read.
  case trailingBytes(at: Position, expected: Int, actual: Int?)
  case headerTooLong(at: Position, limit: Int, actual: UInt64)
  case notUTF8(at: Position)
  /// The header is not JSON, or not a description of tensors.
  case malformed(at: Position, expected: String, found: String)
  case duplicateName(at: Position, name: String)
  case tooManyNames(at: Position, limit: Int)
  case rankTooLarge(at: Position, tensor: String, limit: Int)
  case unknownType(at: Position, tensor: String, known: [StoredTensor.NumberType], actual: String)
  /// An axis has length 0.
  case emptyTensor(at: Position, tensor: String, shape: Shape)
  /// The shape has 2⁶³ bytes or more.
  case tensorTooLarge(at: Position, tensor: String, shape: Shape)
  /// The data offsets do not match the size that type and shape imply.
  case wrongSize(at: Position, tensor: String, expected: Int, begin: Int, end: Int)
  /// The tensor overlaps the one before it, or leaves a gap.
  case wrongBegin(at: Position, tensor: String, expected: Int, actual: Int)

  /// Whether the file could not be read, as opposed to having wrong contents.
  public var isInputOutput: Bool {
    if case .file = self { true } else { false }
  }

  /// The position in the file.
  public var position: Position {
    switch self {
    case .file(let error): error.position
    case .truncated(let at, _, _, _), .trailingBytes(let at, _, _), .headerTooLong(let at, _, _), .notUTF8(let at),
      .malformed(let at, _, _), .duplicateName(let at, _), .tooManyNames(let at, _), .rankTooLarge(let at, _, _),
      .unknownType(let at, _, _, _), .emptyTensor(let at, _, _), .tensorTooLarge(let at, _, _),
      .wrongSize(let at, _, _, _, _), .wrongBegin(let at, _, _, _):
      at
    }
  }
}

extension SafetensorsError: CustomStringConvertible {
  /// One line: `PATH: at byte OFFSET: expected X, found Y`.
  public var description: String {
    if case .file(let error) = self { return error.description }
    let (expected, actual) = wording
    return position.line(expected: expected, found: actual)
  }

  var wording: (expected: String, actual: String) {
    switch self {
    case .file(let error): error.wording
    case .truncated(_, let part, let expected, let actual):
      ("\(expected) bytes of \(part.rawValue)", "the end after \(actual) bytes")
    case .trailingBytes(_, let expected, let actual):
      ("the end after \(expected) bytes", actual.map { "\($0) bytes" } ?? "more bytes")
    case .headerTooLong(_, let limit, let actual):
      ("a header of at most \(limit) bytes", Self.text(inPlaceOf: actual) ?? "\(actual)")
    case .notUTF8: ("UTF-8 text", "other bytes")
    case .malformed(_, let expected, let found): (expected, found)
    case .duplicateName(_, let name): ("each name once", "\(quoted(name)) again")
    case .tooManyNames(_, let limit): ("at most \(limit) names", "more")
    case .rankTooLarge(_, let tensor, let limit): ("at most \(limit) axes of \(quoted(tensor))", "more")
    case .unknownType(_, let tensor, let known, let actual):
      ("\(quoted(tensor)) of type \(Self.words(for: known))", quoted(actual))
    case .emptyTensor(_, let tensor, let shape): ("\(quoted(tensor)) with numbers in it", "the shape \(shape)")
    case .tensorTooLarge(_, let tensor, let shape):
      ("\(quoted(tensor)) of less than 2^63 bytes", "the shape \(shape)")
    case .wrongSize(_, let tensor, let expected, let begin, let end):
      ("\(expected) bytes for \(quoted(tensor))", "its data from \(begin) to \(end)")
    case .wrongBegin(_, let tensor, let expected, let actual):
      ("\(quoted(tensor)) to begin at \(expected) of the data, where the tensor before it ends", "\(actual)")
    }
  }
}

extension SafetensorsError {
  /// What a file of another kind begins with instead of the header's length, if it is ASCII: such as the name of its form.
  private static func text(inPlaceOf length: UInt64) -> String? {
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    guard bytes.allSatisfy({ (0x20...0x7e).contains($0) }) else { return nil }
    return "the text \(quoted(String(decoding: bytes, as: UTF8.self))) in the place of its length"
  }

  /// The types in a sentence: `F32 or F64`.
  private static func words(for types: [StoredTensor.NumberType]) -> String {
    let names = types.map(\.rawValue)
    return names.count < 2 ? names.joined() : "\(names.dropLast().joined(separator: ", ")) or \(names[names.count - 1])"
  }
}

/// A name from a file in quotes, cut after 80 characters.
package func quoted(_ name: String) -> String {
  name.unicodeScalars.count <= 80
    ? "'\(name)'" : "'\(String(String.UnicodeScalarView(name.unicodeScalars.prefix(80))))…'"
}
