/// The files of one kind that the program writes, and the first bytes that it knows them by: such a file may be replaced by another of
/// its kind.
package struct FileKind: Sendable {
  /// The kind in words, such as `a PNG file`.
  package let name: String
  private let beginning: [UInt8]
  private let mark: String

  /// - Parameters:
  ///   - beginning: what every such file begins with.
  ///   - mark: a text within the first 1000 bytes of every such file; empty if the beginning is enough.
  package init(_ name: String, beginning: [UInt8] = [], mark: String = "") {
    (self.name, self.beginning, self.mark) = (name, beginning, mark)
  }

  /// - Parameter beginning: what every such file begins with.
  package init(_ name: String, beginning: String, mark: String = "") {
    self.init(name, beginning: Array(beginning.utf8), mark: mark)
  }

  /// Whether the file at a path is of this kind, or empty, so that nothing is lost with it.
  ///
  /// - Throws: `FileReadError`
  package func includes(_ path: String) throws(FileReadError) -> Bool {
    let head = try InputFile.head(of: path, 1000)
    if head.isEmpty { return true }
    return head.starts(with: beginning) && (mark.isEmpty || head.contains(mark.utf8))
  }
}
