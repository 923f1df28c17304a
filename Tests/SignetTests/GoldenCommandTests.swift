import Foundation
import TestSupport
import Testing

/// What `golden pending`, `review`, `accept` and `orphans` print and write, and their exit codes.
@Suite("Commands by outcome: golden")
struct GoldenCommandTests {
  private static let data = "help/signet-data.txt"
  private static let pack = "help/signet-pack.txt"
  private static let whole = "help/signet.txt"

  private let folder: TemporaryFolder
  /// The texts of the checkout's goldens.
  private let texts: [String: String]

  /// A folder of goldens of which one is as it should be, one has another line, and one is missing.
  init() throws {
    folder = try TemporaryFolder()
    texts = try Dictionary(
      uniqueKeysWithValues: [Self.data, Self.pack, Self.whole].map { name in
        (name, try String(contentsOf: SignetProgram.root.appending(path: "Golden/\(name)"), encoding: .utf8))
      })
    try FileManager.default.createDirectory(atPath: folder.file("Golden/help"), withIntermediateDirectories: true)
    try write(Self.whole, try #require(texts[Self.whole]))
    try write(Self.data, try #require(texts[Self.data]).replacing("USAGE: signet data", with: "USAGE: sign data"))
  }

  private func write(_ name: String, _ text: String) throws {
    try folder.write(Array(text.utf8), to: "Golden/\(name)")
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try folder.bytes(of: "Golden/\(name)"), as: UTF8.self)
  }

  /// Calls the command on this folder of goldens.
  private func golden(_ command: String, _ arguments: String...) throws -> SignetProgram.Outcome {
    try SignetProgram.run(["golden", command, "--golden", folder.file("Golden")] + arguments)
  }

  private func pending() throws -> SignetProgram.Outcome { try golden("pending", Self.whole, Self.pack, Self.data) }

  private func accepting(_ name: String) -> String {
    "accept: signet golden accept \(name) --golden \(folder.file("Golden")) --reason \"…\""
  }

  private var reviewOfData: String {
    """
    help/signet-data.txt
      - USAGE: sign data <subcommand>
      + USAGE: signet data <subcommand>
      \(accepting(Self.data))

    """
  }
  private func reviewOfPack() throws -> String {
    let lines = try #require(texts[Self.pack]).components(separatedBy: "\n").count - 1
    return """
      help/signet-pack.txt
        new, \(lines) lines
        \(accepting(Self.pack))

      """
  }

  @Test("pending names what is changed or new, counts it, writes nothing but beside, and ends with 65; --json has all")
  func pendingGoldens() throws {
    let before = try text(Self.data)
    let outcome = try pending()
    #expect(outcome.code == 65 && outcome.errors == "signet: expected no differing golden, found 2\n")
    #expect(outcome.output == "\(Self.data): changed\n\(Self.pack): new\n2 of 3 goldens differ\n")
    #expect(try text(Self.data) == before && text(".pending/\(Self.data)") == texts[Self.data])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("Golden/help")).count == 2)
    let json = try golden("pending", "--json", Self.whole, Self.pack, Self.data)
    #expect(json.code == 65 && json.errors == outcome.errors)
    let states = try SignetProgram.object(json.output) as? [String: String]
    #expect(states == [Self.whole: "unchanged", Self.data: "changed", Self.pack: "new"])
    // Named twice, it is one.
    let sound = try golden("pending", Self.whole, Self.whole).done()
    #expect(sound.output == "0 of 1 goldens differ\n" && sound.errors.isEmpty)
  }

  @Test("review shows what differs in the goldens named, or in all that are pending; --golden is Golden by default")
  func review() throws {
    #expect(try golden("review").done().output == "nothing is pending\n")
    #expect(try pending().code == 65)
    let all = try golden("review").done().output
    let (data, pack) = (reviewOfData, try reviewOfPack())
    #expect(all == data + pack || all == pack + data)
    #expect(try golden("review", Self.pack).done().output == pack)
    #expect(try golden("review", Self.data).done().output == data)
    #expect(try golden("review", Self.data, Self.data).done().output == data)
    #expect(
      try SignetProgram.run(["golden", "review"], directory: folder.path).done().output
        == all.replacing(" --golden \(folder.file("Golden"))", with: ""))
    try SignetProgram.run(["golden", "review"], directory: folder.file("Golden"))
      .expectFailure(74, ["Golden: expected a folder of goldens, found none"])
    let nothing = try golden("review", Self.whole)
    #expect(nothing.code == 65 && nothing.errors.contains("\(Self.whole): expected a pending change"))
  }

  @Test("accept puts the goldens named, or all, in their place and writes the reason down; then nothing is pending")
  func accept() throws {
    #expect(try pending().code == 65)
    // Named twice, it is accepted once.
    let first = try golden("accept", Self.data, Self.data, "--reason", "the first").done()
    #expect(first.output == "accepted: \(Self.data)\n" && first.errors.isEmpty)
    #expect(try text(Self.data) == texts[Self.data])
    #expect(!FileManager.default.fileExists(atPath: folder.file("Golden/\(Self.pack)")))
    #expect(try golden("accept", "all", "--reason", "--quiet is gone").done().output == "accepted: \(Self.pack)\n")
    #expect(try text(Self.pack) == texts[Self.pack])
    let log = try text("accepted.jsonl").split(separator: "\n").map { try SignetProgram.object(String($0)) }
    #expect(log.map { $0["golden"] as? String } == [Self.data, Self.pack])
    #expect(log.map { $0["reason"] as? String } == ["the first", "--quiet is gone"])
    let version = try #require(SignetProgram.run("--version").output.firstMatch(of: /^signet (\d[^ \n]*)/)?.1)
    #expect(log.allSatisfy { $0["version"] as? String == String(version) })
    #expect(try golden("review").done().output == "nothing is pending\n")
    #expect(try pending().done().output == "0 of 3 goldens differ\n")
    #expect(try golden("accept", "all", "--reason", "none").done().output.isEmpty)
    #expect(try text("accepted.jsonl").split(separator: "\n").count == 2)
  }

  @Test("what is not pending, not ours or unknown is refused with 65, a missing folder with 74, wrong usage with 64")
  func refused() throws {
    let reason = ["--reason", "a reason"]
    for (arguments, code, mention) in [
      (["accept", Self.whole] + reason, 65, "\(Self.whole): expected a pending change"),
      (["accept", "ops/layers.json"] + reason, 65, "one that ci/refresh-oracle writes"),
      (["accept", "help/none.txt"] + reason, 65, "found none of that name"),
      (["pending", "help/none.txt"], 65, "found none of that name"),
      (["review", "help/none.txt"], 65, "found none of that name"), (["accept", Self.data], 64, "--reason"),
      (["accept", Self.data, "--reason", " \t"], 64, "--reason: expected a reason"), (["accept"] + reason, 64, "names"),
      (["pending", "--threads", "0"], 64, "--threads"), (["review", "--threads", "2"], 64, "--threads"),
      (["accept", "all", "--threads", "2"] + reason, 64, "--threads"),
      (["orphans", "--threads", "2"], 64, "--threads"),
      (["orphans"], 74, "/ops: expected a folder, found none"),
    ] as [([String], Int32, String)] {
      try SignetProgram.run(["golden"] + arguments + ["--golden", folder.file("Golden")]).expectFailure(code, [mention])
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("Golden/accepted.jsonl")))
  }

  @Test("review of a damaged golden names its file, and ends with 65")
  func damaged() throws {
    for part in ["traces", ".pending/traces"].map({ "Golden/\($0)" }) {
      try FileManager.default.createDirectory(atPath: folder.file(part), withIntermediateDirectories: true)
      try folder.write([1], to: "\(part)/digits.json")
    }
    try SignetProgram.run(["golden", "review", "--golden", folder.file("Golden")])
      .expectFailure(65, ["\(folder.file("Golden/traces/digits.json")): expected a golden file, found something else"])
  }

  @Test("the nights of the sample report are named if they are missing (74) or damaged (65), with what is wrong")
  func nights() throws {
    let report = "reports/night.md"
    try FileManager.default.createDirectory(atPath: folder.file("Golden/reports"), withIntermediateDirectories: true)
    let file = folder.file("Golden/reports/nights.json")
    try golden("pending", report).expectFailure(74, ["\(file): expected a readable file, found No such file"])
    for (text, flaw) in [
      ("x", "something else"), ("{}", "no nights"), (#"{"nights": [1]}"#, "an invalid value for nights[0]"),
    ] {
      try write("reports/nights.json", text)
      try golden("pending", report).expectFailure(65, ["\(file): expected a golden file, found \(flaw)"])
    }
  }

  @Test("without a folder of goldens every command fails, and makes none")
  func noFolder() throws {
    let file = try folder.write([1], to: "a file")
    for path in [folder.file("none"), file] {
      for arguments in [
        ["pending", Self.whole], ["review"], ["review", Self.whole], ["accept", "all", "--reason", "a reason"],
        ["orphans"],
      ] {
        try SignetProgram.run(["golden"] + arguments + ["--golden", path])
          .expectFailure(74, ["\(path): expected a folder of goldens, found none"])
      }
    }
    #expect(try folder.names == ["Golden", "a file"])
  }

  @Test("orphans names a file that nothing reads, a missing golden and one that accept did not write, and ends with 65")
  func orphans() throws {
    let copy = folder.file("copy")
    try FileManager.default.copyItem(atPath: SignetProgram.root.appending(path: "Golden").path, toPath: copy)
    func orphans() throws -> SignetProgram.Outcome { try SignetProgram.run("golden", "orphans", "--golden", copy) }
    #expect(try orphans().done().output == "every golden is known, present, and as accepted\n")
    try folder.write([1], to: "copy/traces/mine.json")
    try folder.write([1], to: "copy/\(Self.data)")
    try FileManager.default.removeItem(atPath: "\(copy)/\(Self.pack)")
    let found = try orphans()
    #expect(found.code == 65 && found.errors == "signet: expected no problem with the goldens, found 3\n")
    #expect(
      found.output == """
        traces/mine.json: an orphan, which no suite reads
        help/signet-pack.txt: missing
        help/signet-data.txt: differs from what was accepted (accepted.jsonl)

        """)
  }

  @Test(
    "every golden of our own is known, present and as accepted; no help text, sample report or tolerance has changed")
  func goldens() throws {
    let folder = SignetProgram.root.appending(path: "Golden").path
    let orphans = try SignetProgram.run("golden", "orphans", "--golden", folder)
    #expect(orphans.code == 0, "\(orphans.output)")
    // In a copy, since what differs is written beside.
    let directory = try TemporaryFolder()
    let copy = directory.file("Golden")
    try FileManager.default.copyItem(atPath: folder, toPath: copy)
    let help =
      try FileManager.default.contentsOfDirectory(atPath: copy + "/help").map { "help/\($0)" }
      + ["reports/night.html", "reports/night.md", "tolerances.json"]
    let pending = try SignetProgram.run(["golden", "pending", "--golden", copy] + help)
    #expect(pending.code == 0, "\(pending.output)")
    #expect(pending.output == "0 of \(help.count) goldens differ\n" && help.count >= 20)
  }
}
