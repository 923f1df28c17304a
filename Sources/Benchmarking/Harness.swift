import Files
import Foundation

/// The harness of the package `Benchmarks`. Its tool runs the benchmarks of any checkout without the package manager,
/// which takes twice as long to start and plan as a round does.
struct Harness {
  /// The package that provides the tool, and the package that provides the benchmarks; both must be built.
  let host, package: String
  /// A directory for the harness's files.
  let scratch: String

  /// The programs that a build puts into a package's `.build/release`.
  private static let (tool, benchmarks) = ("BenchmarkTool", "SignetBenchmarks")

  /// Settings that keep freed memory in the process. Otherwise the heap's layout, and so even the lengths of paths,
  /// would decide whether each iteration requests its memory from the system again: reading images took 38 % longer in
  /// one of two builds of the same sources.
  private static let memory = [
    "GLIBC_TUNABLES": "glibc.malloc.trim_threshold=1073741824:glibc.malloc.mmap_threshold=33554432"
  ]

  /// Runs one round, and returns for each benchmark the nanoseconds of its fastest iteration, which other work on the
  /// machine affects least.
  ///
  /// - Throws: `MeasurementFileError` if a program is not built, fails, or writes something other than results.
  func round() throws -> [(name: String, nanoseconds: Double)] {
    try AtomicFile.makeDirectory(scratch)
    let results = "\(scratch)/Current_run.jmh.json"
    try? FileManager.default.removeItem(atPath: results)
    let (code, log) = try run([
      "--command", "run", "--baseline-storage-path", scratch, "--format", "jmh", "--grouping", "benchmark", "--metrics",
      "wallClock", "--metrics", "throughput", "--no-progress", "--path", scratch, "--targets", Self.benchmarks,
      "--benchmark-executable-paths", try built(package, Self.benchmarks),
    ])
    guard code == 0, let bytes = FileManager.default.contents(atPath: results) else {
      throw MeasurementFileError(
        path: package, expected: "benchmarks that run",
        found: "exit code \(code): \(lastLine(of: log) ?? "no message") (\(log))")
    }
    return try HarnessOutput(bytes, path: results).samples.map { ($0.name, $0.nanoseconds.min() ?? 0) }
  }

  private func built(_ package: String, _ product: String) throws(MeasurementFileError) -> String {
    let path = URL(plainPath: "\(package)/.build/release/\(product)").path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw MeasurementFileError(
        path: path, expected: "a built program (swift build -c release --package-path \(package) --product \(product))",
        found: "none", isInputOutput: true)
    }
    return path
  }

  private func run(_ arguments: [String]) throws -> (code: Int32, log: String) {
    let (log, tool) = ("\(scratch)/harness.log", try built(host, Self.tool))
    do {
      let process = try Process.started(tool, arguments, log: log, environment: Self.memory, keepsOutput: true)
      process.waitUntilExit()
      return (process.terminationStatus, log)
    } catch let error as ProgramStartError {
      throw MeasurementFileError(
        path: tool, expected: "a program that starts", found: error.reason, isInputOutput: true)
    }
  }
}
