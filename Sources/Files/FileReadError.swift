import Foundation

/// The position of a byte in a file, or in the file's decompressed contents.
public struct FilePosition: Equatable, Sendable {
  /// The file.
  public let path: String
  /// The number of bytes before the position.
  public let offset: Int
  /// Whether the offset counts decompressed bytes.
  public let isDecompressed: Bool

  package init(path: String, offset: Int, isDecompressed: Bool = false) {
    self.path = path
    self.offset = offset
    self.isDecompressed = isDecompressed
  }

  /// One line: `PATH: at byte OFFSET: expected X, found Y`, with `PATH (decompressed)` if the offset counts decompressed bytes.
  ///
  /// - Parameter hasByte: whether a byte was read; without one, the offset is left out.
  package func line(expected: String, found: String, hasByte: Bool = true) -> String {
    let place = path + (isDecompressed ? " (decompressed)" : "")
    return oneLine("\(place):\(hasByte ? " at byte \(offset):" : "") expected \(expected), found \(found)")
  }

  /// The position `count` bytes later.
  package func advanced(by count: Int) -> FilePosition {
    FilePosition(path: path, offset: offset + count, isDecompressed: isDecompressed)
  }
}

/// Why a file could not be read.
public enum FileReadError: Error, Equatable, Sendable {
  /// There is no file.
  case missing(path: String)
  /// A symbolic link that leads to no file.
  case danglingLink(path: String, target: String)
  /// The system refused to open or to read the file.
  case unreadable(at: FilePosition, errno: Int32)

  /// The byte at which reading ended; for a missing file, its beginning.
  public var position: FilePosition {
    switch self {
    case .missing(let path), .danglingLink(let path, _): FilePosition(path: path, offset: 0)
    case .unreadable(let at, _): at
    }
  }
}

extension FileReadError: CustomStringConvertible {
  /// One line: `PATH: at byte OFFSET: expected X, found Y`, without the offset if no byte could be read.
  public var description: String {
    let (expected, actual) = wording
    return position.line(expected: expected, found: actual, hasByte: position.offset > 0)
  }

  package var wording: (expected: String, actual: String) {
    switch self {
    case .missing: ("a file", "no such file")
    case .danglingLink(_, let target): ("a file", "a symbolic link to \(target), which is not there")
    case .unreadable(_, let errno): ("a readable file", Self.words(for: errno))
    }
  }

  /// A system error's number and the system's description of it.
  package static func words(for errno: Int32) -> String {
    "the system's error \(errno), \(reason(ofErrno: errno))"
  }
}
