import Foundation
import TestSupport
import Testing

/// Packages Benchmarks of our own making, whose times are chosen.
@Suite("Commands by outcome: benchmark compare")
struct CompareCommandTests {
  private let folder: TemporaryFolder
  private let fast, slow: String

  /// One benchmark, which takes 1.00 ms, 1.01 ms, … 1.10 ms in eleven rounds, and then again; slower by a quarter in the other package.
  init() throws {
    let folder = try TemporaryFolder()
    func package(_ name: String, microseconds: Int, growth: Int) throws -> String {
      let count = folder.file("\(name).count")
      let result = benchmarkResult("one_thing", microseconds: ["'$((\(microseconds) + \(growth) * (n % 11)))'"])
      return try folder.benchmarks(
        name,
        printing: """
          n=$(cat '\(count)' 2>/dev/null || echo 0); echo $((n + 1)) > '\(count)'
          echo '[\(result)]'
          """)
    }
    fast = try package("fast", microseconds: 1000, growth: 10)
    slow = try package("slow", microseconds: 1250, growth: 12)
    self.folder = folder
  }

  private func compare(_ packages: [String], _ options: String...) throws -> SignetProgram.Outcome {
    try SignetProgram.run(["benchmark", "compare"] + packages + ["--rounds", "11", "--quiet"] + options)
  }

  private let head = ["benchmark", "base", "package", "ratio", "95 % interval", "corrected p", "verdict"]

  @Test("one comparison is a table of the medians, and ends with 1 only if something is worse")
  func once() throws {
    let worse = try compare([fast, slow])
    #expect(worse.code == 1 && worse.errors.isEmpty)
    try #require(worse.rows.count == 2 && worse.rows[1].count == 7, "\(worse.output)")
    #expect(worse.rows[0] == head && worse.rows[1].prefix(3) == ["one thing", "1.05 ms", "1.31 ms"])
    // Of the 705,432 ways to choose 11 of 22 times, two are as extreme.
    #expect(worse.rows[1].suffix(2) == ["2.8e-06", "worse"])
    let better = try compare([slow, fast])
    #expect(better.code == 0 && better.rows.count == 2, "\(better.output)")
    #expect(better.rows[1].prefix(3) == ["one thing", "1.31 ms", "1.05 ms"] && better.rows[1].last == "better")
  }

  @Test("--repeat compares so many times, and counts the comparisons with an alarm and those with any difference")
  func repeated() throws {
    for (packages, verdict, code, alarms, moved) in [
      ([fast, slow], "worse", 1, 2, 2), ([slow, fast], "better", 0, 0, 2), ([fast, fast], "same", 0, 0, 0),
    ] as [([String], String, Int32, Int, Int)] {
      let outcome = try compare(packages, "--repeat", "2")
      #expect(outcome.code == code && outcome.rows.count == 5, "\(outcome.output)")
      #expect(outcome.rows[0] == head && outcome.rows[2] == head)
      #expect(outcome.rows[1].last == verdict && outcome.rows[3].last == verdict)
      #expect(outcome.lines.last == "\(alarms) of 2 comparisons with an alarm, \(moved) with anything worse or better")
    }
  }

  @Test("the harness's log that an error names is there to be read; of programs that are not built nothing is left")
  func log() throws {
    let temporary = folder.file("temporary")
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    func compare(_ packages: [String]) throws -> SignetProgram.Outcome {
      try SignetProgram.run(["benchmark", "compare", "-q"] + packages, environment: ["TMPDIR": temporary])
    }
    try compare([fast, folder.file("none")]).expectFailure(74, ["expected a built program"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    let failing = try folder.benchmarks("failing", printing: "")
    try folder.script("echo the first line; echo the second; exit 3", to: "failing/.build/release/BenchmarkTool")
    let outcome = try compare([failing, fast])
    outcome.expectFailure(65, ["\(failing): expected benchmarks that run, found exit code 3: the second"])
    let log = try #require(outcome.errors.firstMatch(of: /the second \((.+)\)/)).1
    #expect(log.hasPrefix(temporary))
    #expect(try String(contentsOfFile: String(log), encoding: .utf8).contains("the first line\nthe second\n"))
  }

  @Test("nothing is left of a comparison's files that no error names")
  func scratch() throws {
    let temporary = folder.file("temporary")
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    let stopping = try folder.stoppingBenchmarks("stopping")
    for (packages, code, message) in [
      ([fast, slow], 1, ""), ([fast, fast], 0, ""), ([stopping, fast], 143, "signet: stopped by SIGTERM\n"),
    ] as [([String], Int32, String)] {
      let outcome = try SignetProgram.run(
        ["benchmark", "compare"] + packages + ["--rounds", "11", "--quiet"], environment: ["TMPDIR": temporary])
      #expect(outcome.code == code && !outcome.isCrash && outcome.errors == message)
      #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    }
  }

  @Test("--json has an array of changes for each comparison, and nothing else; --alpha decides what is an alarm")
  func json() throws {
    for (options, verdict, code) in [([], "worse", 1), (["--alpha", "1e-6"], "too few data", 0)]
      as [([String], String, Int32)]
    {
      let outcome = try SignetProgram.run(
        ["benchmark", "compare", fast, slow, "--rounds", "11", "--repeat", "2", "--json", "-q"] + options)
      #expect(outcome.code == code && outcome.errors.isEmpty)
      let comparisons = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[[String: Any]]])
      #expect(comparisons.map { $0.map { $0["verdict"] as? String } } == [[verdict], [verdict]])
      #expect((comparisons[0][0]["before"] as? [Double])?.sorted() == (0...10).map { 1_000_000 + 10_000 * Double($0) })
      #expect((comparisons[1][0]["after"] as? [Double])?.sorted() == (0...10).map { 1_250_000 + 12_000 * Double($0) })
    }
  }
}
