import Foundation
import Tensors

/// A sequence whose next element is made on a separate thread while the caller works on the current one. The elements and their
/// order are the same as if `make` were called in a loop. If the system refuses the thread, the caller's thread makes them.
package struct Ahead<Element: Sendable>: Sequence, IteratorProtocol {
  /// The total number of elements.
  package let count: Int
  private let make: @Sendable (Int) -> Element
  private var index = 0
  /// The owner of the thread; nil if there is no thread.
  private let loader: Loader?

  /// `make(0)`, `make(1)`, … `make(count − 1)`.
  ///
  /// - Parameter threads: starts the thread.
  package init(_ count: Int, of threads: SystemThreads = .system, _ make: @escaping @Sendable (Int) -> Element) {
    self.count = count
    self.make = make
    let handOver = HandOver<Element>()
    let isStarted = count > 0 && threads.start("signet-loader") { handOver.fill(count, make) }
    loader = isStarted ? Loader(handOver: handOver) : nil
  }

  package mutating func next() -> Element? {
    guard index < count else { return nil }
    defer { index += 1 }
    return loader.map { $0.handOver.take() } ?? make(index)
  }

  /// Ends the thread when the last copy of the sequence is gone, whether or not all elements have been taken.
  private final class Loader: Sendable {
    let handOver: HandOver<Element>

    init(handOver: HandOver<Element>) { self.handOver = handOver }

    deinit { handOver.stop() }
  }
}

/// A single slot, into which the loader's thread puts an element and from which the caller takes it.
private final class HandOver<Element: Sendable>: Sendable {
  private let condition = NSCondition()
  // Both are guarded by the condition's lock.
  private nonisolated(unsafe) var element: Element?
  private nonisolated(unsafe) var isStopped = false

  /// The thread's loop: makes each element as soon as the previous one has been taken.
  func fill(_ count: Int, _ make: (Int) -> Element) {
    for index in 0..<count {
      guard waitUntilEmpty() else { return }
      put(make(index))
    }
  }

  /// Waits until the slot is empty; false if no more elements are wanted.
  private func waitUntilEmpty() -> Bool {
    condition.withLock {
      while element != nil && !isStopped { condition.wait() }
      return !isStopped
    }
  }

  private func put(_ made: Element) {
    condition.withLock {
      element = made
      condition.broadcast()
    }
  }

  func take() -> Element {
    condition.withLock {
      while true {
        if let taken = element {
          element = nil
          condition.broadcast()
          return taken
        }
        condition.wait()
      }
    }
  }

  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
    }
  }
}
