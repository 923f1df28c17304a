import Foundation
import TestSupport
import Testing

@Suite("signet report")
struct ReportCommandTests {
  @Test("one run's report is in its directory, several need a file, and --csv has a row for each epoch and network")
  func report() throws {
    let folder = try TemporaryFolder()
    let runs = ["a", "b"].map(folder.file)
    for (seed, run) in runs.enumerated() {
      let outcome = try SignetProgram.run(
        "reproduce", "digits", "--networks", "real,discrete-sign", "--real-epochs", "3", "--discrete-epochs", "2",
        "--seed", "\(seed + 1)", "--out", run, "--quiet")
      try #require(outcome.code == 0, "\(outcome.errors)")
    }
    let one = try SignetProgram.run("report", runs[0], "--csv", folder.file("tables"))
    #expect(one.code == 0)
    let written = one.output.split(separator: "\n").map(String.init)
    #expect(
      written == [folder.file("tables/epochs.csv"), folder.file("tables/results.csv"), runs[0] + "/report.html"])
    let text = try String(contentsOfFile: written[2], encoding: .utf8)
    #expect(text.hasPrefix("<!DOCTYPE html>") && text.contains("✓ Done."))
    func lines(_ path: String) throws -> Int {
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
    }
    #expect(try lines(written[0]) == 1 + 5 && lines(written[1]) == 1 + 2)
    // Beside Markdown, the tables are the same.
    _ = try SignetProgram.run("report", runs[0], "--markdown", "--csv", folder.file("more")).done()
    for name in ["epochs.csv", "results.csv"] {
      expectSame(try folder.bytes(of: "more/\(name)"), try folder.bytes(of: "tables/\(name)"), name)
    }
    // Later tables replace them; nothing is written if one would replace another file.
    _ = try SignetProgram.run("report", runs[1], "--csv", folder.file("more")).done()
    let other = try folder.write(Array("index,label\n".utf8), to: "more/results.csv")
    let kept = try folder.bytes(of: "more/epochs.csv")
    try SignetProgram.run("report", runs[0], "--csv", folder.file("more")).expectFailure(
      64, ["--csv: expected a new file or a table of results, found another file at \(other)"])
    expectSame(try folder.bytes(of: "more/epochs.csv"), kept)
    for name in ["epochs.csv", "results.csv"] {
      let path = folder.file("tables/\(name)")
      try SignetProgram.run("report", runs[0], "--csv", folder.file("tables"), "-o", path).expectFailure(
        64, ["--output: expected another file than that of --csv, found \(path) for both"])
    }
    // The same place by other names, in a folder that is not there yet.
    for path in ["new/epochs.csv", "./new/results.csv", "new//more/./../epochs.csv", folder.file("new/epochs.csv")] {
      try SignetProgram.run(["report", runs[0], "--csv", "new/", "-o", path], directory: folder.path).expectFailure(
        64, ["--output: expected another file than that of --csv, found \(path) for both"])
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("new")))
    // A report in its directory does not keep a run from being used.
    #expect(try SignetProgram.run("show", runs[0]).code == 0)

    try SignetProgram.run(["report"] + runs).expectFailure(64, ["--output: expected a file for the report of 2 runs"])
    let both = try SignetProgram.run(["report"] + runs + ["--output", folder.file("both.html")])
    #expect(both.code == 0 && both.output == folder.file("both.html") + "\n")
    let markdown = try SignetProgram.run(["report"] + runs + ["--markdown"])
    #expect(markdown.output.hasPrefix("# 2 runs: a, b – ") && markdown.output.contains("| b   | discrete-sign |"))
  }

  @Test("a run that was stopped is reported as unfinished, and as in training while another process uses it")
  func stopped() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    let outcome = try SignetProgram.run(
      "reproduce", "digits", "--networks", "real", "--real-epochs", "3", "--out", run, "--quiet")
    try #require(outcome.code == 0)
    // As a process leaves it that is killed after the second epoch.
    let log = try String(contentsOfFile: run + "/log.jsonl", encoding: .utf8).split(separator: "\n")
    try (log.prefix(2).joined(separator: "\n") + "\n").write(
      toFile: run + "/log.jsonl", atomically: true, encoding: .utf8)
    let report = try SignetProgram.run("report", run, "--markdown")
    #expect(report.code == 0 && report.output.contains("**? Unfinished.** stopped, 0 of 1 network trained"))
    #expect(report.output.contains("2 of 3 (") && !report.output.contains("Done"))
    // As long as a process trains, it holds the lock on the directory.
    let descriptor = open(run, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    try #require(flock(descriptor, LOCK_EX) == 0)
    let training = try SignetProgram.run("report", run, "--markdown").done()
    #expect(training.output.contains("**? Unfinished.** in training, 0 of 1 network trained"), "\(training.output)")
  }
}
