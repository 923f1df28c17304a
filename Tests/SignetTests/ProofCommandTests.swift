import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Commands: verify and benchmark")
struct ProofCommandTests {
  #if canImport(Glibc)
    /// Where glibc gave back what is freed, it was 12,304 pages a step.
    @Test("a step with large arrays uses the memory of the step before: freed memory stays in the program")
    func keptMemory() throws {
      let outcome = try SignetProgram.run(
        "benchmark", "step", "--experiment", "cifar-10-quarter", "--network", "real", "--steps", "3", "--warmup", "3",
        "--json")
      let pages = try #require(try SignetProgram.object(outcome.output)["new_pages_per_step"] as? Double)
      #expect(pages < 4000)
    }
  #endif

  @Test("devices --text prints what devices compile, and tests none")
  func deviceText() throws {
    let outcome = try SignetProgram.run("devices", "--text").done()
    expectSame(outcome.output, DeviceText().text + "\n")
    #expect(outcome.errors.isEmpty)
  }

  @Test("verify prints the table of the operations or JSON: --table and --json are refused together")
  func tableOrJSON() throws {
    try SignetProgram.run("verify", "--suite", "sign", "--json", "--table")
      .expectFailure(64, ["--json: expected no --table, found both"])
  }

  @Test("benchmark step prints its three figures")
  func benchmark() throws {
    let outcome = try SignetProgram.run(
      "benchmark", "step", "--experiment", "digits", "--steps", "3", "--warmup", "0", "--json")
    let object = try SignetProgram.object(outcome.output)
    let step = try #require(object["step_ms_median"] as? Double)
    let minimum = try #require(object["step_ms_minimum"] as? Double)
    let products = try #require(object["matmul_ms_median"] as? Double)
    #expect(0 < minimum && minimum <= step)
    #expect(0 < products)
    // How fast the machine was at which moment says nothing about the others, so the floor is held to its own parts.
    let parts = try ["floor_ms", "matmul_gflop", "peak_gflop_per_s", "read_and_written_mb", "bandwidth_gb_per_s"]
      .map { try #require(object[$0] as? Double) }
    #expect(parts.allSatisfy { 0 < $0 })
    #expect(abs(parts[0] - (1000 * parts[1] / parts[2] + parts[3] / parts[4])) < 1e-9 * parts[0])
  }

  @Test("benchmark predict says which images it took: the first ones, or all of them more than once")
  func images() throws {
    // The digits for test are 400.
    for (batch, images) in [
      ("1", "the first image of digits's test set"), ("400", "the first 400 of digits's test set"),
      ("401", "digits's test set of 400, repeated"),
    ] {
      let outcome = try SignetProgram.run(
        "benchmark", "predict", "--experiment", "digits", "--batch", batch, "--rounds", "1", "--json")
      #expect(try SignetProgram.object(outcome.done().output)["images"] as? String == images)
    }
  }

  @Test("benchmark growth times each row with the threads or the batch that it names, all others with the first one's")
  func growth() throws {
    let outcome = try SignetProgram.run(
      "benchmark", "growth", "--experiment", "digits", "--network", "real", "--steps", "1", "--warmup", "0",
      "--threads", "3", "--quiet", "--json")
    let rows = try #require(try SignetProgram.object(outcome.done().output)["variations"] as? [[String: Any]])
    let named = ["1 thread": 1, "2 threads": 2, "batch 12": 12, "batch 25": 25, "batch 100": 100, "batch 200": 200]
    let names = rows.compactMap { $0["name"] as? String }
    #expect(names.count == rows.count && named.keys.allSatisfy(names.contains), "\(names)")
    for (name, row) in zip(names, rows) {
      let times = try #require(row["times"] as? [String: Any])
      #expect(times["threads"] as? Int == (name.contains("thread") ? named[name] : 3), "\(name)")
      #expect(times["batch"] as? Int == (name.hasPrefix("batch") ? named[name] : 50), "\(name)")
      #expect(times["network"] as? String == "real" && times["steps"] as? Int == 1)
    }
  }

  @Test("products that reach less of the peak than --least-share end with exit code 1, after the table, others with 0")
  func leastShare() throws {
    let arguments = ["benchmark", "step", "--experiment", "digits", "--steps", "3", "--least-share"]
    let table = try SignetProgram.run(arguments + ["100"])
    // Products of 50 rows hardly keep all units busy, but on a busy machine the peak itself may be measured too low: what a run
    // printed says which code it ends with. It prints a whole number, so that 100 may be a little less.
    let printed = try #require(table.output.firstMatch(of: /(\d+) % of the peak\./).flatMap { Int($0.1) })
    #expect(printed == 100 || table.code == (printed < 100 ? 1 : 0), "\(table)")
    #expect(table.errors.isEmpty, "\(table)")
    // Every machine reaches 1 %.
    for percent in [1, 100] {
      let outcome = try SignetProgram.run(arguments + ["\(percent)", "--json"])
      let share = try #require(try SignetProgram.object(outcome.output)["matmul_share_of_peak"] as? Double)
      #expect(outcome.code == (100 * share < Double(percent) ? 1 : 0), "\(percent) %: \(share)")
    }
    let refused = try SignetProgram.run(arguments + ["101"])
    #expect(refused.code == 64 && refused.errors.contains("--least-share: expected a number from 1 to 100, found 101"))
  }

  @Test("verify finds a changed golden, names it, and ends with code 65")
  func verify() throws {
    let sound = try SignetProgram.run("verify", "--suite", "ops", "--json")
    #expect(sound.code == 0, "\(sound.errors)")
    let results = try SignetProgram.objects(sound.output)
    #expect(results.map { $0["suite"] as? String } == ["ops"])
    #expect((results[0]["failures"] as? [String]) == [])
    // With --table, the operations' fields, of which the last row has the sum.
    let table = try SignetProgram.run("verify", "--suite", "ops", "--table").done().rows
    #expect(table[0] == ["operation, precision", "fields", "bit-exact", "largest error", "allowed"])
    let operations = table.filter { $0[0].hasSuffix(", Double") || $0[0].hasSuffix(", Float") }
    let fields = operations.reduce(0) { $0 + (Int($1[1]) ?? 0) }
    #expect(operations.count > 50 && table.last?.contains("\(fields)") == true, "\(fields): \(table.last ?? [])")
    let directory = try TemporaryFolder()
    let copy = directory.file("Golden")
    try FileManager.default.copyItem(atPath: SignetProgram.root.appending(path: "Golden").path, toPath: copy)
    let trace = copy + "/traces/digits.json"
    let text = try String(contentsOfFile: trace, encoding: .utf8)
    let changed = text.replacing("\"loss\" : \"", with: "\"loss\" : \"1", maxReplacements: 1)
    #expect(changed != text)
    try Data(changed.utf8).write(to: URL(filePath: trace))
    let found = try SignetProgram.run("verify", "--suite", "traces", "--golden", copy)
    #expect(found.code == 65 && found.output.contains("✘ digits"), "\(found.output)")
    #expect(found.errors == "signet: expected no failure, found 1\n")
    let missing = try SignetProgram.run("verify", "--golden", "/proc/none", "--suite", "ops")
    #expect(missing.code == 65 && missing.output.contains("/proc/none/ops/layers.json: expected "))
    // The last line counts the failures of all suites.
    let several = try SignetProgram.run("verify", "--golden", "/proc/none", "--suite", "ops", "traces")
    let failures = several.lines.count { $0.hasPrefix("✘ ") }
    #expect(failures > 2 && several.errors == "signet: expected no failure, found \(failures)\n", "\(several.errors)")
  }
}
