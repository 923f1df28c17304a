import Foundation

/// Takes the lock on an open file or directory, which goes with the descriptor; false if another process has it. File systems that
/// have no locks are used without.
package func takeLock(on descriptor: Int32) -> Bool {
  flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
}
