import Files

extension DirectoryCheck {
  /// A table with a row for each file.
  package var table: String {
    let rows = verdicts.map { verdict in
      var detail = ""
      if let expected = verdict.expected, let found = verdict.found {
        detail = "expected \(expected), found \(found)"
      }
      return [verdict.set ?? "-", oneLine(verdict.file), verdict.status.rawValue, detail]
    }
    return alignedTable(rows, rightAligned: [])
  }
}

/// The error that a directory has files with wrong contents, or no known files.
package struct DirectoryCheckError: Error, CustomStringConvertible {
  package let directory: String
  package let ok, wrong: Int

  /// - Returns: nil if there are known files, and none with wrong contents.
  package init?(_ check: DirectoryCheck, of directory: String) {
    if check.okCount > 0 && check.wrongCount == 0 { return nil }
    (self.directory, ok, wrong) = (directory, check.okCount, check.wrongCount)
  }

  package var description: String {
    let found = ok + wrong == 0 ? "none" : "\(wrong) of \(ok + wrong) with wrong contents"
    return oneLine("\(directory): expected the files of known data sets, found \(found)")
  }
}
