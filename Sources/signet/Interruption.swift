import Dispatch
import Foundation
import Synchronization

/// SIGINT and SIGTERM, noted instead of ending the process, so that a run can write down where it stands. A second one ends
/// it at once.
final class Interruption {
  private final class Received: Sendable {
    let signal = Atomic<Int32>(0)
  }

  private let received = Received()
  private let sources: [any DispatchSourceSignal]

  init() {
    let numbers = [SIGINT, SIGTERM]
    sources = numbers.map { DispatchSource.makeSignalSource(signal: $0, queue: .global(qos: .userInteractive)) }
    for (number, source) in zip(numbers, sources) {
      source.setEventHandler { [received] in
        received.signal.store(number, ordering: .sequentiallyConsistent)
        signal(number, SIG_DFL)
      }
      source.resume()
      signal(number, SIG_IGN)
    }
  }

  /// What to stop with, once a signal has come.
  var error: InterruptionError? {
    let number = received.signal.load(ordering: .sequentiallyConsistent)
    return number == 0 ? nil : InterruptionError(signal: number)
  }
}

/// A run was asked to stop.
struct InterruptionError: Error, CustomStringConvertible {
  let signal: Int32

  /// 130 after SIGINT, 143 after SIGTERM, as shells have it.
  var exitCode: Int32 { 128 + signal }

  var description: String {
    "stopped by \(signal == SIGINT ? "SIGINT" : "SIGTERM"); the same command with --resume goes on"
  }
}
