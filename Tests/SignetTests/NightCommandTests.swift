import Foundation
import TestSupport
import Testing

/// Nights with a harness and benchmarks of our own making, whose times are chosen.
@Suite("The night's command", .serialized)
struct NightCommandTests {
  private let folder: TemporaryFolder
  private var results: String { folder.file("results") }

  init() throws { folder = try TemporaryFolder() }

  /// A package Benchmarks as a build leaves it: each benchmark takes about so many microseconds.
  private func package(_ name: String, _ times: [String: Int]) throws -> String {
    let elements = times.sorted { $0.key < $1.key }.map { benchmark, time in
      benchmarkResult(benchmark, microseconds: ["$((\(time) + n * 37 % 11 - 5))", "$((\(time) * 2))"])
    }
    let count = folder.file("\(name).count")
    return try folder.benchmarks(
      name,
      printing: """
        n=$(cat '\(count)' 2>/dev/null || echo 0); echo $((n + 1)) > '\(count)'
        cat <<END
        [\(elements.joined(separator: ", "))]
        END
        """)
  }

  private func night(_ options: String...) throws -> SignetProgram.Outcome {
    try SignetProgram.run(
      ["night", "run", "--results", results, "--suite", "sign", "--no-training", "--budget", "30", "--quiet"]
        + options
    )
  }

  @Test("a slower program is worse, a lost benchmark has vanished, and a reason accepts it")
  func verdicts() throws {
    let fast = try package("fast", ["sign": 1000, "step": 5000])
    let first = try night("--benchmarks", fast, "--commit", "first")
    #expect(first.code == 3 && first.errors.isEmpty, "\(first.output)\(first.errors)")
    #expect(first.output.hasPrefix("incomplete: 0 same, 0 worse, 49 not run, 0 failed\n"))
    let good = try SignetProgram.run("night", "list", "--results", results, "--last-good").output
    #expect(good.hasSuffix(" first\n"))

    let slow = try package("slow", ["sign": 1150, "new one": 10])
    let second = try night("--benchmarks", slow, "--base", "night \(good.dropLast())=\(fast)", "--commit", "second")
    #expect(second.code == 1, "\(second.output)\(second.errors)")
    #expect(second.output.hasPrefix("worse: 0 same, 1 worse, 1 vanished, 1 new, 49 not run, 0 failed\n"))
    #expect(second.output.contains("worse: time of sign: × 1.15"))
    #expect(second.output.contains("vanished: time of step"))
    #expect(second.output.contains("new: time of new one"))
    #expect(try SignetProgram.run("night", "list", "--results", results, "--last-good").output.hasSuffix(" first\n"))

    let listed = try SignetProgram.run("night", "list", "--results", results).output
    let names = listed.split(separator: "\n").dropFirst().map { String($0.split(separator: " ")[1]) }
    let name = try #require(names.last)
    #expect(listed.contains("1 worse, 1 vanished"))
    let refused = try SignetProgram.run("night", "accept", names[0], "--results", results, "--reason", "a reason")
    #expect(
      refused.code == 65 && refused.errors.contains("expected something worse or vanished to accept, found nothing"))
    #expect(try SignetProgram.run("night", "accept", name, "--results", results, "--reason", " ").code == 64)
    #expect(try SignetProgram.run("night", "accept", name, "--results", results, "--reason", "a reason").code == 0)
    #expect(try SignetProgram.run("night", "list", "--results", results, "--last-good").output.hasSuffix(" second\n"))
    for file in ["report.html", "report.md", "nights/\(name)/report.html"] {
      #expect(FileManager.default.fileExists(atPath: "\(results)/\(file)"), "\(file)")
    }
    // So few times are never that sure.
    let sure = try night("--benchmarks", slow, "--base", "fast=\(fast)", "--alpha", "1e-30")
    #expect(sure.output.contains("too few data: time of sign: × 1.15"), "\(sure.output)")
  }

  @Test("the same program is the same; noise beyond 15 % is too few data")
  func same() throws {
    let program = try package("program", ["sign": 1000, "tiny": 8])
    let outcome = try night("--benchmarks", program, "--base", "itself=\(program)")
    #expect(outcome.code == 3, "\(outcome.output)")
    #expect(outcome.output.contains("too few data: time of tiny"))
    #expect(outcome.output.hasPrefix("incomplete: 1 same, 0 worse, 1 too few data, "))
  }

  @Test("benchmarks that are not built, fail, or write something other than results make the night incomplete")
  func failures() throws {
    let missing = try night("--benchmarks", folder.file("nothing"))
    #expect(missing.code == 3)
    #expect(missing.output.contains("failed: benchmarks: ") && missing.output.contains("expected a built program"))
    let program = try package("program", ["sign": 1000])
    try folder.script("echo out of memory >&2; exit 3", to: "program/.build/release/SignetBenchmarks")
    try folder.script("echo out of memory; exit 3", to: "program/.build/release/BenchmarkTool")
    let failed = try night("--benchmarks", program)
    #expect(failed.code == 3 && failed.output.contains("exit code 3: out of memory"))
    try folder.script(
      "while [ \"$1\" != --path ]; do shift; done; echo '[]x' > \"$2/Current_run.jmh.json\"",
      to: "program/.build/release/BenchmarkTool")
    #expect(try night("--benchmarks", program).output.contains("expected the harness's results"))
    #expect(try SignetProgram.run("night", "list", "--results", results, "--last-good").output.isEmpty)
  }

  @Test("a night with unreadable data, or in which nothing ran, is not good")
  func states() throws {
    let unreadable = try SignetProgram.run(
      "night", "run", "--results", results, "--suite", "sign", "--data", folder.file("nothing"), "--only", "mnist",
      "--budget", "30", "--real-epochs", "3", "--discrete-epochs", "4", "--quiet")
    #expect(unreadable.code == 3)
    #expect(
      unreadable.output.hasPrefix(
        "incomplete: 0 same, 0 worse, 49 not run, 30 failed\nfailed: 30 trainings of mnist-pi: "))
    // What was planned has the epochs that were asked for.
    let record = "\(results)/nights/\(try #require(try nights().first))/night.json"
    let plan = try SignetProgram.object(String(contentsOfFile: record, encoding: .utf8))["plan"] as? [[String: Any]]
    let series = try #require(plan).filter { $0["group"] as? String == "mnist-pi" }
      .flatMap { $0["series"] as? [[String: Any]] ?? [] }
    #expect(series.count == 10 * 5, "ten seeds of five networks")
    for one in series {
      #expect(one["epochs"] as? Int == (one["network"] as? String == "real" ? 3 : 4), "\(one)")
    }
    let empty = try SignetProgram.run(
      "night", "run", "--results", results, "--budget", "0.0000001", "--quiet", "--json")
    #expect(empty.code == 4)
    #expect(empty.output.contains("\"number\""))
    let list = try SignetProgram.run("night", "list", "--results", results).output
    #expect(list.contains("empty: 0 same, 0 worse, 50 not run, 0 failed"))
    let name = try #require(list.split(separator: "\n").last?.split(separator: " ")[1])
    let refused = try SignetProgram.run("night", "accept", String(name), "--results", results, "--reason", "a reason")
    #expect(refused.code == 65 && refused.errors.contains("expected a verified night, found empty: "))
  }

  @Test("a second night on the same results learns who is using them")
  func lock() throws {
    try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: true)
    try "process 7 on host since today\n".write(toFile: "\(results)/lock", atomically: true, encoding: .utf8)
    let descriptor = open("\(results)/lock", O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    let outcome = try night()
    #expect(outcome.code == 74)
    #expect(outcome.errors.hasSuffix("found one in use by process 7 on host since today\n"))
  }

  @Test("options are checked without a night", arguments: [("1", 0), ("0", 64)] as [(String, Int32)])
  func check(budget: String, code: Int32) throws {
    let outcome = try SignetProgram.run("night", "run", "--results", results, "--check", "--budget", budget)
    #expect(outcome.code == code)
    #expect(!FileManager.default.fileExists(atPath: results))
  }

  @Test("a sweep's file that cannot be read stops a night before it begins", arguments: [[], ["--check"]])
  func sweeps(options: [String]) throws {
    let file = folder.file("none.jsonl")
    let outcome = try SignetProgram.run(["night", "run", "--results", results, "--sweep", file] + options)
    let words = "\(file): expected to read, found: No such file or directory"
    #expect(outcome.code == 74 && outcome.errors.contains(words), "\(outcome.errors)")
    // With 65, a night would be not verified.
    let other = try folder.write(Array("notes\n".utf8), to: "notes.jsonl")
    try SignetProgram.run(["night", "run", "--results", results, "--sweep", other] + options).expectFailure(
      64, ["--sweep: \(other), line 1: expected a complete record of a sweep, found something else"])
    #expect(!FileManager.default.fileExists(atPath: results))
  }

  @Test("the report has the errors of the files of --sweep, beside the night's own")
  func sweepResults() throws {
    let file = SignetProgram.root.appending(path: "Benchmarks/results/digits.jsonl")
    let errors = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line -> Double? in
      let result = try #require(try SignetProgram.object(String(line))["result"] as? [String: Any])
      return result["network"] as? String == "real" ? result["testError"] as? Double : nil
    }
    #expect(errors.count == 5, "seeds")
    /// The mean test error of the real network in the report.
    func real() throws -> String? {
      let report = try String(contentsOfFile: "\(results)/report.md", encoding: .utf8)
      let rows = report.split(separator: "\n").map { line in
        line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      }
      return rows.first { $0.starts(with: ["digits, 60 + 100 epochs", "real"]) }?.last
    }
    #expect(try night("--sweep", file.path).code == 3)
    #expect(try real() == SignetProgram.percent(errors.reduce(0, +) / 5))
    #expect(try night().code == 3)
    #expect(try real() == nil)
  }

  @Test("a night resumed with other data does not reuse what was trained on the earlier data")
  func otherData() throws {
    // MNIST's files with black images, of which more than 10,000 are needed.
    let data = folder.file("data")
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    for (part, count) in [("train", 10_001), ("t10k", 1)] {
      let number = [UInt8(count >> 8), UInt8(count & 255)]
      try Data([0, 0, 8, 3, 0, 0] + number + [0, 0, 0, 28, 0, 0, 0, 28] + [UInt8](repeating: 0, count: count * 784))
        .write(to: URL(filePath: "\(data)/\(part)-images-idx3-ubyte"))
      try Data([0, 0, 8, 1, 0, 0] + number + [UInt8](repeating: 0, count: count))
        .write(to: URL(filePath: "\(data)/\(part)-labels-idx1-ubyte"))
    }
    let job = "mnist-pi_ternary_straight-through_seed-2"
    func night(_ options: String...) throws -> SignetProgram.Outcome {
      try SignetProgram.run(
        ["night", "run", "--results", results, "--suite", "sign", "--data", data, "--only", job, "--quiet"] + options)
    }
    #expect(try night("--budget", "0.0001").output.contains("the night's time was up"))
    // As if it had been killed after the training of that name, on other data.
    let directory = "\(results)/nights/\(try #require(try nights().first))"
    let record = try String(contentsOfFile: "\(directory)/night.json", encoding: .utf8)
    try record.replacing(#""isFinished":true"#, with: #""isFinished":false"#)
      .write(toFile: "\(directory)/night.json", atomically: true, encoding: .utf8)
    let run = "\(directory)/runs/\(job)"
    let trained = try SignetProgram.run(
      "train", "--architecture", "10", "--networks", "real", "--real-epochs", "1", "--quiet", "--out", run)
    #expect(trained.code == 0, "\(trained.errors)")
    let resumed = try night("--budget", "30", "--resume")
    #expect(try resumed.code == 3 && nights().count == 1)
    #expect(
      resumed.output.contains("failed: training \(job): \(run)/run.json: expected data.")
        && resumed.output.contains("as in the run to resume"), "\(resumed.output)")
  }

  @Test("a night of another program is not resumed, and the command says so; one of this program is")
  func otherProgram() throws {
    #expect(try night().code == 3)
    let name = try #require(try nights().first)
    let file = "\(results)/nights/\(name)/night.json"
    func stop(_ change: (String) throws -> String) throws {
      let record = try String(contentsOfFile: file, encoding: .utf8)
      try change(record.replacing(#""isFinished":true"#, with: #""isFinished":false"#))
        .write(toFile: file, atomically: true, encoding: .utf8)
    }
    try stop { $0 }
    let resumed = try night("--resume")
    #expect(try resumed.errors.isEmpty && nights() == [name], "\(resumed.errors)")
    try stop { $0.replacing(/"sha256":"[0-9a-f]{64}"/, with: "\"sha256\":\"\(String(repeating: "0", count: 64))\"") }
    let other = try night("--resume")
    #expect(
      other.errors == "signet: --resume: night \(name) is of another commit or program: a new night begins\n")
    #expect(try nights().count == 2)
  }

  @Test("a damaged record is named and left out, and nothing is written over it")
  func damaged() throws {
    #expect(try night().code == 3)
    let file = "\(results)/nights/\(try #require(try nights().first))/night.json"
    try "{\"version\": 9}".write(toFile: file, atomically: true, encoding: .utf8)
    let outcome = try night()
    #expect(outcome.code == 3)
    #expect(outcome.output.contains("Left out: \(file): expected version 1, found version 9"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "{\"version\": 9}")
    for command in ["list", "report"] {
      let told = try SignetProgram.run("night", command, "--results", results)
      #expect(told.code == 0 && told.errors.contains("left out: \(file): expected version 1, found version 9"))
    }
  }

  @Test(
    "a stopped or killed night resumes, and ends when its time is up, with what was trained until then",
    arguments: [(SIGTERM, 143 as Int32), (SIGKILL, SIGKILL)])
  func training(signal: Int32, status: Int32) throws {
    let options = ["night", "run", "--results", results, "--suite", "sign", "--quiet", "--resume"]
    let process = Process()
    process.executableURL = URL(filePath: SignetProgram.path)
    process.arguments = options + ["--budget", "60", "--commit", "c"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while try runs().isEmpty { Thread.sleep(forTimeInterval: 0.05) }
    Thread.sleep(forTimeInterval: 0.5)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == status)
    #expect(try SignetProgram.run("night", "list", "--results", results).output.contains("unfinished"))

    let outcome = try SignetProgram.run(options + ["--budget", "0.05", "--commit", "c"])
    #expect(outcome.code == 3, "\(outcome.errors)")
    #expect(outcome.output.contains("trainings of digits: the night's time was up"))
    let list = try SignetProgram.run("night", "list", "--results", results).output
    #expect(list.split(separator: "\n").count == 2 && list.contains("incomplete: ") && !list.contains("unfinished"))
    let report = try String(contentsOfFile: "\(results)/report.md", encoding: .utf8)
    #expect(report.contains("digits"))
    let another = try SignetProgram.run(options + ["--budget", "0.001", "--commit", "another", "--no-training"])
    #expect(another.code != 0)
    #expect(try nights().count == 2, "of another commit, a night of its own")
    // The runs are what signet reproduce --out keeps, with each epoch's certainty.
    let shown = try SignetProgram.run("runs", "\(results)/nights/\(try nights().sorted()[0])/runs")
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
