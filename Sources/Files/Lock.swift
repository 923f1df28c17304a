import Foundation

/// Takes the lock on an open file or directory, which is released with the descriptor; false if another process holds it. On a
/// file system without locks, the result is true.
package func takeLock(on descriptor: Int32) -> Bool {
  flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
}
