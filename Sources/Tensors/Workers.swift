/// Threads that share the work. Their number never changes a result: they divide the outputs, never a single sum, among them.
@usableFromInline
package struct Workers: Sendable {
  /// The number of threads, including the caller's.
  @usableFromInline package let count: Int
  @usableFromInline let pool: WorkerPool?

  /// Starts the threads; there are fewer than `count` if the system refuses to start that many.
  ///
  /// - Precondition: `count ≥ 1`.
  package init(count: Int) { self.init(count: count, of: .system) }

  /// Starts threads by means of `threads`; there are fewer than `count` if no more can be started.
  package init(count: Int, of threads: SystemThreads) {
    precondition(count >= 1, "Workers: count is \(count); it must be at least 1")
    let pool = count > 1 ? WorkerPool(threads: count - 1, of: threads) : nil
    self.count = 1 + (pool?.count ?? 0)
    self.pool = self.count > 1 ? pool : nil
  }

  /// The number of processors that this process may use: those that it may run on (`taskset`), but at most the quotas of its
  /// control groups, rounded up.
  package static let availableCount = AvailableProcessors().count

  /// The calling thread alone.
  package static let single = Workers(count: 1)

  /// Calls `body` with ranges that cover `0..<total` once, one range per thread.
  ///
  /// - Parameters:
  ///   - total: the number of outputs.
  ///   - grain: the smallest number of outputs that is worth a thread; ranges begin at multiples of it.
  @inlinable
  package func forEachRange(of total: Int, grain: Int = 16384, _ body: (Range<Int>) -> Void) {
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
