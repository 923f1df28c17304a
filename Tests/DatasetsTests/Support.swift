import Datasets
import Foundation
import Testing

/// A folder that is gone when the test is.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("signet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String = "file") throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }
}

/// The IDX form of `values`; `magic` and `dimensions` may lie.
func idx(_ dimensions: [UInt32], _ values: [UInt8], magic: UInt32? = nil) -> [UInt8] {
  let words = [magic ?? 0x800 + UInt32(dimensions.count)] + dimensions
  return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32($0))) } } + values
}

/// A fixed sequence of numbers for tests (the generator of Numerical Recipes, high bits).
struct Sequence32 {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(truncatingIfNeeded: (state >> 33) % UInt64(bound))
  }

  mutating func bytes(_ count: Int, below bound: Int = 256) -> [UInt8] {
    (0..<count).map { _ in UInt8(next(below: bound)) }
  }
}

/// Runs `body`, and checks that it throws `expected`, worded in one line that tells where, and both sides; `hasByte` is
/// false of what no byte could be read of.
func expectError(
  _ expected: DataError, mentions words: [String] = [], hasByte: Bool = true,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  do {
    try body()
    Issue.record("no error, expected \(expected)", sourceLocation: sourceLocation)
  } catch let error as DataError {
    let text = error.description
    #expect(error == expected, sourceLocation: sourceLocation)
    let place = error.position
    let path = place.path + (place.isDecompressed ? " (decompressed)" : "")
    let byte = hasByte ? " at byte \(place.offset):" : ""
    #expect(text.hasPrefix("\(path):\(byte) expected "), "\(text)", sourceLocation: sourceLocation)
    #expect(text.contains(", found "), "\(text)", sourceLocation: sourceLocation)
    #expect(!text.contains { $0.isNewline }, "\(text)", sourceLocation: sourceLocation)
    for word in words {
      #expect(text.contains(word), "\(text) should mention \(word)", sourceLocation: sourceLocation)
    }
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
}
