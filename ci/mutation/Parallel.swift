import Foundation
import Synchronization

/// Calls `work` for every element in `jobs` threads, and `each`, one at a time, with what it came to. Stops at the first error.
func inParallel<Element: Sendable, Value: Sendable>(
  _ elements: [Element], jobs: Int, work: @Sendable @escaping (Element, _ slot: Int) throws -> Value,
  each: (Element, Value) throws -> Void
) throws {
  let next = Mutex(0)
  let results = Mutex<[(Int, Swift.Result<Value, any Error>)]>([])
  let ready = DispatchSemaphore(value: 0)
  for slot in 0..<min(jobs, elements.count) {
    Thread.detachNewThread {
      func take() -> Int {
        next.withLock { next in
          defer { next += 1 }
          return next
        }
      }
      while case let i = take(), i < elements.count {
        let result = Swift.Result { try work(elements[i], slot) }
        results.withLock { $0.append((i, result)) }
        ready.signal()
      }
    }
  }
  for _ in elements {
    ready.wait()
    let (i, result) = results.withLock { $0.removeFirst() }
    do {
      try each(elements[i], try result.get())
    } catch {
      next.withLock { $0 = elements.count }
      throw error
    }
  }
}

func note(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

func text(_ seconds: Double) -> String {
  seconds < 100 ? String(format: "%.1f s", seconds) : String(format: "%.0f min", seconds / 60)
}
