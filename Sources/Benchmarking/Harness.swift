import Files
import Foundation

/// The harness of the package `Benchmarks`: its tool runs the benchmarks of any checkout, without the package manager, whose
/// start and plan take twice as long as a round.
struct Harness {
  /// The package whose tool it is, and that of the benchmarks; both built.
  let host, package: String
  /// A directory for its files.
  let scratch: String

  /// What a build puts into a package's `.build/release`.
  private static let (tool, benchmarks) = ("BenchmarkTool", "SignetBenchmarks")

  /// Freed memory stays with the process. Otherwise it depends on the heap's layout, and so on lengths of paths, whether each
  /// iteration has its memory from the system anew: reading images took 38 % longer in one of two builds of the same sources.
  private static let memory = [
    "GLIBC_TUNABLES": "glibc.malloc.trim_threshold=1073741824:glibc.malloc.mmap_threshold=33554432"
  ]

  /// One round: of each benchmark the nanoseconds of the fastest iteration, which other work on the machine changes least.
  ///
  /// - Throws: `BenchmarkFileError` if it is not built, fails or writes something else than results.
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
      throw BenchmarkFileError(
        path: package, expected: "benchmarks that run",
        found: "exit code \(code): \(lastLine(of: log) ?? "nothing said") (\(log))")
    }
    return try HarnessOutput(bytes, path: results).samples.map { ($0.name, $0.nanoseconds.min() ?? 0) }
  }

  private func built(_ package: String, _ product: String) throws(BenchmarkFileError) -> String {
    let path = URL(filePath: "\(package)/.build/release/\(product)").path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw BenchmarkFileError(
        path: path, expected: "a built program (swift build -c release --package-path \(package) --product \(product))",
        found: "none")
    }
    return path
  }

  private func run(_ arguments: [String]) throws -> (code: Int32, log: String) {
    let log = "\(scratch)/harness.log"
    let process = try Process.started(
      try built(host, Self.tool), arguments, log: log, environment: Self.memory, keepsOutput: true)
    process.waitUntilExit()
    return (process.terminationStatus, log)
  }
}
