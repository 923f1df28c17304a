import Foundation

/// Has the contents of a file or directory written to the disk itself, and tells whether they are; `errno` says why not.
///
/// `fsync` leaves them in the disk's own memory on Apple's systems, where another call flushes that, too.
package func flush(_ descriptor: Int32) -> Bool {
  #if canImport(Darwin)
    if fcntl(descriptor, F_FULLFSYNC) == 0 { return true }
  #endif
  return fsync(descriptor) == 0
}
