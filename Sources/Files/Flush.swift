import Foundation

/// Flushes the contents of a file or directory to the disk itself; returns whether this succeeded, else `errno` says why not.
///
/// On Apple's systems `fsync` may leave them in the disk's cache, which another call flushes, too.
package func flush(_ descriptor: Int32) -> Bool {
  #if canImport(Darwin)
    if fcntl(descriptor, F_FULLFSYNC) == 0 { return true }
  #endif
  return fsync(descriptor) == 0
}
