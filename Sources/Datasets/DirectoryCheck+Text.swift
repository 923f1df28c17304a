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

  /// A number of files that belong to a set but could not be compared.
  fileprivate static func words(withoutDigest count: Int) -> String {
    counted(count, "file whose digest is not known", "files whose digests are not known")
  }
}

extension DirectoryCheck.Count: CustomStringConvertible {
  package var description: String {
    let others = withoutDigest == 0 ? "" : ", and \(DirectoryCheck.words(withoutDigest: withoutDigest))"
    return "\(set): \(here) of \(known) known files are here\(others)"
  }
}

/// The error that a directory has files with wrong contents, or none whose contents are known to be right.
package struct DirectoryCheckError: Error, CustomStringConvertible {
  package let directory: String
  package let ok, wrong, withoutDigest: Int

  /// - Returns: nil if there are files that are known to be right, and none with wrong contents.
  package init?(_ check: DirectoryCheck, of directory: String) {
    if check.okCount > 0 && check.wrongCount == 0 { return nil }
    (self.directory, ok, wrong) = (directory, check.okCount, check.wrongCount)
    withoutDigest = check.verdicts.count { $0.isWithoutDigest }
  }

  package var description: String {
    let found =
      ok + wrong > 0
      ? "\(wrong) of \(ok + wrong) with wrong contents"
      : withoutDigest > 0 ? "only \(DirectoryCheck.words(withoutDigest: withoutDigest))" : "none"
    return oneLine("\(directory): expected the files of known data sets, found \(found)")
  }
}
