import Foundation

/// An operation queue that makes whoever adds to it wait while several operations are undone.
///
/// URLSession on Linux cannot pause a transfer: it reads on and queues what came. Making its reading thread wait keeps
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
