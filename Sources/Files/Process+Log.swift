import Foundation

extension Process {
  /// Starts a program without input whose output goes to a new file.
  ///
  /// - Parameters:
  ///   - environment: variables that are set in addition to this process's own.
  ///   - keepsOutput: whether standard output goes to the file, too, and not only standard error.
  /// - Throws: `FileWriteError`, or an error from starting the program.
  package static func started(
    _ program: String, _ arguments: [String], log: String, environment: [String: String] = [:], keepsOutput: Bool
  ) throws -> Process {
    try AtomicFile.write([], to: log)
    let file = try FileHandle(forWritingTo: URL(plainPath: log))
    let process = Process()
    process.executableURL = URL(plainPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = keepsOutput ? file : FileHandle.nullDevice
    process.standardError = file
    try process.run()
    return process
  }
}

/// The last line of a log file; nil if there is none.
package func lastLine(of log: String) -> String? {
  (try? String(contentsOfFile: log, encoding: .utf8))?.split(separator: "\n").last.map(String.init)
}
