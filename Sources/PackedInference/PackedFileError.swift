import Files

/// What is wrong with a packed file, and where.
public enum PackedFileError: Error, Equatable, Sendable {
  public typealias Position = FilePosition

  /// The file could not be read.
  case file(FileReadError)
  /// The file does not begin as a packed file does.
  case foreign(at: Position)
  /// A version that this program does not read.
  case version(at: Position, actual: UInt32)
  /// The file ends too early: it has `actual` of the `expected` bytes of a part.
  case truncated(at: Position, part: String, expected: Int, actual: Int)
  /// The file goes on; `expected` and `actual` count all of its bytes.
  case trailingBytes(at: Position, expected: Int, actual: Int)
  /// The checksum of all bytes before it is another one.
  case checksum(at: Position, expected: String, actual: String)
  /// The digest of the networks' integers is another one.
  case digest(at: Position, expected: String, actual: String)
  /// Anything else that is not as expected, in words.
  case unexpected(at: Position, expected: String, actual: String)

  /// Whether the file could not be read, as opposed to having wrong contents.
  public var isInputOutput: Bool {
    if case .file = self { true } else { false }
  }

  /// The position in the file.
  public var position: Position {
    switch self {
    case .file(let error): error.position
    case .foreign(let at), .version(let at, _), .truncated(let at, _, _, _), .trailingBytes(let at, _, _),
      .checksum(let at, _, _), .digest(let at, _, _), .unexpected(let at, _, _):
      at
    }
  }
}

extension PackedFileError: CustomStringConvertible {
  /// One line: `PATH: at byte OFFSET: expected X, found Y`.
  public var description: String {
    if case .file(let error) = self { return error.description }
    let (expected, actual) = wording
    return position.line(expected: expected, found: actual)
  }

  private var wording: (expected: String, actual: String) {
    switch self {
    case .file(let error): error.wording
    case .foreign: ("a packed network, which begins with \(PackedFile.magic)", "other bytes")
    case .version(_, let actual): ("version \(PackedFile.version), the only one this program reads", "\(actual)")
    case .truncated(_, let part, let expected, let actual):
      ("\(expected) bytes of \(part)", "the end after \(actual) bytes")
    case .trailingBytes(_, let expected, let actual): ("the end after \(expected) bytes", "\(actual) bytes")
    case .checksum(_, let expected, let actual): ("the bytes' checksum \(expected)", actual)
    case .digest(_, let expected, let actual): ("the integers' digest \(expected)", actual)
    case .unexpected(_, let expected, let actual): (expected, actual)
    }
  }
}
