import Benchmarking
import Foundation
import Training

/// The harness of a checkout's package `Benchmarks`, which must have been built.
struct Harness {
  let package: String
  /// A directory for its files.
  let scratch: String

  /// One round: of each benchmark the nanoseconds of a typical iteration.
  ///
  /// - Throws: `BenchmarkFileError` if it fails or writes something else than results.
  func round() throws -> [(name: String, nanoseconds: Double)] {
    try AtomicFile.makeDirectory(scratch)
    let path = "\(scratch)/Current_run.jmh.json"
    try? FileManager.default.removeItem(atPath: path)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "swift", "package", "--package-path", package, "--disable-sandbox", "benchmark", "--format", "jmh", "--metric",
      "wallClock", "--metric", "throughput", "--no-progress", "--quiet", "--path", scratch,
    ]
    let log = "\(scratch)/harness.log"
    try AtomicFile.write([], to: log)
    let output = try FileHandle(forWritingTo: URL(filePath: log))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0, let results = FileManager.default.contents(atPath: path) else {
      let last = (try? String(contentsOfFile: log, encoding: .utf8))?.split(separator: "\n").last.map(String.init)
      throw BenchmarkFileError(
        path: package, expected: "benchmarks that run",
        found: "exit code \(process.terminationStatus): \(last ?? "nothing said") (\(log))")
    }
    return try HarnessOutput(results, path: path).samples.map { ($0.name, median($0.nanoseconds)) }
  }
}
