import Foundation
import TestSupport
import Testing

@Suite("signet data and signet fixtures")
struct DataCommandTests {
  private func json(_ outcome: SignetProgram.Outcome) throws -> [[String: Any]] {
    try SignetProgram.objects(outcome.output)
  }

  @Test("fixtures make writes the contents of the bundled files again, each set to its own directory")
  func make() throws {
    let directory = try TemporaryFolder()
    let outcome = try SignetProgram.run("fixtures", "make", directory.file("a/b"), "--name", "glyphs")
    try #require(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.split(separator: "\n").count == 5)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.file("a/b")) == ["glyphs"])
    func files(_ path: String) throws -> [[String: Any]] {
      let data = try Data(contentsOf: URL(filePath: path + "/manifest.json"))
      return try #require(
        (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["files"] as? [[String: Any]])
    }
    let made = try files(directory.file("a/b/glyphs"))
    let bundled = try files(SignetProgram.root.appending(path: "Fixtures/glyphs").path)
    #expect(made.count == 4)
    for key in ["name", "decompressedSha256"] {
      #expect(made.map { $0[key] as? String } == bundled.map { $0[key] as? String })
    }
    let inspected = try SignetProgram.run("data", "inspect", directory.file("a/b/glyphs"))
    #expect(inspected.code == 0 && inspected.output.contains("1200 images, 1×28×28, pixels 0 to 255\n10 classes\n"))
    #expect(inspected.output.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix(directory.path) })
  }

  @Test("the help of --data has the usual folders of the published sets, as the documentation has")
  func usualFolders() throws {
    let page = try String(contentsOf: SignetProgram.root.appending(path: "Documentation/Data.md"), encoding: .utf8)
    let folders = try #require(page.firstMatch(of: /in which others keep the set (\([^)]+\))/)?.1)
    for command in ["train", "evaluate"] {
      let help = try SignetProgram.run("help", command).done().output
      let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("usual for the set \(folders.replacing("`", with: "")), and in"), "\(words)")
    }
  }

  @Test("fixtures make without --name goes on to the next set; a file in the place of its directory ends it with 74")
  func makeAll() throws {
    let directory = try TemporaryFolder()
    let path = try directory.write([], to: "shapes")
    let outcome = try SignetProgram.run("fixtures", "make", directory.path)
    #expect(outcome.code == 74 && outcome.errors.hasPrefix("signet: \(path): expected to write"), "\(outcome.errors)")
    #expect(outcome.lines.count == 5 && outcome.lines.allSatisfy { $0.hasPrefix("\(directory.path)/glyphs/") })
    #expect(try directory.names == ["glyphs", "shapes"])
  }

  @Test("data list shows each set's files, digests and licence")
  func list() throws {
    let text = try SignetProgram.run("data", "list")
    let entries = try json(SignetProgram.run("data", "list", "--json"))
    #expect(
      entries.map { $0["name"] as? String } == [
        "digits", "glyphs", "shapes", "numbers", "mnist", "fashion-mnist", "cifar-10", "cifar-100", "svhn",
      ])
    for entry in entries {
      let name = try #require(entry["name"] as? String)
      #expect(text.output.contains("\(name): "))
      for file in try #require(entry["files"] as? [[String: Any]]) {
        // Each has one digest, of as many digits as its algorithm's.
        let digests = [("SHA-256", "sha256", 64), ("MD5", "md5", 32)].compactMap { algorithm, key, count in
          (file[key] as? String).map { (text: "\(algorithm) \($0)", isWhole: $0.count == count) }
        }
        #expect(digests.count == 1 && digests.allSatisfy { $0.isWhole && text.output.contains($0.text) }, "\(file)")
        #expect(file["isThere"] == nil)
      }
    }
  }

  @Test("data list --data shows which files are present")
  func listPresence() throws {
    let directory = try TemporaryFolder()
    try Data(count: 4542).write(to: URL(filePath: directory.file("t10k-labels-idx1-ubyte.gz")))
    try FileManager.default.createDirectory(atPath: directory.file("fashion-mnist"), withIntermediateDirectories: true)
    try Data(count: 5148).write(to: URL(filePath: directory.file("fashion-mnist/t10k-labels-idx1-ubyte.gz")))
    let entries = try json(SignetProgram.run("data", "list", "--json", "--data", directory.path))
    let there = entries.flatMap { entry in
      (entry["files"] as? [[String: Any]] ?? []).filter { $0["isThere"] as? Bool == true }
        .map { "\(entry["name"] ?? "")/\($0["name"] ?? "")" }
    }
    #expect(there == ["mnist/t10k-labels-idx1-ubyte.gz", "fashion-mnist/t10k-labels-idx1-ubyte.gz"])
  }

  @Test("data list --data also finds files under other names and in other places")
  func listPlaces() throws {
    let directory = try TemporaryFolder()
    for folder in ["MNIST/raw", "cifar-10-batches-bin"] {
      try FileManager.default.createDirectory(atPath: directory.file(folder), withIntermediateDirectories: true)
    }
    let paths = [
      "MNIST/raw/train-images.idx3-ubyte", "cifar-100-binary.tar", "cifar-10-batches-bin/data_batch_1.bin",
      "cifar-10-batches-bin/test_batch.bin",
    ]
    for path in paths { try Data([1]).write(to: URL(filePath: directory.file(path))) }
    func found() throws -> [String] {
      try json(SignetProgram.run("data", "list", "--json", "--data", directory.path)).flatMap { entry in
        (entry["files"] as? [[String: Any]] ?? []).compactMap { $0["foundAt"] as? String }
      }
    }
    // Of CIFAR-10 four files are missing.
    #expect(try found() == Array(paths[..<2]))
    for index in 2...5 {
      try Data([1]).write(to: URL(filePath: directory.file("cifar-10-batches-bin/data_batch_\(index).bin")))
    }
    #expect(try found() == [paths[0], paths[2], paths[1]])
  }

  @Test("data verify ends with 65 for wrong or no known files, and prints one line per file")
  func verify() throws {
    let directory = try TemporaryFolder()
    let empty = try SignetProgram.run("data", "verify", "--data", directory.path)
    #expect(empty.code == 65 && empty.output.isEmpty && empty.errors.hasSuffix("found none\n"))
    try Data([1]).write(to: URL(filePath: directory.file("test_32x32.mat")))
    try Data([1]).write(to: URL(filePath: directory.file("notes")))
    let wrong = try SignetProgram.run("data", "verify", "--data", directory.path)
    #expect(wrong.code == 65 && wrong.errors.hasSuffix("found 1 of 1 with wrong contents\n"))
    #expect(
      wrong.output == """
        svhn  train_32x32.mat  missing
        svhn  test_32x32.mat   wrong contents  expected 64275384 bytes, found 1 bytes
        svhn  extra_32x32.mat  missing
        -     notes            unknown
        svhn: 0 of 3 known files are here

        """)
    let rows = try json(SignetProgram.run("data", "verify", "--data", directory.path, "--json"))
    #expect(rows.map { $0["status"] as? String } == ["missing", "wrong contents", "missing", "unknown"])
    let absent = try SignetProgram.run("data", "verify", "--data", directory.file("absent"))
    #expect(absent.code == 74 && absent.errors.hasSuffix("absent: expected a directory, found no such directory\n"))
  }

  @Test("data verify knows the built-in sets, in the directory itself and in subdirectories with their names")
  func verifyBuiltIn() throws {
    let all = SignetProgram.root.appending(path: "Fixtures").path
    for (directory, sets) in [
      (all, ["digits", "glyphs", "shapes", "numbers"]), ("\(all)/glyphs", ["glyphs"]), ("\(all)/digits", ["digits"]),
    ] {
      let verdicts = try json(SignetProgram.run("data", "verify", "--data", directory, "--json").done())
        .filter { $0["set"] != nil }
      #expect(Set(verdicts.compactMap { $0["set"] as? String }) == Set(sets), "\(directory)")
      #expect(verdicts.allSatisfy { $0["status"] as? String == "ok" }, "\(verdicts)")
    }
  }

  @Test("a link that leads nowhere ends with 74 and says where it leads")
  func danglingLink() throws {
    let directory = try TemporaryFolder()
    let path = directory.file("test_32x32.mat")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
    for arguments in [["verify", "--data", directory.path], ["inspect", path]] {
      let outcome = try SignetProgram.run(["data"] + arguments)
      #expect(
        outcome.code == 74 && outcome.errors.contains("\(path): expected a file, found a symbolic link to nowhere"))
    }
  }

  static let unused = ["glyphs", "shapes", "shapes-100", "numbers"].map { name in
    FailingCall(
      name: name,
      arguments: [
        "train", "--dataset", name, "--architecture", name == "shapes-100" ? "100" : "10", "--real-epochs", "1",
        "--data",
        "/nonexistent",
      ], code: 64, mentions: ["--data", name, "built in", "/nonexistent"])
  }
  static let withoutExtra = [
    FailingCall(
      name: "reproduce", arguments: ["reproduce", "cifar-10", "--without-extra", "--data", "d"], code: 64,
      mentions: ["--without-extra", "svhn", "cifar-10"]),
    FailingCall(
      name: "train", arguments: ["train", "--dataset", "digits", "--architecture", "10", "--without-extra"], code: 64,
      mentions: ["--without-extra", "svhn", "digits"]),
    FailingCall(
      name: "sweep", arguments: ["sweep", "mnist-pi", "--without-extra", "--data", "d"], code: 64,
      mentions: ["--without-extra", "svhn", "mnist"]),
  ]
  static let missing = [
    FailingCall(
      name: "no directory", arguments: ["reproduce", "mnist", "--data", "/nonexistent"], code: 74,
      mentions: ["/nonexistent: expected a directory, found no such directory"]),
    FailingCall(
      name: "no directory to list", arguments: ["data", "list", "--data", "/nonexistent"], code: 74,
      mentions: ["/nonexistent: expected a directory, found no such directory"]),
    FailingCall(
      name: "an empty directory", arguments: ["reproduce", "svhn", "--without-extra", "--data", "/usr"],
      code: 74, mentions: ["/usr: expected train_32x32.mat, found none in ./, ./svhn/"]),
  ]

  @Test(
    "an unused directory, --without-extra on another set, and missing data are refused",
    arguments: unused + withoutExtra + missing)
  func refused(_ call: FailingCall) throws {
    let outcome = try SignetProgram.run(call.arguments)
    #expect(outcome.code == call.code && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    for mention in call.mentions { #expect(outcome.errors.contains(mention), "\(mention) in: \(outcome.errors)") }
  }

  @Test("data inspect prints histogram and images, writes a PNG file, and refuses other formats")
  func inspect() throws {
    let directory = try TemporaryFolder()
    let file = directory.file("x-images-idx3-ubyte")
    try Data([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2] + [0, 9, 0, 9] + [9, 0, 9, 0])
      .write(to: URL(filePath: file))
    try Data([0, 0, 8, 1, 0, 0, 0, 2, 1, 0]).write(to: URL(filePath: directory.file("x-labels-idx1-ubyte")))
    let png = directory.file("sheet.png")
    let outcome = try SignetProgram.run("data", "inspect", file, "--png", png)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let bars = String(repeating: "#", count: 40)
    #expect(
      outcome.output == """
        \(file)
        2 images, 1×2×2, pixels 0 to 9
        2 classes
        0  1  \(bars)
        1  1  \(bars)
        the first images: 1, 0
         @  @

        """)
    // Two images of 2×2 with a line around each.
    let bytes = try Data(contentsOf: URL(filePath: png))
    #expect(Array(bytes[16..<24]) == [0, 0, 0, 7, 0, 0, 0, 4])
    let other = try SignetProgram.run("data", "inspect", png)
    #expect(other.code == 65 && other.errors.contains("expected IDX of 1 to 4 dimensions"))
    #expect(try SignetProgram.run("data", "inspect", file, "--png", "/proc/none/x.png").code == 74)
    #expect(try SignetProgram.run("data", "inspect", file, "--images", "-1").code == 64)
  }
}
