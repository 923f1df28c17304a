import Foundation
import Kernels
import Testing

@Suite("Memory that stays in the process")
struct MemoryTests {
  /// The pages that the system provides for an array of 64 MiB that is allocated, written and freed.
  private static func newPages() -> Int {
    func pages() -> Int {
      var usage = rusage()
      return getrusage(0, &usage) == 0 ? Int(usage.ru_minflt) : -1
    }
    let (before, count) = (pages(), 1 << 24)
    let array = [Float](unsafeUninitializedCapacity: count) { array, initialized in
      for i in stride(from: 0, to: count, by: 1024) { array[i] = 1 }
      initialized = count
    }
    precondition(array[count - 1024] == 1)
    return pages() - before
  }

  #if canImport(Glibc)
    @Test("a large array's memory is used again; without the call the system provides it anew")
    func kept() async {
      await #expect(processExitsWith: .success) {
        _ = MemoryTests.newPages()
        // Huge pages would be few, but not none.
        precondition(MemoryTests.newPages() > 16)
        signet_keep_memory()
        _ = MemoryTests.newPages()
        let again = MemoryTests.newPages()
        precondition(again <= 16, "\(again) pages")
      }
    }
  #endif
}
