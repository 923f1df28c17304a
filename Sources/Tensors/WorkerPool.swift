import Foundation
internal import Kernels
import Synchronization

/// Threads that wait for loops to divide among them.
///
/// A loop is a number of parts, which the calling thread and the pool's threads claim one after the other. Training runs
/// many short loops, a millisecond or less apart, so a thread without work first waits awake, then sleeps.
@usableFromInline
final class WorkerPool: Sendable {
  private let shared: Shared

  /// The number of threads that were started.
  let count: Int

  /// Starts `wanted` threads, or as many of them as the system allows.
  init(threads wanted: Int, of threads: SystemThreads) {
    // Where threads outnumber processors, a thread that waits awake takes a processor from one that works.
    let isCrowded = wanted >= Workers.availableCount
    let shared = Shared(patience: isCrowded ? 0 : 4000)
    self.shared = shared
    var started = 0
    while started < wanted, threads.start("signet-worker", { shared.work() }) { started += 1 }
    count = started
  }

  deinit { shared.stop() }

  /// Calls `body` with each of `0..<parts` once, on several threads, and returns when all calls have returned.
  ///
  /// One loop runs at a time: a loop within a part runs on that part's thread alone.
  /// - Precondition: `parts < 2¹⁶`.
  @usableFromInline
  func run(parts: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { shared.run(parts: parts, $0) }
  }
}

/// What the threads of a pool have in common.
private final class Shared: Sendable {
  /// The open loop: generation · 2³² + parts · 2¹⁶ + parts claimed so far. A claim adds 1 with compare-and-swap, so no part of
  /// a loop that is over can be claimed.
  private let ticket = Atomic<UInt64>(0)
  /// The number of parts of the open loop that are done.
  private let done = Atomic<Int>(0)
  private let isBusy = Atomic<Bool>(false)
  private let isStopped = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let condition = NSCondition()
  /// The number of turns that a thread without work waits awake.
  private let patience: Int
  /// The open loop's body. Written only while no loop is open, read only by the holder of a claim.
  private nonisolated(unsafe) var body: (Int) -> Void = { _ in }

  init(patience: Int) { self.patience = patience }

  func run(parts: Int, _ body: @escaping (Int) -> Void) {
    precondition(parts < 1 << 16, "WorkerPool: \(parts) parts")
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      for part in 0..<parts { body(part) }
      return
    }
    self.body = body
    done.store(0, ordering: .relaxed)
    let generation = (ticket.load(ordering: .relaxed) >> 32) &+ 1
    ticket.store(generation << 32 | UInt64(parts) << 16, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      condition.lock()
      condition.broadcast()
      condition.unlock()
    }
    while claimPart() {}
    var turns = 0
    while done.load(ordering: .acquiring) < parts { pause(&turns) }
    self.body = { _ in }
    isBusy.store(false, ordering: .releasing)
  }

  /// Claims one part of the open loop and runs it; false if there is none left.
  private func claimPart() -> Bool {
    var seen = ticket.load(ordering: .acquiring)
    while true {
      let (parts, next) = (seen >> 16 & 0xFFFF, seen & 0xFFFF)
      guard next < parts else { return false }
      let result = ticket.compareExchange(expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
      if result.exchanged {
        call(Int(next))
        done.add(1, ordering: .releasing)
        return true
      }
      seen = result.original
    }
  }

  /// Not inlined: when it returns, this thread no longer holds a reference to the closure. Only then may the part be counted as
  /// done, since the closure lives no longer than the loop.
  @inline(never)
  private func call(_ part: Int) { body(part) }

  /// The loop of each of the pool's threads, until the pool stops.
  func work() {
    var turns = 0
    while !isStopped.load(ordering: .acquiring) {
      if claimPart() {
        turns = 0
      } else if turns < patience {
        pause(&turns)
      } else {
        sleep()
        turns = 0
      }
    }
  }

  private func sleep() {
    condition.lock()
    sleepers.add(1, ordering: .sequentiallyConsistent)
    // A loop opened before the line above may have seen no sleeper: look again before sleeping.
    let seen = ticket.load(ordering: .sequentiallyConsistent)
    if seen & 0xFFFF >= seen >> 16 & 0xFFFF && !isStopped.load(ordering: .acquiring) { condition.wait() }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    condition.unlock()
  }

  func stop() {
    isStopped.store(true, ordering: .releasing)
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// Waits a moment: at first awake, later by giving up the processor.
  private func pause(_ turns: inout Int) {
    turns += 1
    if turns % 64 == 0 { sched_yield() } else { signet_spin_hint() }
  }
}
