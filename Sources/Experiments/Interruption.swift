import Foundation
import Synchronization

/// Notes SIGINT, SIGTERM and SIGHUP instead of letting them end the process, so that a run can save its state. A second
/// signal of the same kind ends the process at once. SIGHUP stays ignored if the process was started that way
/// (`nohup`).
package struct Interruption {
  /// The signal received; 0 if none.
  private static let received = Atomic<Int32>(0)
  private let command: String?
  private let parent: pid_t?

  /// - Parameters:
  ///   - command: the command that goes on with what was stopped, in words; nil if none does.
  ///   - parent: the process that began this one, if its end is to end this one, too, as SIGTERM does; nil if none's is.
  package init(continuedBy command: String? = "the same command with --resume", endingWith parent: pid_t? = nil) {
    (self.command, self.parent) = (command, parent)
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
    // A parent may have blocked the signals in the thread that started this process.
    pthread_sigmask(SIG_UNBLOCK, &noted, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// The error to stop with; nil until a signal is received or the process that this one is to end with is gone.
  package var error: InterruptionError? {
    let number = Self.received.load(ordering: .sequentiallyConsistent)
    if number != 0 { return InterruptionError(signal: number, command: command) }
    // A process gets another parent as soon as its own has ended, even if the number of that one is still or again in use.
    guard let parent, getppid() != parent else { return nil }
    return InterruptionError(signal: nil, command: command)
  }
}

extension sigaction {
  /// The function called when the signal arrives; each system's C library names this field differently.
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
  /// The signal received; nil if the process that this one is to end with is gone.
  package let signal: Int32?
  /// The command that goes on, in words; nil if what was stopped has to begin again.
  let command: String?

  /// 129 after SIGHUP, 130 after SIGINT, 143 after SIGTERM, as in shells, and without a signal.
  package var exitCode: Int32 { 128 + (signal ?? SIGTERM) }

  package var description: String {
    let cause =
      signal.map { "by \([SIGHUP: "SIGHUP", SIGINT: "SIGINT"][$0] ?? "SIGTERM")" }
      ?? "because the process that began this one has ended"
    return "stopped \(cause)" + (command.map { "; \($0) continues" } ?? "")
  }
}
