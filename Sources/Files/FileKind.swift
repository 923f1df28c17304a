/// The files of one kind that the program writes, and the first bytes that it knows them by: such a file may be replaced by another of
/// its kind.
package struct FileKind: Sendable {
  /// The kind in words, such as `a PNG file`.
  package let name: String
  private let beginning: [UInt8]
  private let marks: [String]

  /// - Parameters:
  ///   - beginning: what every such file begins with.
  ///   - mark: texts that follow one another, with anything between them, within the first 1000 bytes of every such file; none if the
  ///     beginning is enough.
  package init(_ name: String, beginning: [UInt8] = [], mark: String...) {
    (self.name, self.beginning, marks) = (name, beginning, mark)
  }

  /// - Parameter beginning: what every such file begins with.
  package init(_ name: String, beginning: String, mark: String...) {
    (self.name, self.beginning, marks) = (name, Array(beginning.utf8), mark)
  }

  /// Whether the file at a path is of this kind, or empty, so that nothing is lost with it.
  ///
  /// - Throws: `FileWriteError.notRegular` for something other than a regular file, which is not read; `FileReadError`
  package func includes(_ path: String) throws -> Bool {
    try AtomicFile.requireRegular(path)
    let head = try InputFile.head(of: path, 1000)
    if head.isEmpty { return true }
    guard head.starts(with: beginning) else { return false }
    var rest = head[...]
    for mark in marks {
      guard let range = rest.firstRange(of: mark.utf8) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }
}
