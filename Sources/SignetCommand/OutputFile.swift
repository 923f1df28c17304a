import Files

/// A file that a command writes, or several that belong together, and the line that it prints of them.
struct OutputFile {
  let line: String
  let write: () throws -> Void

  /// Writes all files, and then prints their lines: output that cannot be written keeps no file from being written. If a file cannot be
  /// written, the lines are those of the files before it.
  static func write(_ files: [OutputFile], isQuiet: Bool = false) throws {
    var lines: [String] = []
    func printLines() throws {
      if !isQuiet && !lines.isEmpty { try StandardOutput.print(lines.joined(separator: "\n")) }
    }
    do {
      for file in files {
        try file.write()
        lines.append(file.line)
      }
    } catch {
      try? printLines()
      throw error
    }
    try printLines()
  }
}
