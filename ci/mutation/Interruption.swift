import Foundation
import Synchronization

/// The process that is being waited for, or 0.
let running = Atomic<Int32>(0)

/// Ends the running process, and then this program, at Ctrl-C or `kill`. The next start restores the tree.
func endChildrenWhenInterrupted() {
  for number in [SIGINT, SIGTERM, SIGHUP] {
    signal(number) { number in
      let child = running.load(ordering: .relaxed)
      if child != 0 { kill(child, SIGTERM) }
      _exit(128 + number)
    }
  }
}
