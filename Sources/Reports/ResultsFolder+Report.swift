import Files
import Nightly

extension ResultsFolder {
  /// Writes a report into its night's directory and as the newest report.
  ///
  /// - Returns: the path of the newest report.
  /// - Throws: `FileWriteError`
  package func write(_ report: Report, of night: String) throws(FileWriteError) -> String {
    for (name, text) in [("report.html", report.html()), ("report.md", report.markdown())] {
      for folder in [directory(of: night), path] {
        try AtomicFile.write(Array(text.utf8), to: "\(folder)/\(name)", makingDirectories: true)
      }
    }
    return "\(path)/report.html"
  }
}
