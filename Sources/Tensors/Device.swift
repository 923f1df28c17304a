/// Where to compute. No result depends on it.
public struct Device: Sendable {
  /// The threads of the processor.
  @usableFromInline let workers: Workers

  private init(_ workers: Workers) { self.workers = workers }

  /// The processor, on so many threads including the caller's; on fewer if the system refuses to start that many.
  ///
  /// - Precondition: `threads ≥ 1`.
  public static func processor(threads: Int) -> Device { Device(Workers(count: threads)) }

  /// The calling thread alone.
  public static let single = Device(.single)

  /// The number of processors that this process may use: those that it may run on (`taskset`), but at most the quotas of its
  /// control groups, rounded up.
  public static let availableThreads = Workers.availableCount

  /// The number of the processor's threads, including the caller's.
  public var threads: Int { workers.count }

  /// Calls `body` with ranges that cover `0..<total` once, one range per thread of the processor.
  ///
  /// - Parameters:
  ///   - total: the number of outputs.
  ///   - grain: the smallest number of outputs that is worth a thread; ranges begin at multiples of it.
  @inlinable
  public func forEachRange(of total: Int, grain: Int = 16384, _ body: (Range<Int>) -> Void) {
    workers.forEachRange(of: total, grain: grain, body)
  }
}
