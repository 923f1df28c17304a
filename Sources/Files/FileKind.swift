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

  /// A ZIP archive of no files: the record that ends every archive.
  private static let emptyArchive = [0x50, 0x4b, 5, 6] + [UInt8](repeating: 0, count: 18)

  /// Whether the file at a path is of this kind, or an empty file or archive, so that nothing is lost with it.
  ///
  /// - Throws: `FileWriteError.notRegular` for something other than a regular file, which is not read; `FileReadError`
  package func includes(_ path: String) throws -> Bool {
    try AtomicFile.requireRegular(path)
    let head = try InputFile.head(of: path, 1000)
    if head.isEmpty || head.elementsEqual(Self.emptyArchive) { return true }
    guard head.starts(with: beginning) else { return false }
    var rest = head[...]
    for mark in marks {
      guard let range = rest.firstRange(of: mark.utf8) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }
}
