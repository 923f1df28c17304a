import Foundation
import Synchronization

/// SIGINT, SIGTERM and SIGHUP, noted instead of ending the process, so that a run can write down where it stands. A second one of the
/// same kind ends it at once. A SIGHUP that the process was started to ignore (`nohup`) stays ignored.
package struct Interruption {
  /// The signal that came; 0 if none has.
  private static let received = Atomic<Int32>(0)

  package init() {
    _ = Self.received.load(ordering: .relaxed)
    var noted = sigset_t()
    sigemptyset(&noted)
    for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !Self.isIgnored(number) {
      var action = sigaction()
      action.handler = { Interruption.received.store($0, ordering: .sequentiallyConsistent) }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      sigaction(number, &action, nil)
      sigaddset(&noted, number)
    }
    // A parent may have blocked them in the thread that started this process.
    pthread_sigmask(SIG_UNBLOCK, &noted, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// What to stop with, once a signal has come.
  package var error: InterruptionError? {
    let number = Self.received.load(ordering: .sequentiallyConsistent)
    return number == 0 ? nil : InterruptionError(signal: number)
  }
}

extension sigaction {
  /// What is called when the signal comes; each system's C library keeps it under another name.
  fileprivate var handler: (@convention(c) (Int32) -> Void)? {
    get {
      #if canImport(Darwin)
        __sigaction_u.__sa_handler
      #elseif canImport(Musl)
        __sa_handler.sa_handler
      #else
        __sigaction_handler.sa_handler
      #endif
    }
    set {
      #if canImport(Darwin)
        __sigaction_u.__sa_handler = newValue
      #elseif canImport(Musl)
        __sa_handler.sa_handler = newValue
      #else
        __sigaction_handler.sa_handler = newValue
      #endif
    }
  }
}

/// A run was asked to stop.
package struct InterruptionError: Error, CustomStringConvertible {
  package let signal: Int32

  /// 129 after SIGHUP, 130 after SIGINT, 143 after SIGTERM, as shells have it.
  package var exitCode: Int32 { 128 + signal }

  package var description: String {
    let name = [SIGHUP: "SIGHUP", SIGINT: "SIGINT"][signal] ?? "SIGTERM"
    return "stopped by \(name); the same command with --resume goes on"
  }
}
