import Foundation

extension TemporaryFolder {
  /// Writes a shell script that can be called as a program, with the folders above it, and returns its path.
  @discardableResult
  public func script(_ text: String, to name: String) throws -> String {
    let path = file(name)
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }

  /// A package Benchmarks as a build leaves it, and returns its path.
  ///
  /// - Parameter script: the program of its benchmarks, which prints what the harness writes in a round: `benchmarkResult`s, separated
  ///   by commas and in brackets.
  public func benchmarks(_ name: String, printing script: String) throws -> String {
    try self.script(script, to: "\(name)/.build/release/SignetBenchmarks")
    try self.script(
      """
      while [ $# -gt 0 ]; do
        case $1 in --path) out=$2 ;; --benchmark-executable-paths) program=$2 ;; esac
        shift
      done
      "$program" > "$out/Current_run.jmh.json"
      """, to: "\(name)/.build/release/BenchmarkTool")
    return file(name)
  }

  /// A package Benchmarks whose harness sends SIGTERM to whoever runs it, and then writes the results of a round. Returns its path.
  public func stoppingBenchmarks(_ name: String) throws -> String {
    let path = try benchmarks(name, printing: "")
    try script(
      """
      kill -TERM $PPID
      while [ "$1" != --path ]; do shift; done
      echo '[\(benchmarkResult("one_thing", microseconds: ["5"]))]' > "$2/Current_run.jmh.json"
      """, to: "\(name)/.build/release/BenchmarkTool")
    return path
  }
}

/// What the harness writes of a benchmark whose iterations took so many microseconds.
public func benchmarkResult(_ name: String, microseconds: [String]) -> String {
  #"{"benchmark": "package.benchmark.SignetBenchmarks.\#(name)", "secondaryMetrics": {"Time (wall clock)": "#
    + #"{"scoreUnit": "μs", "rawData": [[\#(microseconds.joined(separator: ", "))]]}}}"#
}
