import Foundation

/// A byte of a file, or of what the file holds once it is decompressed.
public struct FilePosition: Equatable, Sendable {
  public let path: String
  public let offset: Int
  public let isDecompressed: Bool

  package init(path: String, offset: Int, isDecompressed: Bool = false) {
    self.path = path
    self.offset = offset
    self.isDecompressed = isDecompressed
  }

  /// The place `count` bytes on.
  package func advanced(by count: Int) -> FilePosition {
    FilePosition(path: path, offset: offset + count, isDecompressed: isDecompressed)
  }
}

/// Why the system did not deliver a file.
public enum FileReadError: Error, Equatable, Sendable {
  case missing(path: String)
  /// A symbolic link that leads to no file.
  case danglingLink(path: String, target: String)
  /// The system refused to open or to read the file.
  case unreadable(at: FilePosition, errno: Int32)

  /// The byte at which reading ended; the beginning of a file that is not there.
  public var position: FilePosition {
    switch self {
    case .missing(let path), .danglingLink(let path, _): FilePosition(path: path, offset: 0)
    case .unreadable(let at, _): at
    }
  }
}

extension FileReadError: CustomStringConvertible {
  /// One line: `PATH: at byte OFFSET: expected X, found Y`, without a byte if none could be read.
  public var description: String {
    let (expected, actual) = wording
    let byte = position.offset > 0 ? " at byte \(position.offset):" : ""
    return oneLine("\(position.path):\(byte) expected \(expected), found \(actual)")
  }

  package var wording: (expected: String, actual: String) {
    switch self {
    case .missing: ("a file", "no such file")
    case .danglingLink(_, let target): ("a file", "a symbolic link to \(target), which is not there")
    case .unreadable(_, let errno): ("a readable file", Self.words(for: errno))
    }
  }

  /// The number of a system's error, and the system's words for it.
  package static func words(for errno: Int32) -> String {
    "the system's error \(errno), \(reason(ofErrno: errno))"
  }
}
