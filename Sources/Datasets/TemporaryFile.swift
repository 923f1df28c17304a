import Foundation

/// A file without a name in the system's temporary directory; it disappears when the process ends, however it ends.
package final class TemporaryFile: Sendable {
  private let descriptor: Int32
  private let directory: String

  /// - Throws: `DataError.notStored`
  package init(in directory: String = NSTemporaryDirectory()) throws(DataError) {
    self.directory = directory
    var template = Array("\(directory)/signet-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .notStored(directory: directory, errno: errno) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(descriptor) }

  /// Adds bytes at the end, and returns their offset.
  ///
  /// - Throws: `DataError.notStored`, as when the disk is full.
  package func append(_ bytes: [UInt8]) throws(DataError) -> Int {
    let start = lseek(descriptor, 0, SEEK_END)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .notStored(directory: directory, errno: errno)
      }
      written += count
    }
    return Int(start)
  }

  /// Reads bytes that were written. A failure to read them is like a failure of memory, and traps.
  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) {
    var filled = 0
    while filled < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(offset + filled))
      if count < 0 && errno == EINTR { continue }
      precondition(
        count > 0, "\(directory): a temporary file cannot be read at byte \(offset + filled), error \(errno)")
      filled += count
    }
  }
}
