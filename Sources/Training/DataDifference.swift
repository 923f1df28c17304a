/// How two data sets differ: the first file that is not the same, and the beginning of its SHA-256 in each.
package struct DataDifference: Hashable, Sendable, CustomStringConvertible {
  package let file, recorded, expected: String

  /// Nil if the files are the same, whatever they are called.
  package init?(recorded: [DataFile], expected: [DataFile]) {
    let count = max(recorded.count, expected.count)
    func digest(_ files: [DataFile], _ place: Int) -> String? { place < files.count ? files[place].sha256 : nil }
    guard let place = (0..<count).first(where: { digest(recorded, $0) != digest(expected, $0) }) else { return nil }
    file = (place < expected.count ? expected : recorded)[place].file
    self.recorded = digest(recorded, place).map { "\($0.prefix(12))…" } ?? "none"
    self.expected = digest(expected, place).map { "\($0.prefix(12))…" } ?? "none"
  }

  package init(file: String, recorded: String, expected: String) {
    (self.file, self.recorded, self.expected) = (file, recorded, expected)
  }

  package var description: String { "\(file): \(recorded) and not \(expected)" }
}
