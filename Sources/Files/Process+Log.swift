import Foundation

extension Process {
  /// Starts a program without input whose output goes to a new file.
  ///
  /// - Parameters:
  ///   - environment: variables that are set in addition to this process's own.
  ///   - keepsOutput: whether standard output goes to the file, too, and not only standard error.
  /// - Throws: `FileWriteError`; `ProgramStartError` if the system does not start the program.
  package static func started(
    _ program: String, _ arguments: [String], log: String, environment: [String: String] = [:], keepsOutput: Bool
  ) throws -> Process {
    try AtomicFile.write([], to: log)
    let file: FileHandle
    do {
      file = try FileHandle(forWritingTo: URL(plainPath: log))
    } catch {
      throw FileWriteError.cannotWrite(path: log, reason: reason(of: error))
    }
    // The program that was started has the file open itself.
    defer { try? file.close() }
    let process = Process()
    process.executableURL = URL(plainPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = keepsOutput ? file : FileHandle.nullDevice
    process.standardError = file
    try process.start(program)
    return process
  }

  /// Runs the process.
  ///
  /// - Parameter program: its program, which the error names.
  package func start(_ program: String) throws(ProgramStartError) {
    do {
      try run()
    } catch {
      throw ProgramStartError(program: program, reason: reason(of: error))
    }
  }
}

/// The system did not start a program.
package struct ProgramStartError: Error, Equatable, CustomStringConvertible {
  package let program, reason: String

  package var description: String { "\(program): expected to start, found: \(reason)" }
}

/// The last line of a log file, or of what precedes the account that Swift gives of a crash; nil if there is none.
package func lastLine(of log: String) -> String? {
  (try? String(contentsOfFile: log, encoding: .utf8))?.split(separator: "\n").prefix { !$0.hasPrefix("*** ") }.last
    .map(String.init)
}
