import Foundation
import Testing

/// Calls `body` with a copy of `elements` at the end of what may be read: a kernel that reads on stops the process.
func withNothingBehind<Element: BitwiseCopyable, Result>(
  _ elements: some Collection<Element>, _ body: (UnsafePointer<Element>) throws -> Result
) throws -> Result {
  let elements = Array(elements)
  let size = elements.count * MemoryLayout<Element>.stride, page = Int(getpagesize())
  let readable = (size + page - 1) / page * page
  let memory = try #require(
    mmap(nil, readable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0))
  try #require(memory != MAP_FAILED)
  defer { munmap(memory, readable + page) }
  try #require(mprotect(memory + readable, page, PROT_NONE) == 0)
  let start = memory + (readable - size)
  elements.withUnsafeBytes { start.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(start), byteCount: size) }
  return try body(UnsafePointer(start.bindMemory(to: Element.self, capacity: elements.count)))
}
