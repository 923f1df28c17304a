import Foundation
import TestSupport
import Testing

/// What is kept and told of nights, and how one is stopped while it times programs.
@Suite("Nights: their records, and a signal among the benchmarks")
struct NightListTests {
  private let folder: TemporaryFolder
  /// A shell would take it for two words.
  private var results: String { folder.file("my nights") }

  init() throws { folder = try TemporaryFolder() }

  private var arguments: [String] {
    ["night", "run", "--results", results, "--suite", "sign", "--no-training", "--quiet", "--json"]
  }

  @Test("a night records the command that began it, as a shell takes it")
  func command() throws {
    let night = try SignetProgram.object(SignetProgram.run(arguments).output)
    let command = try #require(night["command"] as? String)
    let words = try SignetProgram.run(["-c", "printf '%s\\n' \(command)"], program: "/bin/sh").done().lines
    #expect(words == [SignetProgram.path] + arguments)
  }

  @Test("night list has every night in its order, unfinished ones too, and --json has their whole records")
  func list() throws {
    let nights = try (0..<2).map { _ in try SignetProgram.object(SignetProgram.run(arguments).output) }
    let names = try nights.map { try #require($0["name"] as? String) }
    // As if it had been killed.
    let file = "\(results)/nights/\(names[1])/night.json"
    try String(contentsOfFile: file, encoding: .utf8).replacing(#""isFinished":true"#, with: #""isFinished":false"#)
      .write(toFile: file, atomically: true, encoding: .utf8)
    let table = try SignetProgram.run("night", "list", "--results", results).done().rows
    #expect(table.count == 3 && table.dropFirst().allSatisfy { $0.count > 2 })
    #expect(table.dropFirst().map { $0[1] } == names)
    let records = try SignetProgram.objects(
      SignetProgram.run("night", "list", "--results", results, "--json").done().output)
    #expect(records.map { $0["name"] as? String } == names && records.map { $0["number"] as? Int } == [1, 2])
    #expect(records.map { $0["isFinished"] as? Bool } == [true, false])
    let whole = try [records[0], nights[0]].map { try JSONSerialization.data(withJSONObject: $0, options: .sortedKeys) }
    #expect(whole[0] == whole[1])
  }

  @Test("without a directory of nights, list and report fail with 74; of one without nights, the list has none")
  func noResults() throws {
    for command in [["list"], ["list", "--last-good"], ["list", "--json"], ["report"]] {
      try SignetProgram.run(["night"] + command + ["--results", results])
        .expectFailure(74, ["\(results): expected a readable directory, found No such file or directory"])
    }
    #expect(try folder.names.isEmpty)
    try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: true)
    #expect(try SignetProgram.run("night", "list", "--results", results).done().rows.count == 1)
  }

  @Test(
    "an option that would do nothing is refused",
    arguments: [
      (["--base", "a=b"], "--base: expected --benchmarks"), (["--real-epochs", "3"], "--real-epochs: expected --data"),
      (["--discrete-epochs", "3"], "--discrete-epochs: expected --data"),
    ])
  func withoutEffect(options: [String], words: String) throws {
    let outcome = try SignetProgram.run(["night", "run", "--results", results, "--check"] + options)
    #expect(outcome.code == 64 && outcome.errors.contains("\(words), found none"), "\(outcome.errors)")
  }

  @Test("the reason for accepting a night may begin like an option")
  func reason() throws {
    let outcome = try SignetProgram.run("night", "accept", "none", "--results", results, "--reason", "--only was gone")
    #expect(outcome.code == 74 && outcome.errors.contains("expected a night's record, found none"), "\(outcome.errors)")
  }

  @Test("night list prints the last good night or the records: --last-good and --json are refused together")
  func lastGoodOrRecords() throws {
    try SignetProgram.run("night", "list", "--results", results, "--json", "--last-good")
      .expectFailure(64, ["--json: expected no --last-good, found both"])
  }

  @Test("a base that cannot be timed is told and left out: the night's own times and those of the other bases stay")
  func badBase() throws {
    let good = try folder.benchmarks("good", printing: "echo '[\(benchmarkResult("sign", microseconds: ["5"]))]'")
    let bad = folder.file("bad")
    func night(_ bases: [String]) throws -> [String: Any] {
      let options = ["--commit", "c", "--benchmarks", good] + bases.flatMap { ["--base", $0] }
      return try SignetProgram.object(SignetProgram.run(arguments + options).output)
    }
    func steps(_ night: [String: Any]) throws -> [[String]] {
      try #require(night["plan"] as? [[String: Any]])
        .filter { ["benchmarks", "comparison"].contains($0["kind"] as? String) }
        .map { [$0["outcome"] as? String ?? "", $0["reason"] as? String ?? ""] }
    }
    let words = "\(bad)/.build/release/SignetBenchmarks: expected a built program"
    let first = try night(["bad=\(bad)", "good=\(good)"])
    #expect(try steps(first) == [["done", ""]])
    #expect((first["benchmarks"] as? [[String: Any]])?.map { $0["name"] as? String } == ["sign"])
    let changes = try #require(first["changes"] as? [[String: Any]]).filter { $0["measure"] as? String == "time" }
    #expect(changes.map { $0["against"] as? String } == ["good"])
    let remarks = try #require(first["remarks"] as? [String])
    #expect(remarks.contains { $0.hasPrefix("Times were not compared with bad: \(words)") }, "\(remarks)")
    // The planned comparison with the last good night has failed if its base has.
    let name = try #require(first["name"] as? String)
    let second = try night(["night \(name) (c)=\(bad)", "good=\(good)"])
    let outcomes = try steps(second)
    #expect(outcomes.map(\.[0]) == ["done", "failed"] && outcomes[1][1].hasPrefix(words), "\(outcomes)")
  }

  @Test("a night that was to train on MNIST is not resumed without --data or with other epochs, and stays as it was")
  func resumedWithoutData() throws {
    let data = ["--data", folder.file("MNIST"), "--real-epochs", "3"]
    let name = try #require(try SignetProgram.object(SignetProgram.run(arguments + data).output)["name"] as? String)
    let file = "\(results)/nights/\(name)/night.json"
    let record = try String(contentsOfFile: file, encoding: .utf8)
      .replacing(#""isFinished":true"#, with: #""isFinished":false"#)
    try record.write(toFile: file, atomically: true, encoding: .utf8)
    for options in [[], Array(data.prefix(2))] {
      let words = "--resume: expected the --data, --real-epochs and --discrete-epochs of night \(name)"
      try SignetProgram.run(arguments + ["--resume"] + options)
        .expectFailure(64, [words, "found no training mnist-pi_"])
      #expect(try String(contentsOfFile: file, encoding: .utf8) == record)
    }
    let resumed = try SignetProgram.object(SignetProgram.run(arguments + ["--resume"] + data).output)
    #expect(resumed["name"] as? String == name && resumed["isFinished"] as? Bool == true)
  }

  @Test("--budget is in minutes: two fifths of half a minute are enough for all of the 24 rounds of a quick benchmark")
  func budget() throws {
    let package = try folder.benchmarks(
      "program",
      printing: """
        sleep 0.03
        echo '[\(benchmarkResult("sign", microseconds: ["5"]))]'
        """)
    let night = try SignetProgram.object(
      SignetProgram.run(arguments + ["--benchmarks", package, "--budget", "0.5"]).output)
    let benchmarks = try #require(night["benchmarks"] as? [[String: Any]])
    #expect(benchmarks.map { ($0["rounds"] as? [Double])?.count } == [24])
  }

  @Test("a signal stops a night after the program that it is timing, not after all rounds")
  func stopped() throws {
    let package = try folder.benchmarks("program", printing: "")
    try folder.script(
      """
      echo >> '\(folder.file("rounds"))'
      kill -TERM $PPID
      while [ "$1" != --path ]; do shift; done
      echo '[\(benchmarkResult("sign", microseconds: ["5"]))]' > "$2/Current_run.jmh.json"
      """, to: "program/.build/release/BenchmarkTool")
    let outcome = try SignetProgram.run(arguments + ["--benchmarks", package])
    #expect(outcome.code == 143 && !outcome.isCrash && outcome.output.isEmpty)
    #expect(outcome.errors == "signet: stopped by SIGTERM; the same command with --resume continues\n")
    #expect(try folder.bytes(of: "rounds").count == 1)
  }
}
