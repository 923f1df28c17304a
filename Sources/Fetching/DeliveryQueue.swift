import Foundation

/// An operation queue in which adding an operation blocks while several operations are pending.
///
/// URLSession on Linux cannot pause a transfer: it keeps reading and queues what it receives. Blocking its reading thread keeps
/// memory bounded, and the connection's own flow control slows the sender.
final class DeliveryQueue: OperationQueue, @unchecked Sendable {
  private let slots = DispatchSemaphore(value: 8)

  override init() {
    super.init()
    maxConcurrentOperationCount = 1
  }

  override func addOperation(_ block: @escaping @Sendable () -> Void) {
    slots.wait()
    super.addOperation { [slots] in
      block()
      slots.signal()
    }
  }
}
