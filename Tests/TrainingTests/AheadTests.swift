import Foundation
import Synchronization
import Tensors
import Testing
import Training

@Suite("Elements made ahead")
struct AheadTests {
  /// No thread is to be had.
  private static let refused = SystemThreads { _, _ in false }

  /// What has been made, and where.
  private final class Made: Sendable {
    let indices = Mutex<[Int]>([])
    let threads = Mutex<Set<UInt>>([])
    let isMade = DispatchSemaphore(value: 0)
    let isGone = DispatchSemaphore(value: 0)

    func make(_ index: Int) -> Int {
      indices.withLock { $0.append(index) }
      threads.withLock { _ = $0.insert(ownThread) }
      isMade.signal()
      return index * index
    }

    var count: Int { indices.withLock { $0.count } }
  }

  @Test(
    "each element is made once, in order, on one thread, with a thread of its own or without", arguments: [0, 1, 2, 50])
  func order(count: Int) {
    for (threads, isOwn) in [(SystemThreads.system, true), (Self.refused, false)] {
      let made = Made()
      let ahead = Ahead(count, of: threads) { made.make($0) }
      #expect(ahead.count == count)
      #expect(Array(ahead) == (0..<count).map { $0 * $0 })
      #expect(made.indices.withLock { $0 } == Array(0..<count))
      let caller = ownThread
      #expect(made.threads.withLock { $0.count } == min(count, 1))
      #expect(made.threads.withLock { $0.contains(caller) } == (!isOwn && count > 0))
    }
  }

  @Test("only the next element is made while the caller uses the one before")
  func oneAhead() {
    let made = Made()
    var ahead = Ahead(5) { made.make($0) }
    for taken in 1...4 {
      #expect(ahead.next() == (taken - 1) * (taken - 1))
      // The first wait is for the element that was taken, or for an earlier one.
      while made.count < taken + 1 { made.isMade.wait() }
      #expect(made.count == taken + 1)
    }
    #expect(ahead.next() == 16)
    #expect(ahead.next() == nil && ahead.next() == nil)
  }

  @Test("the thread ends when the sequence is abandoned", arguments: 0...3)
  func end(taken: Int) {
    let made = Made()
    let threads = SystemThreads { name, body in
      SystemThreads.system.start(name) {
        body()
        made.isGone.signal()
      }
    }
    do {
      var ahead = Ahead(100, of: threads) { made.make($0) }
      for _ in 0..<taken { _ = ahead.next() }
    }
    made.isGone.wait()
    #expect(made.count <= taken + 1)
  }
}

/// A number of the thread that asks.
private var ownThread: UInt {
  #if canImport(Glibc)
    UInt(pthread_self())
  #else
    UInt(bitPattern: pthread_self())
  #endif
}
