import Foundation

/// Takes the lock on an open file or directory, which is released with the descriptor; false if another process holds it. On a
/// file system without locks, the result is true.
///
/// - Parameter kind: `LOCK_EX`; or `LOCK_SH`, which several processes can have at a time.
package func takeLock(on descriptor: Int32, _ kind: Int32 = LOCK_EX) -> Bool {
  flock(descriptor, kind | LOCK_NB) == 0 || errno != EWOULDBLOCK
}

/// Releases a lock at once: closing the descriptor alone leaves it to a process that another thread is just starting, which has all open
/// files until it runs its program.
package func releaseLock(on descriptor: Int32) { _ = flock(descriptor, LOCK_UN) }
