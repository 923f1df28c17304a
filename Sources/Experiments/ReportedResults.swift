import BuildInformation

/// The records of a file that a report may show side by side: those of this version that say what they depend on,
/// except for experiments with results on several data sets in the file.
package struct ReportedResults {
  package let records: [Sweep.Record]
  /// One line that says which records are left out; nil if none are.
  package let remark: String?

  /// - Throws: `ResultsFileError`
  package init(_ path: String) throws {
    let version = BuildInformation.version
    let records = try ResultsFile(path: path).records()
    let known = records.filter { $0.origin?.signet == version }
    let several = Set(
      Dictionary(grouping: known, by: \.experiment).filter { _, records in
        Set(records.map { $0.origin?.data.map(\.sha256) }).count > 1
      }.keys)
    var found: [String] = []
    if known.count < records.count {
      found.append("\(records.count - known.count) of another version or that do not say what they depend on")
    }
    if !several.isEmpty { found.append("several data sets of \(several.sorted().joined(separator: ", "))") }
    remark =
      found.isEmpty
      ? nil
      : "\(path): expected results of signet \(version) on one data set, found "
        + "\(found.joined(separator: ", ")); they are left out"
    self.records = known.filter { !several.contains($0.experiment) }
  }
}
