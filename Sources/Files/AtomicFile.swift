import Foundation

/// A file that appears whole or not at all.
///
/// It is written under a temporary name in the same directory, flushed, and renamed by `commit()`; then the directory is
/// flushed. Until it is renamed, any file at the path stays as it was; without a successful `commit()` the temporary file is
/// removed. The temporary name contains the process ID and a random number, and is never that of another file: processes of several
/// machines can write to one directory. A symbolic link at the path stays, and the file that it leads to is written.
package struct AtomicFile: ~Copyable {
  /// The path that was asked for, which errors name.
  private let path: String
  /// The path at which the file appears: where symbolic links lead.
  private let target: String
  private let temporary: String
  private let directory: Int32
  private let descriptor: Int32
  private var isRenamed = false

  /// Begins the file that is to appear at `path`.
  ///
  /// - Parameters:
  ///   - mark: the number in the temporary name. No result depends on it.
  ///   - isNew: false takes a temporary file that is there already, which a test has put there.
  /// - Throws: `FileWriteError`, also if there is something other than a regular file at `path`, such as a device: renaming
  ///   over it would replace it.
  package init(
    path: String, mark: UInt32 = .random(in: .min ... .max), isNew: Bool = true
  ) throws(FileWriteError) {
    try Self.requireRegular(path)
    let target = try Self.target(of: path)
    let folder = Self.folder(of: target)
    let temporary = "\(folder).\(target.dropFirst(folder.count)).\(getpid())-\(mark).partial"

    let directory = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw .cannotWrite(path: path, errno: errno) }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | (isNew ? O_EXCL : 0) | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      let code = errno
      close(directory)
      throw .cannotWrite(path: path, errno: code)
    }
    self.path = path
    self.target = target
    self.temporary = temporary
    self.directory = directory
    self.descriptor = descriptor
  }

  /// The path at the end of a chain of symbolic links, whether there is a file or not; the path itself if it is no link.
  ///
  /// - Throws: `FileWriteError.cannotWrite` for links that lead to no end.
  package static func target(of path: String) throws(FileWriteError) -> String {
    var target = path
    // Linux follows 40 of them.
    for _ in 0...40 {
      guard let link = try? FileManager.default.destinationOfSymbolicLink(atPath: target) else { return target }
      target = link.hasPrefix("/") ? link : folder(of: target) + link
    }
    throw .cannotWrite(path: path, errno: ELOOP)
  }

  /// A path up to its last slash; empty if it has none.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// Refuses a path at which there is something other than a regular file, such as a device.
  ///
  /// - Throws: `FileWriteError.notRegular`
  package static func requireRegular(_ path: String) throws(FileWriteError) {
    var facts = stat()
    if stat(path, &facts) == 0, facts.st_mode & S_IFMT != S_IFREG { throw .notRegular(path: path) }
  }

  /// Writes a whole file.
  ///
  /// - Parameter makingDirectories: whether to create missing parent directories.
  package static func write(
    _ bytes: [UInt8], to path: String, makingDirectories: Bool = false
  ) throws(FileWriteError) {
    if makingDirectories { try makeDirectory(URL(plainPath: path).deletingLastPathComponent().path) }
    let file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
  }

  /// Whether a file's name is the temporary one that some process gave to a file of this name.
  package static func isTemporary(_ file: String, of name: String) -> Bool {
    let (beginning, end) = (".\(name).", ".partial")
    guard file.hasPrefix(beginning), file.hasSuffix(end) else { return false }
    let numbers = file.dropFirst(beginning.count).dropLast(end.count).split(
      separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { UInt32($0) != nil }
  }

  /// Creates a directory and its parents, where they are missing.
  package static func makeDirectory(_ path: String) throws(FileWriteError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotWrite(path: path, reason: reason(of: error))
    }
  }

  deinit {
    close(descriptor)
    close(directory)
    if !isRenamed { unlink(temporary) }
  }

  /// Adds bytes at the end.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileWriteError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = Foundation.write(descriptor, part.baseAddress, part.count)
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        throw .cannotWrite(path: path, errno: code)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Adds bytes at the end.
  package func write(_ bytes: [UInt8]) throws(FileWriteError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(FileWriteError) in try write(UnsafeRawBufferPointer(buffer)) }
  }

  /// Flushes the file and gives it its name.
  ///
  /// - Throws: `FileWriteError`. If only the directory could not be flushed, the file already has its name.
  package consuming func commit() throws(FileWriteError) {
    guard flush(descriptor) else { throw .cannotWrite(path: path, errno: errno) }
    guard rename(temporary, target) == 0 else { throw .cannotWrite(path: path, errno: errno) }
    isRenamed = true
    // Some network file systems cannot flush a directory, and say so.
    guard flush(directory) || errno == EINVAL || errno == ENOTSUP else {
      throw .cannotWrite(path: path, errno: errno)
    }
  }
}

/// Why a file could not be written.
public enum FileWriteError: Error, Equatable, Sendable {
  /// The system refused; `reason` is the system's own description.
  case cannotWrite(path: String, reason: String)
  /// There is something other than a file at the path, which writing would replace.
  case notRegular(path: String)
  /// The contents have more of something than the file's format may have.
  case beyondLimit(path: String, String, limit: Int, actual: Int)

  package static func cannotWrite(path: String, errno: Int32) -> FileWriteError {
    .cannotWrite(path: path, reason: Files.reason(ofErrno: errno))
  }
}

extension FileWriteError: CustomStringConvertible {
  /// One line: `PATH: expected X, found Y`.
  public var description: String {
    switch self {
    case .cannotWrite(let path, let reason): oneLine("\(path): expected to write, found: \(reason)")
    case .notRegular(let path): oneLine("\(path): expected a regular file or none, found another kind of file")
    case .beyondLimit(let path, let what, let limit, let actual):
      oneLine("\(path): expected at most \(limit) \(what), found \(actual)")
    }
  }
}
