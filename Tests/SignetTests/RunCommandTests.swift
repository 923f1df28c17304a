import Foundation
import TestSupport
import Testing

@Suite("Runs, shown and compared")
struct RunCommandTests {
  private func train(_ run: String, seed: Int = 1, epochs: Int = 2, threads: Int = 1) throws {
    let outcome = try SignetProgram.run(
      "reproduce", "digits", "--networks", "real", "--real-epochs", "\(epochs)", "--seed", "\(seed)", "--threads",
      "\(threads)", "--quiet", "--out", run)
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  @Test("a path with a line break and a terminal's command is one row, and part of one line, on either stream")
  func controlCharacters() throws {
    let directory = try TemporaryFolder()
    let run = directory.file("a\u{1b}[31m\nb")
    try train(run, epochs: 1)
    let name = #"a\u{1b}[31m\u{a}b"#
    let rows = try SignetProgram.run("runs", directory.path).done().output.split(separator: "\n")
    #expect(rows[1].hasPrefix(name + "  "), "\(rows)")
    #expect(try SignetProgram.run("show", run).done().output.hasPrefix("\(directory.path)/\(name): digits, "))
    // CSV has no escapes.
    let csv = try SignetProgram.run("runs", directory.path, "--csv").done().output
    #expect(csv.contains("\n\"a\u{1b}[31m\nb\",") && csv.hasSuffix("\n") && !csv.hasSuffix("\n\n"), "\(csv)")
    let outcome = try SignetProgram.run("collect", run + "c", run + "d", "--results", directory.file("results.jsonl"))
    let errors = outcome.errors.split(separator: "\n")
    #expect(outcome.code == 74 && errors.count == 2 && errors.allSatisfy { $0.contains(name) }, "\(outcome.errors)")
  }

  @Test("diff finds no difference between thread counts, and the first step between seeds")
  func diff() throws {
    let directory = try TemporaryFolder()
    let (a, b, c, d) = (directory.file("a"), directory.file("b"), directory.file("c"), directory.file("d"))
    try train(a)
    try train(b, threads: 2)
    try train(c, seed: 2)
    try train(d, epochs: 3)
    let same = try SignetProgram.run("diff", a, b)
    #expect(same.code == 0 && same.output == "the same bits in 2 epochs\n")
    let other = try SignetProgram.run("diff", a, c)
    let parts = other.output.split(separator: "\n")
    #expect(other.code == 65 && parts.prefix(2) == ["seed: 1 | 2", "real: epoch 1, step 1: the loss differs"])
    // Then the outcomes, as far as they differ.
    #expect(parts.dropFirst(2).allSatisfy { $0.hasPrefix("real: ") && $0.contains(" | ") })
    let digests = try [a, c].map { try results($0)[0]["parametersSHA256"] as? String ?? "" }
    #expect(parts.last == "real: parameters \(digests[0]) | \(digests[1])", "\(other.output)")
    #expect(other.errors.hasSuffix("found \(parts.count)\n"), "\(other.errors)")
    let longer = try SignetProgram.run("diff", a, d)
    #expect(
      longer.output.hasPrefix(
        "realEpochs: 2 | 3\nreal: the same bits in 2 epochs; then one has 1 more\nreal: best epoch "))

    let discrete = directory.file("discrete")
    try #require(
      try SignetProgram.run(
        "reproduce", "digits", "--networks", "real,discrete-sign", "--real-epochs", "2", "--discrete-epochs", "1",
        "--quiet",
        "--out", discrete
      ).code == 0)
    let more = try SignetProgram.run("diff", a, discrete)
    #expect(
      more.output.hasPrefix(
        "discreteEpochs: none | 1\nnetworks: real | real,discrete-sign\ndiscrete-sign: trained in the second run only\n"
      ))
    #expect(
      try SignetProgram.run("diff", discrete, a).output.hasPrefix(
        "discreteEpochs: 1 | none\nnetworks: real,discrete-sign | real\ndiscrete-sign: trained in the first run only\n"
      ))

    // One bit of the second epoch's third loss.
    let log = try String(contentsOfFile: b + "/log.jsonl", encoding: .utf8)
    var lines = log.components(separatedBy: "\n")
    let start = try #require(lines[1].range(of: #""lossBits":""#)).upperBound
    let place = lines[1].index(start, offsetBy: 2 * 8 + 7)
    lines[1].replaceSubrange(place...place, with: lines[1][place] == "0" ? "1" : "0")
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: b + "/log.jsonl"))
    #expect(try SignetProgram.run("diff", a, b).output == "real: epoch 2, step 3: the loss differs\n")
  }

  @Test("diff ends with 65 if only the results differ, or if neither run has an epoch")
  func diffOfResults() throws {
    let directory = try TemporaryFolder()
    let (a, b) = (directory.file("a"), directory.file("b"))
    try train(a)
    try FileManager.default.copyItem(atPath: a, toPath: b)
    let lines = try String(contentsOfFile: a + "/log.jsonl", encoding: .utf8).components(separatedBy: "\n")
    func write(_ log: String, to runs: String...) throws {
      for run in runs { try log.write(toFile: run + "/log.jsonl", atomically: true, encoding: .utf8) }
    }
    let start = try #require(lines[2].range(of: #""testError":"#)).upperBound
    let testError = lines[2][start...].prefix { $0 != "," }
    let result = lines[2].replacing(#""testError":\#(testError),"#, with: #""testError":0.987,"#)
    try write([lines[0], lines[1], result, ""].joined(separator: "\n"), to: b)
    let other = try SignetProgram.run("diff", a, b)
    #expect(other.code == 65 && other.output == "real: test error \(testError) | 0.987\n", "\(other.output)")
    try write(lines[0] + "\n", to: a, b)
    let one = try SignetProgram.run("diff", a, b)
    #expect(one.code == 0 && one.output == "the same bits in 1 epoch\n", "\(one.output)")
    try write("", to: a, b)
    let none = try SignetProgram.run("diff", a, b)
    #expect(none.code == 65 && none.output.isEmpty, "\(none.output)")
    #expect(none.errors.contains("\(a) and \(b): expected epochs to compare, found none"), "\(none.errors)")
  }

  @Test("runs lists runs, show shows one; a directory without a run and a damaged log are errors")
  func show() throws {
    let directory = try TemporaryFolder()
    let run = directory.file("mine")
    try train(run)
    let rows = try SignetProgram.run("runs", directory.path).done().rows
    #expect(
      rows[0] == [
        "run", "begun (UTC)", "training", "experiment", "architecture", "weights", "seed", "state", "test errors",
        "changed options",
      ])
    #expect(
      rows.count == 2 && rows[1][0] == "mine" && rows[1][3...7] == ["digits", "256-256-10", "real", "1", "done"])
    #expect(try #require(rows[1].last) == "real.epochs 2")
    #expect(rows[1][1].hasPrefix("20") && rows[1][2].hasSuffix(" s"))
    let shown = try SignetProgram.run("show", run)
    for text in [
      "digits, 256-256-10, real, seed 1: done", "begun 20", "real: epoch 2/2", "  validation error\n", " % |████",
      "\n          1      2 epoch",
      "best epoch 2",
      "parameters ",
    ] { #expect(shown.output.contains(text), "\(text) in \(shown.output)") }
    let json = try SignetProgram.run("show", run, "--json")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((object["epochs"] as? [Any])?.count == 2 && (object["results"] as? [Any])?.count == 1)

    let none = try SignetProgram.run("show", directory.path)
    #expect(none.code == 74 && none.errors.contains("run.json: expected a run's record, found none"))
    // A torn last line is that of a killed process; any other damage is told.
    let log = try String(contentsOfFile: run + "/log.jsonl", encoding: .utf8)
    try Data((log + #"{"epoch":{"repo"#).utf8).write(to: URL(filePath: run + "/log.jsonl"))
    #expect(try SignetProgram.run("show", run).output == shown.output)
    try Data(("x" + log).utf8).write(to: URL(filePath: run + "/log.jsonl"))
    let damaged = try SignetProgram.run("show", run)
    #expect(damaged.code == 65 && damaged.errors.contains("log.jsonl, line 1: expected a log line"))
  }

  /// The results in a run's `result.json`.
  private func results(_ run: String) throws -> [[String: Any]] {
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: run + "/result.json")))
    return try #require((object as? [String: Any])?["networks"] as? [[String: Any]])
  }

  @Test(
    "a missing run ends with 74 in every command, a damaged one with 65",
    arguments: [
      ["show"], ["evaluate"], ["diff"], ["runs"], ["report"], ["predict"],
    ])
  func missing(command: [String]) throws {
    let directory = try TemporaryFolder()
    let run = directory.file("none")
    try SignetProgram.run(command + (command == ["diff"] ? [run, run] : [run])).expectFailure(74, [run])
  }

  @Test("a run's directory that another process is using ends with 75")
  func inUse() throws {
    let directory = try TemporaryFolder()
    let descriptor = open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    try #require(flock(descriptor, LOCK_EX) == 0)
    try SignetProgram.run(
      "train", "--architecture", "10", "--networks", "real", "--quiet", "--resume", "--out", directory.path
    ).expectFailure(75, [directory.path, "no other process uses"])
  }

  @Test("a damaged run is reported and left out of the list; a directory without runs is reported to have none")
  func list() throws {
    let directory = try TemporaryFolder()
    let empty = try SignetProgram.run("runs", directory.path)
    #expect(empty.code == 0 && empty.output == "\(directory.path): no runs\n")
    #expect(try SignetProgram.run("runs", directory.path, "--json").output == "[\n\n]\n")
    try train(directory.file("good"))
    let good = try SignetProgram.run("runs", directory.path)
    #expect(try SignetProgram.run("runs", directory.file("good")).output.contains(": no runs, but is itself a run"))
    for name in ["bad", "worse"] {
      try FileManager.default.createDirectory(atPath: directory.file(name), withIntermediateDirectories: true)
      try Data("{}".utf8).write(to: URL(filePath: directory.file("\(name)/run.json")))
    }
    let both = try SignetProgram.run("runs", directory.path)
    #expect(both.code == 65 && both.output == good.output)
    let lines = both.errors.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("bad/run.json: expected a run's record, found no "), "\(both.errors)")
    #expect(lines.count == 2 && lines[1].contains("worse/run.json"))
    for command in ["show", "evaluate"] {
      let damaged = try SignetProgram.run(command, directory.file("bad"))
      #expect(damaged.code == 65 && damaged.errors.contains("bad/run.json: expected a run's record"))
    }
    let json = try SignetProgram.run("runs", directory.path, "--json")
    #expect((try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [Any])?.count == 1 && json.code == 65)
  }

  @Test("the list names what a run changed in its experiment")
  func changed() throws {
    let directory = try TemporaryFolder()
    let outcome = try SignetProgram.run(
      "train", "--architecture", "6-10", "--networks", "straight-through", "--discrete-epochs", "1", "--batch", "70",
      "--real-step", "0.01", "--quiet", "--out", directory.file("run"))
    try #require(outcome.code == 0, "\(outcome.errors)")
    let list = try SignetProgram.run("runs", directory.path)
    #expect(
      list.output.contains("  batch-size 70, straight-through.epochs 1, straight-through.learning-rate 0.01\n"),
      "\(list.output)")
  }

  @Test("evaluate on other data than the run's says so in one line, and its JSON names the data")
  func otherData() throws {
    let directory = try TemporaryFolder()
    let run = directory.file("run")
    try train(run)
    let same = try SignetProgram.run("evaluate", run, "--json")
    #expect(same.code == 0 && same.errors.isEmpty && same.output.contains(#""file" : "images-idx3-ubyte.gz""#))
    let record = try String(contentsOfFile: run + "/run.json", encoding: .utf8)
    let digest = try #require(record.firstRange(of: #""sha256" : ""#)).upperBound
    var changed = record
    changed.replaceSubrange(digest..<record.index(digest, offsetBy: 4), with: "zzzz")
    try Data(changed.utf8).write(to: URL(filePath: run + "/run.json"))
    let other = try SignetProgram.run("evaluate", run, "--json")
    #expect(other.code == 0 && other.output == same.output)
    #expect(other.errors.split(separator: "\n").count == 1)
    #expect(other.errors.contains("images-idx3-ubyte.gz: ") && other.errors.contains("and not zzzz"), "\(other.errors)")
    #expect(other.errors.hasSuffix("; the errors are for the latter\n"))
    let predicted = try SignetProgram.run("predict", run)
    #expect(
      predicted.code == 0
        && predicted.errors.contains(other.errors.replacing("the errors are", with: "the predictions are")),
      "\(predicted.errors)")
  }

  @Test("a path that begins with ~ is a name like any other, whatever is read or written there")
  func tilde() throws {
    let (folder, home) = (try TemporaryFolder(), try TemporaryFolder())
    try FileManager.default.createDirectory(atPath: folder.file("~"), withIntermediateDirectories: false)
    try folder.write(Array(#"{"batch-size": "400"}"#.utf8), to: "~/recipe.json")
    func signet(_ arguments: String...) throws {
      _ = try SignetProgram.run(arguments + ["--quiet"], environment: ["HOME": home.path], directory: folder.path)
        .done()
    }
    try signet(
      "train", "--architecture", "6-10", "--networks", "straight-through", "--discrete-epochs", "1", "--recipe",
      "~/recipe.json", "--out", "~/run")
    try signet(
      "train", "--architecture", "6-10", "--networks", "straight-through", "--discrete-epochs", "1", "--recipe",
      "~/recipe.json", "--out", "~/run", "--resume")
    // The second export reads the first one's files, which it may replace.
    for _ in 0..<2 { try signet("export", "~/run", "--c", "~/c") }
    try signet("sweep", "digits", "--networks", "real", "--seeds", "1", "--real-epochs", "1", "--out", "~/sweep")
    #expect(try folder.names == ["~"] && home.names.isEmpty)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("~")).sorted()
    #expect(names == ["c", "recipe.json", "run", "sweep"])
  }
}
