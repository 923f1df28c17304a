import Foundation

/// A file that is read once from its first byte to its last, while its SHA-256 is computed.
package struct InputFile: ~Copyable {
  package let path: String
  /// How many bytes were read.
  package private(set) var offset = 0
  private let descriptor: Int32
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
  /// - Throws: `FileReadError.unreadable`
  package func size() throws(FileReadError) -> Int {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw .unreadable(at: .init(path: path, offset: offset), errno: errno) }
    return facts.st_mode & S_IFMT == S_IFREG ? Int(facts.st_size) : 0
  }

  /// Reads until `buffer` is full or the file ends, and returns the number of bytes read: 0 only at the end.
  ///
  /// - Throws: `FileReadError.unreadable`
  package mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(FileReadError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let space = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = read(descriptor, space.baseAddress, space.count)
      if count == 0 { break }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        throw .unreadable(at: .init(path: path, offset: offset), errno: code)
      }
      digest.update(UnsafeRawBufferPointer(rebasing: space[..<count]))
      filled += count
      offset += count
    }
    return filled
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

  /// The SHA-256 of the bytes read, in hexadecimal.
  package var sha256: String { hexadecimal(bytes: digest.finalized()) }
}
