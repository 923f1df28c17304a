import Datasets
import Testing

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
