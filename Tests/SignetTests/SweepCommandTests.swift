import Foundation
import TestSupport
import Testing

/// A results file is used for exactly what it is of, and by several sweeps at once.
@Suite("Sweeps and their results")
struct SweepCommandTests {
  private static let arguments = [
    "sweep", "digits", "--weights", "binary,ternary", "--seeds", "1-2", "--networks", "real,discrete-sign",
    "--real-epochs", "1", "--discrete-epochs", "1", "--quiet", "--results",
  ]

  private func lines(_ path: String) throws -> [Substring] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
  }

  @Test("a sweep resumes where a killed one stopped, and prints its table")
  func resumes() throws {
    let directory = try TemporaryFolder()
    let results = directory.file("results.jsonl")
    let arguments = Self.arguments + [results]
    let whole = try SignetProgram.run(arguments)
    try #require(whole.code == 0 && whole.errors.isEmpty, "\(whole.errors)")
    let table = whole.output.split(separator: "\n").map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(table.map { $0[0] } == ["weights", "---", "real", "binary", "ternary"])
    #expect(table[2][1].contains("±") && table[3][2].contains("±"))
    let text = try String(contentsOfFile: results, encoding: .utf8)
    #expect(text.split(separator: "\n").count == 2 * 3)
    // The last line is cut in the middle, as by a kill.
    try text.dropLast(40).write(toFile: results, atomically: false, encoding: .utf8)
    let partial = try SignetProgram.run(arguments + ["--table-only"])
    #expect(partial.output.contains("(1 of 2)"))
    #expect(try SignetProgram.run(arguments).output == whole.output)
    // Only the time that the last network took differs.
    let again = try lines(results)
    #expect(again.dropLast() == text.split(separator: "\n").dropLast() && again.count == 6)
    // A last line without its end is whole; a line twice counts once.
    try (text + again[0]).write(toFile: results, atomically: false, encoding: .utf8)
    #expect(try SignetProgram.run(arguments).output == whole.output)
  }

  @Test("two sweeps at the same time share a file: it has each network once, and both print the same table")
  func together() async throws {
    let directory = try TemporaryFolder()
    let results = directory.file("results.jsonl")
    async let first = SignetProgram.run(Self.arguments + [results])
    async let second = SignetProgram.run(Self.arguments + [results])
    let outcomes = try await [first, second]
    #expect(outcomes.map(\.code) == [0, 0], "\(outcomes.map(\.errors))")
    #expect(outcomes[0].output == outcomes[1].output && !outcomes[0].output.contains(" of "))
    #expect(try lines(results).count == 6)
  }

  @Test("results of other data, version or constants, or of unknown origin, are reported in one line, and not used")
  func others() throws {
    let directory = try TemporaryFolder()
    let results = directory.file("results.jsonl")
    let arguments = Self.arguments + [results]
    let whole = try SignetProgram.run(arguments)
    let text = try String(contentsOfFile: results, encoding: .utf8)
    let origin = try #require(text.firstRange(of: #""sha256":""#))
    let digest = text[origin.upperBound...].prefix(64)
    func rewrite(_ old: String, _ new: String) throws {
      let changed = text.replacing(old, with: new)
      #expect(changed != text)
      try changed.write(toFile: results, atomically: false, encoding: .utf8)
    }
    func expectUnused(_ mention: String) throws {
      let table = try SignetProgram.run(arguments + ["--table-only"])
      #expect(table.code == 0 && table.output.contains("– (0 of ") && !table.output.contains("%"))
      #expect(table.errors.split(separator: "\n").count == 1 && table.errors.contains(mention), "\(table.errors)")
    }
    try rewrite(#""signet":""#, #""signet":"x"#)
    try expectUnused("found 6 of signet x")
    try rewrite(#""batch":50"#, #""batch":51"#)
    try expectUnused("found 6 with batch 51 and not 50")
    try rewrite(#""origin":"#, #""origins":"#)
    try expectUnused("found 6 that do not say what data")
    try rewrite(String(digest), String(repeating: "0", count: 64))
    try expectUnused("found 6 of other data (images-idx3-ubyte.gz: 000000000000… and not \(digest.prefix(12))…)")
    // They are trained, and stand beside those of the other data; then nothing is left to tell.
    let trained = try SignetProgram.run(arguments)
    #expect(trained.code == 0 && trained.output == whole.output)
    #expect(try lines(results).count == 12)
    let again = try SignetProgram.run(arguments)
    #expect(again.output == whole.output && again.errors.isEmpty)
  }

  @Test("a file that is not a sweep's or contradicts itself ends with 65, and a missing one with --table-only with 74")
  func damaged() throws {
    let directory = try TemporaryFolder()
    let results = directory.file("results.jsonl")
    let arguments = Self.arguments + [results]
    func expectFailure(_ code: Int32, _ mentions: String..., arguments: [String]) throws {
      try SignetProgram.run(arguments).expectFailure(code, mentions)
    }
    try expectFailure(74, results, "No such file", arguments: arguments + ["--table-only"])
    #expect(!FileManager.default.fileExists(atPath: results))
    try #require(try SignetProgram.run(arguments).code == 0)
    let text = try String(contentsOfFile: results, encoding: .utf8)
    func write(_ text: String) throws { try text.write(toFile: results, atomically: false, encoding: .utf8) }
    try write(text + "{}\n")
    try expectFailure(65, results, "line 7", arguments: arguments)
    // Another text without a line end is not taken for an unfinished line of ours, and stays.
    try write("my notes")
    try expectFailure(65, results, "line 1", arguments: arguments)
    #expect(try String(contentsOfFile: results, encoding: .utf8) == "my notes")
    // The same network with another result.
    let line = try #require(text.split(separator: "\n").first)
    let digest = try #require(line.firstRange(of: #""parametersSHA256":""#)).upperBound
    var changed = String(line)
    changed.replaceSubrange(digest..<changed.index(digest, offsetBy: 4), with: "0000")
    try write(text + changed + "\n")
    try expectFailure(65, results, "lines 1 and 7", "0000", arguments: arguments)
    let other = line.replacing(#""seed":1,"version""#, with: #""seed":3,"version""#)
    #expect(other != line)
    try write(text + other + "\n")
    try expectFailure(65, results, "line 7", arguments: arguments)
  }

  @Test("a complete sweep needs only to read its results; one that cannot add a network ends with 74")
  func readOnly() throws {
    let directory = try TemporaryFolder()
    let whole = SignetProgram.root.appending(path: "Benchmarks/results/digits.jsonl")
    let results = try directory.write(Array(Data(contentsOf: whole)), to: "results.jsonl")
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: results)
    func sweep(_ seeds: String) throws -> SignetProgram.Outcome {
      // With this capability, root may write to every file.
      try SignetProgram.run(
        (geteuid() == 0 ? ["setpriv", "--bounding-set", "-dac_override"] : []) + [
          SignetProgram.path, "sweep", "digits", "--networks", "straight-through", "--seeds", seeds, "--quiet",
          "--results", results,
        ], program: "/usr/bin/env")
    }
    #expect(try sweep("1-5").done().output.contains("| binary | "))
    try sweep("1-6").expectFailure(74, [results, "expected to read and write"])
  }

  @Test("a complete sweep makes no directory and asks neither Slurm nor a device, whatever options it has")
  func complete() throws {
    let folder = try TemporaryFolder()
    let results = SignetProgram.root.appending(path: "Benchmarks/results/digits.jsonl").path
    func sweep(_ options: [String]) throws -> String {
      // Without Slurm's programs.
      try SignetProgram.run(
        ["sweep", "digits", "--networks", "straight-through", "--seeds", "1-5", "--quiet", "--results", results]
          + options, environment: ["PATH": folder.path]
      ).done().output
    }
    let table = try sweep([])
    #expect(table.contains("| binary | "))
    let file = try folder.write([], to: "file")
    for options in [
      ["--out", "\(file)/runs"], ["--out", folder.file("runs"), "--runner", "slurm"], ["--device", "opencl:99"],
    ] {
      #expect(try sweep(options) == table, "\(options)")
    }
    #expect(try folder.names == ["file"])
  }

  @Test("a report has the results of every file of --sweep, as if their lines were in one file")
  func reportOfSeveral() throws {
    let directory = try TemporaryFolder()
    let (nights, whole) = (
      directory.file("nights"), SignetProgram.root.appending(path: "Benchmarks/results/digits.jsonl").path
    )
    _ = try SignetProgram.run("night", "run", "--results", nights, "--budget", "0.0000001", "--quiet")
    func report(_ files: [String]) throws -> String {
      try SignetProgram.run(
        ["night", "report", "--results", nights, "--markdown"] + files.flatMap { ["--sweep", $0] }
      ).done().output
    }
    // Of the first two of five seeds, and of the others.
    let all = try lines(whole)
    try #require(all.count == 100)
    let parts = try [all[..<40], all[40...]].enumerated().map { number, lines in
      try directory.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "\(number).jsonl")
    }
    #expect(try report(parts) == report([whole]))
  }

  @Test("a report leaves out results of several data sets or of unknown origin, and says so in one line")
  func report() throws {
    let directory = try TemporaryFolder()
    let (nights, results) = (directory.file("nights"), directory.file("results.jsonl"))
    // Whatever the night came to, there is one to report.
    _ = try SignetProgram.run("night", "run", "--results", nights, "--suite", "sign", "--budget", "0.01", "--quiet")
    let text = try String(
      contentsOf: SignetProgram.root.appending(path: "Benchmarks/results/digits.jsonl"), encoding: .utf8)
    func report(_ text: String) throws -> SignetProgram.Outcome {
      try text.write(toFile: results, atomically: false, encoding: .utf8)
      return try SignetProgram.run("night", "report", "--results", nights, "--sweep", results, "--markdown")
    }
    let sound = try report(text)
    #expect(
      sound.code == 0 && sound.errors.isEmpty && sound.output.contains("### Test error by the number of weight values"))
    for (other, mention) in [
      (text + text.replacing(#""sha256":""#, with: #""sha256":"x"#), "several data sets of digits"),
      (text.replacing(#""origin""#, with: #""origins""#), "100 of another version or that do not say what they depend"),
    ] {
      let mixed = try report(other)
      #expect(mixed.code == 0 && !mixed.output.contains("### Test error by the number of weight values"))
      #expect(mixed.errors.split(separator: "\n").count == 1 && mixed.errors.contains(mention), "\(mixed.errors)")
    }
  }
}
