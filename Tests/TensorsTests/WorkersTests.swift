import Foundation
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite("Workers")
struct WorkersTests {
  @Test("ranges cover every index once, begin at multiples of the grain, at most one per thread", arguments: 1...9)
  func coverage(threads: Int) {
    var checked = 0
    for total in Array(0...40) + [63, 64, 65, 1000, 16384, 16385, 50000] {
      for grain in [1, 2, 3, 7, 8, 32, 16384] {
        let seen = Mutex<[Range<Int>]>([])
        Workers(count: threads).forEachRange(of: total, grain: grain) { range in seen.withLock { $0.append(range) } }
        let ranges = seen.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound }
        #expect(ranges.count <= threads)
        #expect(ranges.allSatisfy { !$0.isEmpty && $0.lowerBound % grain == 0 })
        var next = 0
        for range in ranges {
          #expect(range.lowerBound == next)
          next = range.upperBound
        }
        #expect(next == total)
        checked += 1
      }
    }
    #expect(checked == 48 * 7)
  }

  @Test("as many threads are used as there is work for")
  func shares() {
    let seen = Mutex(0)
    Workers(count: 5).forEachRange(of: 50, grain: 10) { _ in seen.withLock { $0 += 1 } }
    #expect(seen.withLock { $0 } == 5)
  }

  @Test("the parts of every loop run at the same time, not only those of the first")
  func together() {
    let workers = Workers(count: 2)
    for loop in 1...3 {
      let begun = Mutex(0)
      workers.forEachRange(of: 2, grain: 1) { _ in
        begun.withLock { $0 += 1 }
        // A part that runs after the other has ended would wait for ever; it gives up, and so is the only one to have begun.
        let end = ContinuousClock.now + .seconds(20)
        while begun.withLock({ $0 }) < 2, ContinuousClock.now < end { sched_yield() }
        #expect(begun.withLock { $0 } == 2, "loop \(loop)")
      }
    }
  }

  /// Whether each part is done once. A part adds to its own elements; one with a fault within adds too much.
  private static func isCovered(_ total: Int, _ workers: Workers, nested: Bool) -> Bool {
    var counts = [Int](repeating: 0, count: total)
    counts.withUnsafeMutableBufferPointer { counts in
      workers.forEachRange(of: total, grain: 1) { range in
        let isRight = !nested || isCovered(5, workers, nested: false)
        for i in range { counts[i] += isRight ? 1 : 2 }
      }
    }
    return counts.allSatisfy { $0 == 1 }
  }

  @Test("thousands of short loops, loops within loops and loops of several callers each cover every index once")
  func pool() async {
    let workers = Workers(count: 3)
    let faults = (0..<3000).count { !Self.isCovered(1 + $0 % 7, workers, nested: $0 % 10 == 0) }
    #expect(faults == 0)
    let concurrentFaults = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask { (0..<1000).count { !Self.isCovered(1 + $0 % 7, workers, nested: false) } }
      }
      return await group.reduce(0, +)
    }
    #expect(concurrentFaults == 0)
  }

  /// Threads of a system that grants a few and refuses the others.
  private final class Granted: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    var threads: SystemThreads {
      SystemThreads { name, body in
        let isGranted = self.left.withLock { left in
          left -= 1
          return left >= 0
        }
        return isGranted && SystemThreads.system.start(name, body)
      }
    }
  }

  @Test("if the system refuses threads, there are fewer, and every index is still covered once", arguments: 0...4)
  func refusal(granted: Int) {
    let workers = Workers(count: 64, of: Granted(granted).threads)
    #expect(workers.count == granted + 1)
    let faults = (0..<200).count { !Self.isCovered(1 + $0, workers, nested: $0 % 10 == 0) }
    #expect(faults == 0)
    #expect(Workers(count: 3, of: Granted(granted).threads).count == min(3, granted + 1))
  }

  @Test("a thread runs its body once, under its name", .enabled(if: isLinux))
  func thread() {
    final class Answer: Sendable {
      let name = Mutex("")
      let isReady = DispatchSemaphore(value: 0)
    }
    let answer = Answer()
    let isStarted = SystemThreads.system.start("signet-test") {
      let name = (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
      answer.name.withLock { $0 += name }
      answer.isReady.signal()
    }
    #expect(isStarted)
    if isStarted { answer.isReady.wait() }
    #expect(answer.name.withLock { $0 } == "signet-test\n")
  }
}
