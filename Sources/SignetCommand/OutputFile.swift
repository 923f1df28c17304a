import Files

/// A file that a command writes, or several that belong together, and the line that it prints of them.
struct OutputFile {
  let line: String
  let write: () throws -> Void

  /// Writes all files, and then prints their lines. If a file cannot be written, the lines are those of the files before it.
  static func write(_ files: [OutputFile], isQuiet: Bool = false) throws {
    try writing(isQuiet: isQuiet) { tell in
      for file in files {
        try file.write()
        tell(oneLine(file.line))
      }
    }
  }

  /// Does work that writes files and tells lines, which are printed when it has ended, well or not: output that cannot be written keeps no
  /// file from being written.
  static func writing(isQuiet: Bool = false, _ work: (_ tell: (String) -> Void) throws -> Void) throws {
    var lines: [String] = []
    func printLines() throws {
      if !isQuiet && !lines.isEmpty { try StandardOutput.print(lines.joined(separator: "\n")) }
    }
    do {
      try work { lines.append($0) }
    } catch {
      try? printLines()
      throw error
    }
    try printLines()
  }
}
