/// How many threads share the work. The number never changes a result: threads share out outputs, never one sum.
public struct Workers: Sendable {
  /// The number of threads.
  public let count: Int
  @usableFromInline let pool: WorkerPool?

  /// - Precondition: `count ≥ 1`.
  public init(count: Int) {
    precondition(count >= 1, "Workers: count is \(count); it must be at least 1")
    self.count = count
    pool = count > 1 ? WorkerPool(threads: count - 1) : nil
  }

  /// The calling thread alone.
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
    guard parts > 1, let pool else {
      if total > 0 { body(0..<total) }
      return
    }
    pool.run(parts: parts) { part in
      body(units * part / parts * grain..<min(total, units * (part + 1) / parts * grain))
    }
  }
}
