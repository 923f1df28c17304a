import Foundation

extension Process {
  /// Starts a program that reads nothing and writes into a new file.
  ///
  /// - Parameters:
  ///   - environment: what is set besides this process's own.
  ///   - keepsOutput: whether the file is to have standard output, too, and not only the errors.
  /// - Throws: `FileWriteError`, errors of starting it.
  package static func started(
    _ program: String, _ arguments: [String], log: String, environment: [String: String] = [:], keepsOutput: Bool
  ) throws -> Process {
    try AtomicFile.write([], to: log)
    let file = try FileHandle(forWritingTo: URL(filePath: log))
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = keepsOutput ? file : FileHandle.nullDevice
    process.standardError = file
    try process.run()
    return process
  }
}

/// The last line of a log; nil if it has none.
package func lastLine(of log: String) -> String? {
  (try? String(contentsOfFile: log, encoding: .utf8))?.split(separator: "\n").last.map(String.init)
}
