import Dispatch

/// How many threads share the work. The number never changes a result: threads share out outputs, never one sum.
public struct Workers: Sendable, Equatable {
  public let count: Int

  /// - Precondition: `count ≥ 1`.
  public init(count: Int) {
    precondition(count >= 1, "Workers: count is \(count); it must be at least 1")
    self.count = count
  }

  public static let single = Workers(count: 1)

  /// Calls `body` with ranges that cover `0..<total` once, one range a thread.
  ///
  /// - Parameters:
  ///   - total: the number of outputs.
  ///   - grain: the least number of outputs that is worth a thread; ranges begin at multiples of it.
  @inlinable
  public func forEachRange(of total: Int, grain: Int = 16384, _ body: (Range<Int>) -> Void) {
    let units = (total + grain - 1) / grain
    let parts = min(count, units)
    if parts <= 1 {
      if total > 0 { body(0..<total) }
      return
    }
    withoutActuallyEscaping(body) { body in
      // Safe to share: the ranges do not overlap, and all calls have returned when this does.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        let start = units * part / parts * grain
        let end = min(total, units * (part + 1) / parts * grain)
        body(start..<end)
      }
    }
  }
}
