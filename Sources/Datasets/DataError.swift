import Files
import Foundation

/// What is wrong with a file of a data set, and where.
public enum DataError: Error, Equatable, Sendable {
  public typealias Position = FilePosition

  /// No file with one of these names exists; `path` is the folder or the data set.
  case fileMissing(path: String, lookedFor: [String])
  /// None of the folders in which a data set is looked for has any of its files; `names` are the names of its first file.
  case setMissing(directory: String, names: [String], folders: [String])
  /// A directory of data sets that is missing, cannot be reached, or is a file.
  case noDirectory(path: String, errno: Int32)
  /// Files that do not have what was asked for.
  case unfit(path: String, expected: String, actual: String)
  /// A file whose digest is that of another published set's file.
  case otherSet(path: String, expected: String, actual: String)
  /// A symbolic link that leads to no file.
  case danglingLink(path: String, target: String)
  /// Images could not be written to the temporary file that holds large sets: most likely the disk is full.
  case notStored(directory: String, errno: Int32)
  /// The system refused to open or to read the file.
  case unreadable(at: Position, errno: Int32)
  /// The file, or its decompressed contents, has no bytes.
  case emptyFile(at: Position)
  /// The bytes end too early; `expected` is nil if the format does not tell how many there should be.
  case truncated(at: Position, expected: Int?, actual: Int)
  /// More bytes follow the expected end; `expected` and `actual` count all bytes of the file.
  case trailingBytes(at: Position, expected: Int, actual: Int?)
  /// The contents would have more than `limit` bytes; `dimensions` is not empty if this follows from them.
  case tooLarge(at: Position, limit: Int, dimensions: [Int])
  /// The bytes violate their format; `message` says how, for gzip in zlib's words, with the position where zlib stopped: at the
  /// error or a few bytes after it.
  case corrupt(at: Position, format: String, message: String)
  /// A checksum named `name` differs from the one computed.
  case checksum(at: Position, name: String, expected: String, actual: String)
  /// The magic number is that of another kind of file.
  case wrongMagic(at: Position, expected: UInt32, actual: UInt32)
  /// The dimensions are not those of this data set.
  case wrongShape(at: Position, expected: [Int], actual: [Int])
  /// Too few items for the data set's split.
  case tooFewItems(at: Position, minimum: Int, actual: Int)
  /// There are more or fewer labels than images; the position is that of the labels' count.
  case countMismatch(at: Position, images: Int, labels: Int)
  case labelOutOfRange(at: Position, classes: Int, actual: Int)
  case pixelOutOfRange(at: Position, maximum: Int, actual: Int)
  /// The bytes end within a record of a fixed size, after `actual` bytes of it.
  case partialRecord(at: Position, size: Int, actual: Int)
  /// An archive's entry whose name is absolute or climbs out of the folder it would be extracted to.
  case unsafeName(at: Position, name: String)
  /// An archive's entry that is to be a file is another `kind` of thing, such as a link.
  case notAFile(at: Position, name: String, kind: String)
  /// A second member (of an archive, or variable of a MAT file) of the same name.
  case duplicateMember(at: Position, name: String)
  /// The bytes end, and no member has this name.
  case missingMember(at: Position, name: String)
  /// Anything else that is not as expected, in words.
  case unexpected(at: Position, expected: String, actual: String)

  /// Whether the file could not be read (missing, unreadable), as opposed to having wrong contents.
  public var isInputOutput: Bool {
    switch self {
    case .fileMissing, .setMissing, .noDirectory, .danglingLink, .unreadable, .notStored: true
    default: false
    }
  }

  /// The position of the error; the beginning, if there is no file or directory.
  public var position: Position {
    switch self {
    case .fileMissing(let path, _), .setMissing(let path, _, _), .noDirectory(let path, _), .danglingLink(let path, _),
      .notStored(let path, _), .otherSet(let path, _, _),
      .unfit(let path, _, _):
      Position(path: path, offset: 0)
    case .unreadable(let at, _), .emptyFile(let at), .truncated(let at, _, _), .trailingBytes(let at, _, _),
      .tooLarge(let at, _, _), .corrupt(let at, _, _), .checksum(let at, _, _, _), .wrongMagic(let at, _, _),
      .wrongShape(let at, _, _), .tooFewItems(let at, _, _), .countMismatch(let at, _, _),
      .labelOutOfRange(let at, _, _), .pixelOutOfRange(let at, _, _), .partialRecord(let at, _, _),
      .unsafeName(let at, _), .notAFile(let at, _, _), .duplicateMember(let at, _), .missingMember(let at, _),
      .unexpected(let at, _, _):
      at
    }
  }
}

extension DataError {
  /// The error for a file that could not be read.
  fileprivate init(_ error: FileReadError) {
    self =
      switch error {
      case .missing(let path): .fileMissing(path: path, lookedFor: [path])
      case .danglingLink(let path, let target): .danglingLink(path: path, target: target)
      case .unreadable(let at, let errno): .unreadable(at: at, errno: errno)
      }
  }
}

/// Reads from a file, and turns the error of reading into that of a data set.
func reading<Value: ~Copyable>(_ body: @autoclosure () throws(FileReadError) -> Value) throws(DataError) -> Value {
  do { return try body() } catch { throw DataError(error) }
}

extension DataError: CustomStringConvertible {
  /// One line: `PATH: at byte OFFSET: expected X, found Y`, with `PATH (decompressed)` if the offset counts decompressed bytes, and
  /// without the offset if no byte could be read.
  public var description: String {
    let (expected, actual) = wording
    return position.line(expected: expected, found: actual, hasByte: hasByte)
  }

  private var hasByte: Bool {
    switch self {
    case .fileMissing, .setMissing, .noDirectory, .danglingLink, .notStored, .otherSet, .unfit: false
    case .unreadable(let at, _): at.offset > 0
    default: true
    }
  }

  private static func words(for errno: Int32) -> String { FileReadError.words(for: errno) }

  var wording: (expected: String, actual: String) {
    switch self {
    case .fileMissing(let path, let names) where names == [path]: FileReadError.missing(path: path).wording
    case .notStored(_, let errno):
      ("room for a temporary file of images", Self.words(for: errno))
    case .fileMissing(_, let names):
      (names.count == 1 ? names[0] : "one of \(names.joined(separator: ", "))", "no such file")
    case .setMissing(_, let names, let folders):
      (
        names.count == 1 ? names[0] : "one of \(names.joined(separator: ", "))",
        "none in \(folders.map { "./\($0)" }.joined(separator: ", "))"
      )
    case .noDirectory(_, ENOENT): ("a directory", "no such directory")
    case .noDirectory(_, ENOTDIR): ("a directory", "a file")
    case .noDirectory(_, let errno): ("a directory", Self.words(for: errno))
    case .unfit(_, let expected, let actual): (expected, actual)
    case .otherSet(_, let expected, let actual): ("a file of \(expected)", "one of \(actual)")
    case .danglingLink(let path, let target): FileReadError.danglingLink(path: path, target: target).wording
    case .unreadable(let at, let errno): FileReadError.unreadable(at: at, errno: errno).wording
    case .emptyFile: ("at least one byte", "an empty file")
    case .truncated(_, let expected?, let actual): ("\(expected) bytes", "the end after \(actual) bytes")
    case .truncated(_, nil, let actual): ("the rest of the gzip stream", "the end after \(actual) bytes")
    case .trailingBytes(_, let expected, let actual?): ("the end after \(expected) bytes", "\(actual) bytes")
    case .trailingBytes(_, let expected, nil): ("the end after \(expected) bytes", "more bytes")
    case .tooLarge(_, let limit, []): ("at most \(limit) bytes", "more")
    case .tooLarge(_, let limit, let dimensions): ("at most \(limit) bytes", "the dimensions \(times(dimensions))")
    case .corrupt(_, let format, let message): ("valid \(format)", message)
    case .checksum(_, let name, let expected, let actual): ("\(name) \(expected)", actual)
    case .wrongMagic(_, let expected, let actual): ("the magic number \(hexadecimal(expected))", hexadecimal(actual))
    case .wrongShape(_, let expected, let actual): ("the dimensions \(times(expected))", times(actual))
    case .tooFewItems(_, let minimum, let actual): ("a count of at least \(minimum)", "\(actual)")
    case .countMismatch(_, let images, let labels): ("\(images) labels, one for each image", "\(labels)")
    case .labelOutOfRange(_, let classes, let actual): ("a label from 0 to \(classes - 1)", "\(actual)")
    case .pixelOutOfRange(_, let maximum, let actual): ("a pixel from 0 to \(maximum)", "\(actual)")
    case .partialRecord(_, let size, let actual): ("a record of \(size) bytes", "the end after \(actual) bytes of it")
    case .unsafeName(_, let name): ("a name within the archive's folder", name.isEmpty ? "no name" : name)
    case .notAFile(_, let name, let kind): ("\(name) as a regular file", kind)
    case .duplicateMember(_, let name): ("one \(name)", "a second")
    case .missingMember(_, let name): (name, "the end without it")
    case .unexpected(_, let expected, let actual): (expected, actual)
    }
  }
}

/// `28×28`.
private func times(_ dimensions: [Int]) -> String {
  dimensions.map(String.init).joined(separator: "×")
}
