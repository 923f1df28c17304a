import Foundation
import TestSupport
import Testing

/// What all scripts of `ci` have in common. Those that another test or `.ci/run` runs are tested there.
@Suite("Scripts explain themselves")
struct ScriptTests {
  /// The scripts that are run by name; the mutation tests' own program has its help text.
  static let names: [String] = {
    let folder = SignetProgram.root.appending(path: "ci").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { name in
      let text = (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
      return text.hasPrefix("#!/usr/bin/env bash\n") && name != "mutants"
    }.sorted()
  }()

  @Test(
    "--help, wherever it stands, prints the text that the script begins with, and nothing is done", arguments: names)
  func help(_ name: String) throws {
    let script = SignetProgram.root.appending(path: "ci/\(name)")
    let lines = try String(contentsOf: script, encoding: .utf8).split(separator: "\n").dropFirst()
    let comment = lines.prefix { $0.hasPrefix("#") }.map { $0.dropFirst().drop { $0 == " " } }.filter { !$0.isEmpty }
    for arguments in [["--help"], ["x", "-h"]] {
      let outcome = try SignetProgram.run(arguments, program: script.path, directory: "/")
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.lines.map { $0.drop { $0 == " " } } == comment && comment.count > 1)
    }
  }

  @Test("the mutation tests print their own program's help, whatever stands before it, and build nothing")
  func mutants() throws {
    let folder = try TemporaryFolder()
    for name in ["swift", "swiftc"] { try folder.script("exit 1", to: "bin/\(name)") }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let program = try String(
      contentsOf: SignetProgram.root.appending(path: "ci/mutation/main.swift"), encoding: .utf8)
    let usage = try #require(program.components(separatedBy: "\"\"\"").dropFirst().first)
    let lines = usage.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
    for arguments in [["--help"], ["--count", "x", "-h"]] {
      let outcome = try SignetProgram.run(
        arguments, environment: ["PATH": "\(folder.file("bin")):\(path)"],
        program: SignetProgram.root.appending(path: "ci/mutants").path, directory: "/")
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.lines.map { $0.drop { $0 == " " } } == lines && lines.count > 10)
    }
  }

  /// All but the two that pass options on: to `swift test`, and to `signet night run`, which they build first.
  static let choosy = names.filter { $0 != "test" && $0 != "nightly" }

  @Test("an unknown option is refused with one line and 64, before anything is done", arguments: choosy)
  func unknown(_ name: String) throws {
    let script = SignetProgram.root.appending(path: "ci/\(name)").path
    try SignetProgram.run(["--no-such-option"], program: script, directory: "/").expectFailure(
      64, ["ci/\(name): expected ", "found --no-such-option"])
  }

  @Test(
    "a missing argument, one too many and a value that is none are refused with one line and 64",
    arguments: [
      ("case-floors", [], "expected EVENTS, found none"), ("check-report", [], "expected REPORT.html, found none"),
      ("cuda-stand-in", [], "expected FOLDER, found none"), ("cuda-stand-in", [""], "expected FOLDER, found an empty"),
      ("python-environment", ["a"], "expected REQUIREMENTS.txt, found none"),
      ("python-environment", ["a", "b", "c"], "expected no more arguments, found c"),
      ("docs", ["--self-test", "x"], "expected no more arguments, found x"), ("fuzz", ["5x"], "found 5x"),
      ("performance", ["x"], "expected no arguments, found x"), ("nightly", ["--data"], "--data: expected a value"),
      ("nightly", ["--budget=x"], "--budget: expected minutes, found x"),
      ("exhaustive", ["--threads"], "--threads: expected a value, found none"),
      ("exhaustive", ["--stride", "x"], "--stride: expected a number, found x"),
      ("exhaustive", ["exp", "exp2"], "expected exp, log, log1p, erf, erfc, tanh, sinpi or cospi, found exp2"),
      ("benchmark-matmul", ["1s"], "expected SECONDS, found 1s"),
      ("benchmark-convolution", ["x"], "expected SECONDS, found x"),
    ] as [(String, [String], String)])
  func wrong(_ name: String, _ arguments: [String], _ mention: String) throws {
    let script = SignetProgram.root.appending(path: "ci/\(name)").path
    try SignetProgram.run(arguments, program: script, directory: "/").expectFailure(64, ["ci/\(name): ", mention])
  }

  @Test("relative paths of arguments are those of the folder in which a script is called")
  func relative() throws {
    let folder = try TemporaryFolder()
    let event = #"{"payload":{"testID":"A.S/one(_:)/A.swift:3:4","kind":"testCaseStarted"},"kind":"event","version":0}"#
    try folder.write(Array("\(event)\n".utf8), to: "events")
    try folder.write(Array("A.S\t1\n".utf8), to: "floors")
    let script = SignetProgram.root.appending(path: "ci/case-floors").path
    let outcome = try SignetProgram.run(["events", "floors"], program: script, directory: folder.path).done()
    #expect(outcome.output.contains("1 cases in all"))
  }

  @Test(
    "a relative path of the program in the environment is that of the folder in which a script is called",
    arguments: ["check-python", "device", "exchange"])
  func program(_ name: String) throws {
    let folder = try TemporaryFolder()
    let script = SignetProgram.root.appending(path: "ci/\(name)").path
    for (path, whole) in [("none", folder.file("none")), ("/none", "/none")] {
      try SignetProgram.run([], environment: ["SIGNET": path], program: script, directory: folder.path)
        .expectFailure(74, ["ci/\(name): expected the program \(whole), found none"])
    }
  }

  #if os(Linux)
    @Test(
      "a night beside another in the same checkout is refused with 74 before anything is built, one alone is not",
      arguments: ["nightly", "check-nightly"])
    func secondNight(_ script: String) throws {
      let checkout = try TemporaryFolder()
      let files = FileManager.default
      for folder in ["ci", ".build/nightly"] {
        try files.createDirectory(atPath: checkout.file(folder), withIntermediateDirectories: true)
      }
      for name in [script, "night-lock", "usage"] {
        try files.copyItem(
          atPath: SignetProgram.root.appending(path: "ci/\(name)").path, toPath: checkout.file("ci/\(name)"))
      }
      // A build is not possible here, which a night finds out after it has the lock.
      let night = { try SignetProgram.run([], program: checkout.file("ci/\(script)"), directory: "/") }
      let lock = open(checkout.file(".build/nightly/lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      defer { close(lock) }
      try #require(lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
      try night().expectFailure(74, [checkout.file(".build/nightly/lock"), "expected no other night"])
      #expect(try files.contentsOfDirectory(atPath: checkout.file(".build/nightly")) == ["lock"])
      try #require(flock(lock, LOCK_UN) == 0)
      let alone = try night()
      #expect(alone.code == (script == "nightly" ? 5 : 127), "\(alone.errors)")
    }
  #endif

  @Test("the scripts are found")
  func found() { #expect(Self.names.contains("test") && Self.names.contains("nightly") && Self.names.count > 20) }
}
