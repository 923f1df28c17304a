import Foundation

/// A file that is read once from its first byte to its last, while its SHA-256 is computed.
package struct InputFile: ~Copyable {
  package let path: String
  /// How many bytes were read.
  package private(set) var offset = 0
  private let descriptor: Int32
  /// Bytes that are read from the system, but not yet by the caller.
  private var ahead: ArraySlice<UInt8> = []
  private var digest = MessageDigest(.sha256)

  /// - Throws: `FileReadError`
  package init(path: String) throws(FileReadError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      let code = errno
      if code == ENOENT {
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
          throw .danglingLink(path: path, target: target)
        }
        throw .missing(path: path)
      }
      throw .unreadable(at: .init(path: path, offset: 0), errno: code)
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The size of the file in bytes, according to the system; 0 for anything but a regular file.
  ///
  /// - Throws: `FileReadError.unreadable`, also for a directory.
  package func size() throws(FileReadError) -> Int {
    var facts = stat()
    let at = FilePosition(path: path, offset: offset)
    guard fstat(descriptor, &facts) == 0 else { throw .unreadable(at: at, errno: errno) }
    if facts.st_mode & S_IFMT == S_IFDIR { throw .unreadable(at: at, errno: EISDIR) }
    return facts.st_mode & S_IFMT == S_IFREG ? Int(facts.st_size) : 0
  }

  /// The size of the file in bytes, as far as it matters: of a regular file according to the system; anything else, such as a pipe,
  /// is read ahead to `limit` bytes or its end, which takes as much memory.
  ///
  /// - Throws: `FileReadError.unreadable`
  package mutating func size(upTo limit: Int) throws(FileReadError) -> Int {
    let size = try self.size()
    if size > 0 { return size }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while offset + ahead.count < limit {
      let wanted = min(piece.count, limit - offset - ahead.count)
      let count = try piece.withUnsafeMutableBufferPointer { (buffer) throws(FileReadError) in
        try readSome(into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<wanted]))
      }
      if count == 0 { break }
      ahead += piece[..<count]
    }
    return offset + ahead.count
  }

  /// Reads until `buffer` is full or the file ends, and returns the number of bytes read: 0 only at the end.
  ///
  /// - Throws: `FileReadError.unreadable`
  package mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(FileReadError) -> Int {
    var filled = min(ahead.count, buffer.count)
    if filled > 0 {
      buffer.copyBytes(from: ahead.prefix(filled))
      ahead.removeFirst(filled)
      offset += filled
    }
    while filled < buffer.count {
      let count = try readSome(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
      offset += count
    }
    return filled
  }

  /// Reads some of the next bytes, and returns their number: 0 only at the end.
  private mutating func readSome(into space: UnsafeMutableRawBufferPointer) throws(FileReadError) -> Int {
    while true {
      let count = read(descriptor, space.baseAddress, space.count)
      if count >= 0 {
        digest.update(UnsafeRawBufferPointer(rebasing: space[..<count]))
        return count
      }
      let code = errno
      guard code == EINTR else { throw .unreadable(at: .init(path: path, offset: offset + ahead.count), errno: code) }
    }
  }

  /// The first bytes of a file, fewer if it is shorter.
  ///
  /// - Throws: `FileReadError`
  package static func head(of path: String, _ count: Int) throws(FileReadError) -> [UInt8] {
    var file = try InputFile(path: path)
    var head = [UInt8](repeating: 0, count: count)
    let filled = try head.withUnsafeMutableBufferPointer { (buffer) throws(FileReadError) in
      try file.fill(UnsafeMutableRawBufferPointer(buffer))
    }
    return Array(head[..<filled])
  }

  /// All bytes of a file, which may be a pipe; nil if there are more than a limit.
  ///
  /// - Throws: `FileReadError`
  package static func contents(of path: String, atMost limit: Int) throws(FileReadError) -> [UInt8]? {
    let bytes = try head(of: path, limit + 1)
    return bytes.count > limit ? nil : bytes
  }

  /// The SHA-256 of the bytes read, in hexadecimal.
  package var sha256: String { hexadecimal(bytes: digest.finalized()) }
}
