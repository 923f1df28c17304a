import Foundation
import TestSupport
import Testing

/// Results files made of runs, and the page that is made of them.
@Suite("signet collect and signet report --table")
struct CollectCommandTests {
  private static let options = ["--real-epochs", "3", "--discrete-epochs", "2", "--seed", "1", "--quiet"]

  private func objects(_ path: String) throws -> [[String: Any]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      try SignetProgram.object(String($0))
    }
  }

  /// Trains a real network for an epoch in each of these directories, with the seeds 1, 2 and so on.
  private func realRuns(_ paths: [String]) throws -> [String] {
    for (seed, path) in paths.enumerated() {
      _ = try SignetProgram.run(
        "reproduce", "digits", "--networks", "real", "--real-epochs", "1", "--seed", "\(seed + 1)", "--quiet", "--out",
        path
      ).done()
    }
    return paths
  }

  @Test("a run's networks become the lines that a sweep would write, each once, and a sweep uses them")
  func collected() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("runs/mine")
    let trained = try SignetProgram.run(
      ["reproduce", "digits", "--networks", "real,discrete-sign", "--out", run] + Self.options)
    try #require(trained.code == 0, "\(trained.errors)")
    let log = try String(contentsOfFile: run + "/log.jsonl", encoding: .utf8).split(separator: "\n").map(String.init)
    // As it was when the first network was done: three epochs and its result.
    try (log.prefix(5).joined(separator: "\n") + "\n").write(
      toFile: run + "/log.jsonl", atomically: true, encoding: .utf8)
    let results = folder.file("results")
    try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: true)
    let file = results + "/digits.jsonl"
    let early = try SignetProgram.run("collect", run, "--results", results)
    #expect(early.code == 0 && early.output.contains("added to \(file)"), "\(early.errors)")
    #expect(early.output.contains("discrete-sign 1/2") && early.output.contains("still to be trained"))
    #expect(try objects(file).count == 1)
    try (log.joined(separator: "\n") + "\n").write(toFile: run + "/log.jsonl", atomically: true, encoding: .utf8)
    let late = try SignetProgram.run("collect", folder.file("runs"), "--results", file)
    #expect(late.code == 0 && late.output.contains("already in \(file)") && late.output.contains("added to \(file)"))
    let result = try SignetProgram.object(String(contentsOfFile: run + "/result.json", encoding: .utf8))
    let networks = try #require(result["networks"] as? [[String: Any]])
    #expect(networks.allSatisfy { $0["testError"] as? Double != $0["validationError"] as? Double }, "can be told apart")
    #expect(
      try late.rows == [["run", "network", "weights", "seed", "test error"]]
        + zip(networks, ["already in \(file)", "added to \(file)"]).map { network, what in
          let words = ["network", "weights"].map { network[$0] as? String ?? "" }
          return try [run] + words + ["1", SignetProgram.percent(network["testError"]), what]
        })
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let again = try SignetProgram.run("collect", run, "--results", file)
    #expect(again.code == 0 && !again.output.contains("added"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == text)

    let swept = folder.file("swept.jsonl")
    let sweep = [
      "sweep", "digits", "--weights", "ternary", "--seeds", "1", "--networks", "real,discrete-sign", "--real-epochs",
      "3",
      "--discrete-epochs", "2", "--quiet", "--results",
    ]
    let table = try SignetProgram.run(sweep + [swept])
    try #require(table.code == 0)
    let (ours, theirs) = (try objects(file), try objects(swept))
    #expect(ours.count == 2 && theirs.count == 2)
    for (one, other) in zip(ours, theirs) {
      for key in ["experiment", "learningCurve", "origin", "realEpochs", "seed", "version"] {
        #expect((one[key] as? NSObject) == (other[key] as? NSObject) && one[key] != nil, "\(key)")
      }
      let (results, runs) = (
        [one, other].compactMap { $0["result"] as? [String: Any] },
        [one, other].compactMap { $0["run"] as? [String: Any] }
      )
      #expect(results.map { $0["parametersSHA256"] as? String }.count == 2)
      #expect(results[0]["parametersSHA256"] as? String == results[1]["parametersSHA256"] as? String)
      #expect(runs.compactMap { ($0["machine"] as? [String: Any])?["device"] as? String } == ["cpu", "cpu"])
      #expect(runs.allSatisfy { ($0["programs"] as? [String])?.count == 1 })
    }
    // Complete, so that it trains nothing.
    #expect(try SignetProgram.run(sweep + [file, "--table-only"]).output == table.output)

    let page = folder.file("page.html")
    let report = try SignetProgram.run("report", "--table", results, swept, "--output", page)
    #expect(report.code == 0 && report.output == page + "\n", "\(report.errors)")
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains("2 records of \(file), \(swept)"))
    let markdown = try SignetProgram.run("report", "--table", file, "--markdown")
    #expect(markdown.code == 0 && markdown.output.hasPrefix("# The paper’s table – 2 records of \(file)"))
    let json = try SignetProgram.object(try SignetProgram.run("report", "--table", file, "--json").output)
    #expect((json["trials"] as? [[String: Any]])?.count == 1 && json["recordCount"] as? Int == 2)
  }

  @Test("what cannot be collected or shown is one line with its file, and the results file stays as it was")
  func refused() throws {
    let folder = try TemporaryFolder()
    let run = try SignetProgram.digitsRun(in: folder, "real,discrete-sign", epochs: 2)
    let results = folder.file("results.jsonl")
    try #require(try SignetProgram.run("collect", run, "--results", results).code == 0)
    let text = try String(contentsOfFile: results, encoding: .utf8)
    func expect(_ code: Int32, _ mention: String, _ arguments: [String]) throws {
      try SignetProgram.run(arguments).expectFailure(code, [mention])
    }
    try expect(64, "than that of the argument", ["report", "--table", results, "--output", results])
    let other = try folder.write(Array(text.utf8), to: "other.jsonl")
    try expect(64, "--output: expected a new file or an HTML file", ["report", "--table", results, "--output", other])
    #expect(try [results, other].allSatisfy { try String(contentsOfFile: $0, encoding: .utf8) == text })
    // The run's network and the line contradict each other.
    let digest = try #require(text.firstRange(of: #""parametersSHA256":""#))
    let old = text[digest.upperBound...].prefix(64)
    let changed = text.replacing(old, with: String(repeating: "0", count: 64))
    try changed.write(toFile: results, atomically: true, encoding: .utf8)
    let contradicted = try SignetProgram.run("collect", run, "--results", results)
    #expect(contradicted.code == 65 && contradicted.rows.dropFirst().map { $0[1] } == ["discrete-sign"])
    #expect(contradicted.errors.split(separator: "\n").count == 1)
    #expect(contradicted.errors.contains("\(results), line 1, and \(run): expected the same result"))
    #expect(try String(contentsOfFile: results, encoding: .utf8) == changed)
    try "nothing\n".write(toFile: results, atomically: true, encoding: .utf8)
    try expect(65, "line 1: expected a complete record", ["collect", run, "--results", results])
    try expect(65, "line 1: expected a complete record", ["report", "--table", results, "--json"])
    let empty = folder.file("empty")
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    try expect(74, "expected a run's directory, found none", ["collect", empty, "--results", results])
    try expect(74, "expected to read, found: ", ["report", "--table", folder.file("absent"), "--json"])
    try expect(
      74, "expected to read and write, found", ["collect", run, "--results", folder.file("absent/results.jsonl")])
    // A run that cannot be collected does not keep the others from it.
    let runs = folder.file("runs")
    try FileManager.default.createDirectory(atPath: runs, withIntermediateDirectories: true)
    for name in ["a", "b", "c"] { try FileManager.default.copyItem(atPath: run, toPath: "\(runs)/\(name)") }
    let log = try String(contentsOfFile: run + "/log.jsonl", encoding: .utf8)
    try (log + #"{"type":"program","version":1,"program":{"signet":"x"}}"# + "\n").write(
      toFile: "\(runs)/a/log.jsonl", atomically: true, encoding: .utf8)
    try "{".write(toFile: "\(runs)/b/run.json", atomically: true, encoding: .utf8)
    let some = try SignetProgram.run("collect", runs, "--results", folder.file("some.jsonl"))
    #expect(some.code == 65 && some.output.split(separator: "\n").count == 3 && some.output.contains("\(runs)/c"))
    #expect(some.errors.contains("\(runs)/a: expected real, trained by one version"))
    #expect(some.errors.contains("\(runs)/b/run.json: expected a run's record"))
    #expect(try objects(folder.file("some.jsonl")).count == 2)
    try "{}\n".write(toFile: run + "/log.jsonl", atomically: true, encoding: .utf8)
    try expect(65, "log.jsonl, line 1: expected a log line", ["collect", run, "--results", folder.file("new.jsonl")])
    #expect(!FileManager.default.fileExists(atPath: folder.file("new.jsonl")))
  }

  @Test(
    "a network of which the file has another result keeps no other one from it; a file that cannot be used ends the command, and what it did before is told"
  )
  func otherResult() throws {
    let folder = try TemporaryFolder()
    let runs = try realRuns(["a", "b", "c"].map(folder.file))
    let results = folder.file("results")
    try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: true)
    let file = results + "/digits.jsonl"
    _ = try SignetProgram.run("collect", runs[1], "--results", results).done()
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let digest = try #require(text.firstRange(of: #""parametersSHA256":""#)).upperBound
    let old = text[digest...].prefix(64)
    try text.replacing(old, with: String(repeating: "0", count: 64)).write(
      toFile: file, atomically: true, encoding: .utf8)
    let outcome = try SignetProgram.run(["collect"] + runs + ["--results", results])
    #expect(outcome.code == 65 && outcome.rows.dropFirst().map { $0[0] } == [runs[0], runs[2]], "\(outcome.output)")
    let told =
      "signet: \(file), line 1, and \(runs[1]): expected the same result for the same network, found "
      + "000000000000… and \(old.prefix(12))…\n"
    #expect(outcome.errors == told)
    #expect(try objects(file).map { $0["seed"] as? Int } == [2, 1, 3])

    // The file of another experiment cannot be used.
    let other = try SignetProgram.smallRun(in: folder)
    try FileManager.default.createDirectory(atPath: results + "/custom.jsonl", withIntermediateDirectories: true)
    let ended = try SignetProgram.run("collect", runs[1], runs[0], other, runs[2], "--results", results)
    #expect(ended.code == 74 && ended.rows.dropFirst().map { $0[0] } == [runs[0]], "\(ended.output)")
    let lines = ended.errors.split(separator: "\n")
    #expect(lines.count == 2 && told == "\(lines[0])\n" && lines[1].contains("custom.jsonl: expected a regular file"))
  }

  @Test("of a run whose real network is from a file, those that do not start from it are added, the others reported")
  func realFromFile() throws {
    let folder = try TemporaryFolder()
    let (start, run) = (try SignetProgram.smallRun(in: folder), folder.file("other"))
    _ = try SignetProgram.run(
      "train", "--architecture", "12-8-10", "--networks", "discrete-sign,straight-through", "--real",
      "\(start)/real.safetensors", "--discrete-epochs", "1", "--quiet", "--out", run
    ).done()
    let file = folder.file("results.jsonl")
    let outcome = try SignetProgram.run("collect", run, "--results", file)
    #expect(outcome.code == 65)
    #expect(outcome.rows.dropFirst().map { [$0[1], $0.last] } == [["straight-through", "added to \(file)"]])
    let lines = outcome.errors.split(separator: "\n")
    let reported = ["real", "discrete-sign"]
    #expect(lines.count == 2)
    for (line, network) in zip(lines, reported) {
      #expect(line.contains("\(run): expected \(network), trained by one version"), "\(line)")
      #expect(line.contains("found a real network that was read from a file"), "\(line)")
    }
    #expect(try objects(file).count == 1)
  }

  @Test("collect takes every run, and every directory of runs, that it is given")
  func several() throws {
    let folder = try TemporaryFolder()
    let runs = try realRuns(["a", "more/b"].map(folder.file))
    let file = folder.file("results.jsonl")
    // What is missing or damaged is told, the last of it as the reason for the exit code, and keeps nothing else from it.
    let damaged = folder.file("damaged")
    try FileManager.default.createDirectory(atPath: damaged, withIntermediateDirectories: true)
    try folder.write(Array("{".utf8), to: "damaged/run.json")
    let outcome = try SignetProgram.run(
      "collect", folder.file("none"), runs[0], damaged, folder.file("more"), "--results", file)
    let rows = outcome.rows.dropFirst().map { [$0[0], $0[3]] }
    #expect(rows == [[runs[0], "1"], [runs[1], "2"]], "\(outcome.output)")
    let told = outcome.errors.split(separator: "\n")
    #expect(outcome.code == 65 && told.count == 2, "\(outcome.errors)")
    #expect(told.first?.contains(folder.file("none")) == true && told.last?.contains("\(damaged)/run.json") == true)
    #expect(try objects(file).map { $0["seed"] as? Int } == [1, 2])
    // A path that ends in a slash is that of a directory, which is made.
    let made = try SignetProgram.run("collect", runs[0], "--results", folder.file("new/er/")).done()
    let newFile = folder.file("new/er/digits.jsonl")
    #expect(try made.output.contains("added to \(newFile)") && objects(newFile).count == 1)
  }

  @Test("a table without files is made of all results that come with the source, in the current directory")
  func defaultTable() throws {
    let folder = try TemporaryFolder()
    let results = SignetProgram.root.appending(path: "Benchmarks/results/digits.jsonl")
    let lines = try String(contentsOf: results, encoding: .utf8).split(separator: "\n").prefix(3).map { "\($0)\n" }
    try FileManager.default.createDirectory(
      atPath: folder.file("Benchmarks/results"), withIntermediateDirectories: true)
    for (name, text) in [("a", lines[0]), ("b", lines[1] + lines[2])] {
      try folder.write(Array(text.utf8), to: "Benchmarks/results/\(name).jsonl")
    }
    let table = try SignetProgram.run(["report", "--table", "--json"], directory: folder.path).done()
    #expect(try SignetProgram.object(table.output)["recordCount"] as? Int == 3)
    try SignetProgram.run(["report", "--table", "--json"], directory: folder.file("Benchmarks")).expectFailure(
      74, ["Benchmarks/results: expected"])
  }

  @Test("a table tells how many records of all its files it leaves out, which do not say what they depend on")
  func leftOut() throws {
    let folder = try TemporaryFolder()
    let results = SignetProgram.root.appending(path: "Benchmarks/results/digits.jsonl")
    let lines = try String(contentsOf: results, encoding: .utf8).split(separator: "\n").prefix(5).map { "\($0)\n" }
    func withoutOrigin(_ line: String) -> String { line.replacing(#""origin":"#, with: #""origins":"#) }
    let files = [
      try folder.write(Array((withoutOrigin(lines[0]) + withoutOrigin(lines[1]) + lines[2]).utf8), to: "a.jsonl"),
      try folder.write(Array((withoutOrigin(lines[3]) + lines[4]).utf8), to: "b.jsonl"),
    ]
    let table = try SignetProgram.object(SignetProgram.run(["report", "--table", "--json"] + files).done().output)
    #expect(table["leftOut"] as? Int == 3 && table["recordCount"] as? Int == 2, "\(table)")
  }

  static let wrongUsage = [
    FailingCall(
      name: "a table without a file", arguments: ["report", "--table", "a.jsonl"], code: 64,
      mentions: ["--output: expected a file for the table"]),
    FailingCall(
      name: "JSON without a table", arguments: ["report", "run", "--json"], code: 64,
      mentions: ["--json: expected --table"]),
    FailingCall(
      name: "JSON and a file", arguments: ["report", "--table", "--json", "-o", "x"], code: 64,
      mentions: ["--json: expected neither --markdown nor --output"]),
    FailingCall(
      name: "CSV of a table", arguments: ["report", "--table", "--csv", "x", "--json"], code: 64,
      mentions: ["--csv: expected it without --table"]),
    FailingCall(
      name: "Markdown and a file", arguments: ["report", "run", "--markdown", "-o", "x"], code: 64,
      mentions: ["--markdown: expected no --output"]),
    FailingCall(
      name: "no run", arguments: ["report"], code: 64, mentions: ["expected a run's directory, found none"]),
    FailingCall(name: "no results file", arguments: ["collect", "run"], code: 64, mentions: ["--results"]),
  ]

  @Test("wrong usage is one line and code 64", arguments: wrongUsage)
  func usage(_ call: FailingCall) throws { try call.check() }
}
