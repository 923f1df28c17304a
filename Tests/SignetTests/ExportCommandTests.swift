import Foundation
import TestSupport
import Testing

@Suite("Commands: export") struct ExportCommandTests {
  let folder: TemporaryFolder
  private let run: String

  init() throws {
    folder = try TemporaryFolder()
    run = try SignetProgram.digitsRun(in: folder, "real,discrete-sign", epochs: 2)
  }

  private func text(_ name: String) throws -> String { String(decoding: try folder.bytes(of: name), as: UTF8.self) }

  @Test("a header and a C file say where the network comes from; the same export gives the same bytes")
  func files() throws {
    let outcome = try SignetProgram.run("export", run, "--c", folder.file("a/b"))
    #expect(
      outcome.code == 0 && outcome.errors.contains("discrete-sign is chosen; --network selects another of the 2"))
    #expect(outcome.output.contains(" bytes of tables, ") && outcome.output.contains(" bytes of scratch buffer"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("a/b")).sorted() == ["net.c", "net.h"])
    let header = try text("a/b/net.h")
    let result = try SignetProgram.object(String(contentsOfFile: "\(run)/result.json", encoding: .utf8))
    let trained = try #require((result["networks"] as? [[String: Any]])?.last)
    let error = try SignetProgram.percent(trained["testError"])
    #expect(try error != SignetProgram.percent(trained["validationError"]), "they can be told apart")
    for words in [
      "Network:     discrete-sign 256-256-10 of the experiment digits", "Weights:     ternary",
      "Test error:  \(error)",
      "Written by signet export, version 0.", "#define NET_CLASSES 10", "#define NET_INPUT_BYTES 64",
    ] {
      #expect(header.contains(words), "\(words)")
    }
    // The run's record has the same digest of the parameters.
    let digest = try #require(header.firstMatch(of: /SHA-256 ([0-9a-f]{64}) of its parameters/)?.1)
    #expect(try SignetProgram.run("show", run).output.contains(digest.prefix(12)))
    let source = try text("a/b/net.c")
    #expect(try SignetProgram.run("export", run, "--c", folder.file("a/b"), "--quiet").output.isEmpty)
    #expect(try text("a/b/net.h") == header && text("a/b/net.c") == source)
    let file = "\(run)/discrete-sign.safetensors"
    let other = try SignetProgram.run(
      "export", file, "--c", folder.file("c"), "--name", "digits", "--test-images", "0", "--quiet")
    #expect(other.code == 0 && other.errors.isEmpty)
    let small = try text("c/digits.c")
    #expect(small.contains("int digits_selftest(") && !small.contains("test_images") && !small.contains("net_"))
  }

  @Test("a packed file is exported as its run is; a sampled network says so, and several are refused")
  func packed() throws {
    func pack(_ name: String, _ options: String...) throws -> String {
      let path = folder.file(name)
      #expect(try SignetProgram.run(["pack", run, "-o", path, "--quiet"] + options).code == 0)
      return path
    }
    #expect(try SignetProgram.run("export", run, "--c", folder.file("run"), "--quiet").code == 0)
    let whole = try SignetProgram.run("export", try pack("whole.signetpk"), "--c", folder.file("whole"), "--quiet")
    #expect(whole.code == 0 && whole.errors.isEmpty)
    #expect(try text("whole/net.c") == text("run/net.c") && text("whole/net.h") == text("run/net.h"))

    let one = try pack("one.signetpk", "--ensemble", "1")
    #expect(try SignetProgram.run("export", one, "--c", folder.file("one"), "--quiet").code == 0)
    let header = try text("one/net.h")
    #expect(header.contains("Weights:     ternary, sampled from their distributions"))
    #expect(header.contains("Test error:  not known"))
    let three = try pack("three.signetpk", "--ensemble", "3")
    let refused = try SignetProgram.run("export", three, "--c", folder.file("three"))
    #expect(refused.code == 65 && refused.errors.contains("three.signetpk: at byte 12: expected one network, found 3"))
    for command in [["evaluate", one], ["pack", one, "-o", folder.file("again")]] {
      let outcome = try SignetProgram.run(command)
      #expect(outcome.code == 64 && outcome.errors.contains("found the packed file"))
    }
  }

  @Test("what cannot be exported is refused, and leaves every file as it was")
  func refused() throws {
    try FileManager.default.createDirectory(atPath: folder.file("mine"), withIntermediateDirectories: true)
    try folder.write(Array("int x;\n".utf8), to: "mine/net.c")
    // A file that is there and cannot be read: a link to itself, or to no file.
    let links = ["h": "net.h", "c": "none"]
    for (ending, target) in links {
      try FileManager.default.createDirectory(atPath: folder.file(ending), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("\(ending)/net.\(ending)"), withDestinationPath: target)
    }
    try FileManager.default.createDirectory(atPath: folder.file("pipes"), withIntermediateDirectories: true)
    try #require(mkfifo(folder.file("pipes/net.c"), 0o600) == 0)
    let out = folder.file("out")
    let cases: [([String], Int32, String)] = [
      ([run, "--network", "real", "--c", out], 65, "expected a network with sign activations"),
      ([run, "--network", "straight-through", "--c", out], 74, "straight-through.safetensors"),
      ([run, "--c", out, "--name", "Net"], 64, "--name: expected at most 24 small letters"),
      (
        [run, "--c", out, "--name", "features"], 64,
        "--name: expected another name than that of the C library's <features.h>, found features"
      ),
      ([run, "--c", out, "--test-images", "-1"], 64, "--test-images"),
      ([run, "--c", out, "--test-images", "0", "--data", "."], 64, "--data"),
      ([run, "--c", "\(folder.file("mine"))/net.c"], 74, "net.c"),
      ([run, "--c", folder.file("h")], 74, "h/net.h: expected a readable file, found the system's error"),
      ([run, "--c", folder.file("c")], 74, "c/net.c: expected a file, found a symbolic link to none"),
      ([run, "--c", folder.file("pipes")], 74, "pipes/net.c: expected a regular file or none, found another kind"),
      ([folder.file("none"), "--c", out], 74, "none"),
    ]
    for (arguments, code, words) in cases {
      let outcome = try SignetProgram.run(["export", "--quiet"] + arguments)
      #expect(outcome.code == code && outcome.errors.contains(words), "\(arguments): \(outcome)")
      #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.output.isEmpty)
    }
    for name in ["mine", "pipes"] {
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file(name)) == ["net.c"])
    }
    for (ending, target) in links {
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file(ending)) == ["net.\(ending)"])
      let link = folder.file("\(ending)/net.\(ending)")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
    }
    #expect(try text("mine/net.c") == "int x;\n" && !FileManager.default.fileExists(atPath: out))
  }
}
