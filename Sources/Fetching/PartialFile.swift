import Datasets
import Files
import Foundation

/// The bytes received of a file so far, `NAME.partial`, and next to it a note of where they came from, `NAME.partial.origin`.
///
/// Both remain when fetching fails, so that it can be resumed. They and the file itself are accessed through the open directory
/// by plain names, and no symbolic link is followed: nothing is written elsewhere. A lock keeps other processes away.
struct PartialFile: ~Copyable {
  /// Where the bytes came from, and the validator by which the server tells whether its file is still the same.
  struct Origin: Equatable {
    let address: String
    /// An entity tag or a date.
    let validator: String
  }

  private let name: String
  /// The path of the partial file, for messages.
  let path: String
  private let directory: Int32
  private let descriptor: Int32
  private(set) var size = 0

  private var partial: String { name + ".partial" }
  private var note: String { name + ".partial.origin" }

  /// Opens an existing partial file, or begins a new one.
  init(name: String, in folder: String) throws(FetchError) {
    let path = "\(folder)/\(name).partial"
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw .cannotWrite(path: folder, errno: errno) }
    let descriptor = openat(directory, name + ".partial", O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      let code = errno
      Foundation.close(directory)
      throw .cannotWrite(path: path, errno: code)
    }
    var facts = stat()
    let isLocked = takeLock(on: descriptor)
    let isRegular = fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    guard isLocked && isRegular else {
      Foundation.close(descriptor)
      Foundation.close(directory)
      throw isLocked ? .cannotWrite(path: path, reason: "not a regular file") : .inUse(path: path)
    }
    lseek(descriptor, 0, SEEK_END)
    self.name = name
    self.path = path
    self.directory = directory
    self.descriptor = descriptor
    size = Int(facts.st_size)
  }

  deinit {
    // Nothing is left of an empty file that has got its name.
    if size == 0 { unlinkBoth() }
    releaseLock(on: descriptor)
    Foundation.close(descriptor)
    Foundation.close(directory)
  }

  private func unlinkBoth() {
    unlinkat(directory, partial, 0)
    unlinkat(directory, note, 0)
  }

  mutating func append(_ data: Data) throws(FetchError) {
    var done = 0
    while done < data.count {
      let count = data.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
      }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        throw .cannotWrite(path: path, errno: code)
      }
      done += count
      size += count
    }
  }

  /// Discards the bytes received so far; an empty file is removed in the end.
  mutating func clear() throws(FetchError) {
    guard ftruncate(descriptor, 0) == 0 else { throw .cannotWrite(path: path, errno: errno) }
    lseek(descriptor, 0, SEEK_SET)
    size = 0
    unlinkat(directory, note, 0)
  }

  /// The note; nil if there is none or it cannot be read.
  func origin() -> Origin? {
    let file = openat(directory, note, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { Foundation.close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = read(file, &bytes, bytes.count)
    guard count > 0 else { return nil }
    let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
    return lines.count == 2 ? Origin(address: String(lines[0]), validator: String(lines[1])) : nil
  }

  /// Writes the note, or removes it.
  func note(_ origin: Origin?) throws(FetchError) {
    unlinkat(directory, note, 0)
    guard let origin, !(origin.address + origin.validator).contains(where: \.isNewline) else { return }
    let file = openat(directory, note, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .cannotWrite(path: path + ".origin", errno: errno) }
    defer { Foundation.close(file) }
    let bytes = Array("\(origin.address)\n\(origin.validator)\n".utf8)
    guard write(file, bytes, bytes.count) == bytes.count else {
      throw .cannotWrite(path: path + ".origin", errno: errno)
    }
  }

  /// Flushes the file and gives it its name.
  mutating func commit() throws(FetchError) {
    guard flush(descriptor) else { throw .cannotWrite(path: path, errno: errno) }
    guard renameat(directory, partial, directory, name) == 0 else { throw .cannotWrite(path: path, errno: errno) }
    unlinkat(directory, note, 0)
    // Some network file systems cannot flush a directory, and say so.
    guard flush(directory) || errno == EINVAL || errno == ENOTSUP else {
      throw .cannotWrite(path: path, errno: errno)
    }
  }
}
