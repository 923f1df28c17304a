import Dispatch
import Synchronization

/// A sequence whose next element is made on a thread of its own while the caller works on the one before. Their order and
/// contents are those of `make` called one after the other.
struct Ahead<Element: Sendable>: Sequence, IteratorProtocol {
  /// How many elements there are in all.
  let count: Int
  private let make: @Sendable (Int) -> Element
  private var index = 0
  private var pending: Pending?

  /// One element, on its way.
  private final class Pending: Sendable {
    private let element = Mutex<Element?>(nil)
    private let isMade = DispatchSemaphore(value: 0)

    init(_ make: @escaping @Sendable () -> Element) {
      DispatchQueue.global(qos: .userInitiated).async {
        let made = make()
        self.element.withLock { $0 = made }
        self.isMade.signal()
      }
    }

    /// Waits for it; to be called once.
    func take() -> Element? {
      isMade.wait()
      return element.withLock { $0.take() }
    }
  }

  /// `make(0)`, `make(1)`, … `make(count − 1)`.
  init(_ count: Int, _ make: @escaping @Sendable (Int) -> Element) {
    self.count = count
    self.make = make
    if count > 0 { pending = Pending { make(0) } }
  }

  mutating func next() -> Element? {
    guard let current = pending else { return nil }
    let element = current.take()
    index += 1
    let (following, make) = (index, make)
    pending = following < count ? Pending { make(following) } : nil
    return element
  }
}
