import Foundation
import Testing

/// Nights with a harness and benchmarks of our own making, whose times are chosen.
@Suite("The night's command", .serialized)
struct NightCommandTests {
  private let folder: TemporaryDirectory
  private var results: String { folder.file("results") }

  init() throws { folder = try TemporaryDirectory() }

  /// A package Benchmarks as a build leaves it: each benchmark takes about so many microseconds.
  private func package(_ name: String, _ times: [String: Int]) throws -> String {
    let release = folder.file("\(name)/.build/release")
    try FileManager.default.createDirectory(atPath: release, withIntermediateDirectories: true)
    let elements = times.sorted { $0.key < $1.key }.map { benchmark, time in
      #"{"benchmark": "package.benchmark.SignetBenchmarks.\#(benchmark)", "secondaryMetrics": {"Time (wall clock)": "#
        + #"{"scoreUnit": "μs", "rawData": [[$((\#(time) + n * 37 % 11 - 5)), $((\#(time) * 2))]]}}}"#
    }
    try script(
      "\(release)/SignetBenchmarks",
      """
      n=$(cat '\(release)/count' 2>/dev/null || echo 0); echo $((n + 1)) > '\(release)/count'
      cat <<END
      [\(elements.joined(separator: ", "))]
      END
      """)
    try script(
      "\(release)/BenchmarkTool",
      """
      while [ $# -gt 0 ]; do
        case $1 in --path) out=$2 ;; --benchmark-executable-paths) program=$2 ;; esac
        shift
      done
      "$program" > "$out/Current_run.jmh.json"
      """)
    return folder.file(name)
  }

  private func script(_ path: String, _ text: String) throws {
    try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  private func night(_ options: String...) throws -> SignetProgram.Outcome {
    try SignetProgram.run(
      ["night", "run", "--results", results, "--suite", "traces", "--no-training", "--budget", "1", "--quiet"] + options
    )
  }

  @Test("a first night is good; a slower program is worse, a lost benchmark has vanished, and a reason accepts it")
  func verdicts() throws {
    let fast = try package("fast", ["sign": 1000, "step": 5000])
    let first = try night("--benchmarks", fast, "--commit", "first")
    #expect(first.code == 0, "\(first.output)\(first.errors)")
    #expect(first.output.contains("good"))
    #expect(try SignetProgram.run("night", "list", "--results", results, "--last-good").output.hasSuffix(" first\n"))

    let slow = try package("slow", ["sign": 1150, "new one": 10])
    let second = try night("--benchmarks", slow, "--base", "first=\(fast)", "--commit", "second")
    #expect(second.code == 1, "\(second.output)\(second.errors)")
    #expect(second.output.contains("worse: time of sign: × 1.15"))
    #expect(second.output.contains("vanished: time of step"))
    #expect(second.output.contains("new: time of new one"))
    #expect(try SignetProgram.run("night", "list", "--results", results, "--last-good").output.hasSuffix(" first\n"))

    let listed = try SignetProgram.run("night", "list", "--results", results).output
    let name = try #require(listed.split(separator: "\n").last?.split(separator: " ").first.map(String.init))
    #expect(listed.contains("1 worse, 1 vanished"))
    #expect(try SignetProgram.run("night", "accept", name, "--results", results, "--reason", " ").code == 64)
    #expect(try SignetProgram.run("night", "accept", name, "--results", results, "--reason", "a reason").code == 0)
    #expect(try SignetProgram.run("night", "list", "--results", results, "--last-good").output.hasSuffix(" second\n"))
    for file in ["report.html", "report.md", "nights/\(name)/report.html"] {
      #expect(FileManager.default.fileExists(atPath: "\(results)/\(file)"), "\(file)")
    }
  }

  @Test("the same program is the same; noise beyond 15 % is too few data")
  func same() throws {
    let program = try package("program", ["sign": 1000, "tiny": 8])
    let outcome = try night("--benchmarks", program, "--base", "itself=\(program)")
    #expect(outcome.code == 0, "\(outcome.output)")
    #expect(outcome.output.contains("too few data: time of tiny"))
    #expect(outcome.output.contains("1 of 2 the same"))
  }

  @Test("two checkouts are compared without a night")
  func compare() throws {
    let (fast, slow) = (try package("fast", ["sign": 1000]), try package("slow", ["sign": 1200]))
    let worse = try SignetProgram.run("benchmark", "compare", fast, slow, "--quiet")
    #expect(worse.code == 1)
    #expect(worse.output.contains("worse"))
    let better = try SignetProgram.run("benchmark", "compare", slow, fast, "--quiet", "--json")
    #expect(better.code == 0)
    #expect(better.output.contains("\"better\""))
    let itself = try SignetProgram.run("benchmark", "compare", fast, fast, "--quiet", "--repeat", "3")
    #expect(itself.code == 0)
    #expect(itself.output.contains("0 of 3 comparisons with an alarm, 0 with anything worse or better"))
  }

  @Test("what is not built, fails, or writes something else is named, and the night can go on")
  func failures() throws {
    let missing = try night("--benchmarks", folder.file("nothing"))
    #expect(missing.code == 65)
    #expect(missing.errors.contains("nothing/.build/release/SignetBenchmarks: expected a built program"))
    let program = try package("program", ["sign": 1000])
    try script("\(program)/.build/release/SignetBenchmarks", "echo out of memory >&2; exit 3")
    try script("\(program)/.build/release/BenchmarkTool", "echo out of memory; exit 3")
    let failed = try night("--benchmarks", program, "--resume")
    #expect(failed.code == 65)
    #expect(failed.errors.contains("exit code 3: out of memory"))
    try script("\(program)/.build/release/BenchmarkTool", "echo '[]x' > \"${13}/Current_run.jmh.json\"")
    #expect(try night("--benchmarks", program, "--resume").code == 65)

    let sound = try night("--benchmarks", try package("sound", ["sign": 1000]), "--resume")
    #expect(sound.code == 0, "\(sound.errors)")
    let list = try SignetProgram.run("night", "list", "--results", results).output
    #expect(list.split(separator: "\n").count == 2, "one night, gone on with three times:\n\(list)")

    #expect(try night("--benchmarks", folder.file("nothing"), "--resume").code == 65)
    #expect(try night("--benchmarks", folder.file("sound"), "--resume", "--commit", "another").code == 0)
    let nights = try SignetProgram.run("night", "list", "--results", results).output.split(separator: "\n")
    #expect(nights.count == 4, "of another commit, a night of its own")
    #expect(nights[2].hasSuffix("unfinished") && nights[3].hasSuffix("good"))
  }

  @Test("a damaged record is named, and nothing is written over it")
  func damaged() throws {
    let program = try package("program", ["sign": 1000])
    #expect(try night("--benchmarks", program).code == 0)
    let nights = try FileManager.default.contentsOfDirectory(atPath: "\(results)/nights")
    let file = "\(results)/nights/\(try #require(nights.first))/night.json"
    try "{\"version\": 9}".write(toFile: file, atomically: true, encoding: .utf8)
    let outcome = try night("--benchmarks", program)
    #expect(outcome.code == 65)
    #expect(outcome.errors.contains("\(file): expected version 1, found version 9"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "{\"version\": 9}")
  }

  @Test(
    "a night that is stopped or killed goes on, and ends when its time is over, with what was trained until then",
    arguments: [(SIGTERM, 143 as Int32), (SIGKILL, SIGKILL)])
  func training(signal: Int32, status: Int32) throws {
    let options = ["night", "run", "--results", results, "--suite", "traces", "--quiet", "--resume"]
    let process = Process()
    process.executableURL = URL(filePath: SignetProgram.path)
    process.arguments = options + ["--budget", "60"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while try runs().isEmpty { Thread.sleep(forTimeInterval: 0.05) }
    Thread.sleep(forTimeInterval: 1)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == status)
    #expect(try SignetProgram.run("night", "list", "--results", results).output.contains("unfinished"))

    let outcome = try SignetProgram.run(options + ["--budget", "0.1"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("The time was over before all seeds of digits, glyphs were trained."))
    let list = try SignetProgram.run("night", "list", "--results", results).output
    #expect(list.split(separator: "\n").count == 2 && list.contains("good"))
    let report = try String(contentsOfFile: "\(results)/report.md", encoding: .utf8)
    #expect(report.contains("digits"))
    // The runs are what signet reproduce --out keeps, with each epoch's certainty.
    let shown = try SignetProgram.run("runs", "\(results)/nights/\(try nights()[0])/runs")
    #expect(shown.code == 0)
    #expect(shown.output.contains("digits"))
  }

  private func nights() throws -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "\(results)/nights")) ?? []
  }

  /// The directories of the trainings that have begun.
  private func runs() throws -> [String] {
    guard let night = try nights().first else { return [] }
    let path = "\(results)/nights/\(night)/runs"
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter {
      FileManager.default.fileExists(atPath: "\(path)/\($0)/log.jsonl")
    }
  }
}
