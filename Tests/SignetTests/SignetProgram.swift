import Foundation
import TestSupport
import Testing

/// The built program, run as a user runs it.
struct SignetProgram {
  struct Outcome {
    let code: Int32
    let output: String
    let errors: String
    /// Whether a signal ended it: a trap, or a fault of memory.
    var isCrash = false

    /// The same, if it ended with 0.
    func done(sourceLocation: SourceLocation = #_sourceLocation) throws -> Outcome {
      try #require(code == 0, "\(code): \(errors)", sourceLocation: sourceLocation)
      return self
    }

    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The rows of a printed table whose columns are two spaces apart, without the cells that are empty.
    var rows: [[String]] { tableRows(output) }

    /// The networks of what `--json` printed of a training or an evaluation.
    var networks: [[String: Any]] {
      get throws { try #require(try SignetProgram.object(output)["networks"] as? [[String: Any]], "\(errors)") }
    }
  }

  /// The repository's root, from this file's place in it.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// It is built next to the test bundle.
  static let path = buildFolder.appending(path: "signet").path

  /// Trains the networks on `digits` into `folder`, and returns the run's directory.
  static func digitsRun(in folder: TemporaryFolder, _ networks: String, epochs: Int) throws -> String {
    let run = folder.file("run")
    let outcome = try Self.run(
      "reproduce", "digits", "--networks", networks, "--real-epochs", "\(epochs)", "--discrete-epochs", "\(epochs)",
      "--quiet", "--out", run)
    try #require(outcome.code == 0, "\(outcome.errors)")
    return run
  }

  /// Trains `real`, `discrete-sign` and `straight-through` for one epoch each on `digits`, with hidden layers of 12 and 8 units, into
  /// `folder`, and returns the run's directory.
  static func smallRun(in folder: TemporaryFolder) throws -> String {
    let run = folder.file("run")
    _ = try Self.run(
      "train", "--architecture", "12-8-10", "--networks", "discrete-sign,straight-through", "--real-epochs", "1",
      "--discrete-epochs", "1", "--quiet", "--out", run
    ).done()
    return run
  }

  /// A fraction as tables show it.
  static func percent(_ fraction: Any?) throws -> String {
    String(format: "%.2f %%", 100 * (try #require(fraction as? Double)))
  }

  /// The JSON array of objects that a text is.
  static func objects(_ text: String) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]], "\(text)")
  }

  /// The JSON object that a text is.
  static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
  }

  /// Runs the program to its end.
  static func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try run(arguments, environment: environment)
  }

  static func run(
    _ arguments: [String], environment: [String: String] = [:], program: String = path, directory: String? = nil
  ) throws -> Outcome {
    let process = Process()
    if let directory { process.currentDirectoryURL = URL(filePath: directory) }
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files, not pipes: nobody has to read while it runs.
    let directory = try TemporaryFolder()
    let (output, errors) = (directory.file("output"), directory.file("errors"))
    for file in [output, errors] { try Data().write(to: URL(filePath: file)) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8), isCrash: process.terminationReason == .uncaughtSignal
    )
  }

  /// Starts the program, sends it a signal when it is time, and returns its exit status; nil if it was done before.
  static func interrupted(
    _ arguments: [String], by number: Int32,
    when isTime: (Process) throws -> Bool
  ) throws -> Int32? {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while try process.isRunning && !isTime(process) {
      Thread.sleep(forTimeInterval: 0.002)
    }
    let isRunning = process.isRunning
    if isRunning { kill(process.processIdentifier, number) }
    process.waitUntilExit()
    return isRunning ? process.terminationStatus : nil
  }

  /// True once the run has a checkpoint, and so handles signals.
  static func hasCheckpoint(_ run: String) -> Bool {
    FileManager.default.fileExists(atPath: run + "/checkpoint.safetensors")
  }

  /// Whether a process handles a signal itself, as Linux tells.
  static func isCaught(_ number: Int32, by process: Process) throws -> Bool {
    let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") })
    // Bit 0 is that of signal 1.
    let signals = try #require(UInt64(line.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16))
    return signals >> UInt64(number - 1) & 1 == 1
  }
}
