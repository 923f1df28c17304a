import Foundation
import Golden
import TestSupport
import Testing
import Verification
import VerificationSuites

@Suite("Goldens of our own: pending, review, accept")
struct GoldenBookTests {
  let folder: TemporaryFolder
  let book: GoldenBook

  init() throws {
    folder = try TemporaryFolder()
    for part in ["help", "ops", "reports", "results", "sign", "traces"] {
      try FileManager.default.createDirectory(atPath: "\(folder.path)/\(part)", withIntermediateDirectories: true)
    }
    book = Self.book(folder.path, "one\ntwo\n")
  }

  private static func book(_ folder: String, _ text: String) -> GoldenBook {
    GoldenBook(folder: folder, goldens: [OwnGolden("help/a.txt") { text }], version: "1.2.3")
  }

  private func text(_ name: String) -> String? {
    try? String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
  }

  private func problems(_ book: GoldenBook) throws -> [String] {
    try book.problems().filter { !$0.hasPrefix("ops/") && !$0.hasPrefix("sign/") }
  }

  @Test("a golden changes only by accept, which records the reason")
  func life() throws {
    let golden = try book.golden("help/a.txt")
    #expect(try book.renew(golden) == .new)
    #expect(text("help/a.txt") == nil, "pending writes no golden")
    #expect(book.pending == ["help/a.txt"])
    try book.accept(golden, reason: "first")
    #expect(text("help/a.txt") == "one\ntwo\n")
    #expect(text("accepted.jsonl")?.contains(#""reason":"first""#) == true)
    #expect(text("accepted.jsonl")?.contains(#""version":"1.2.3""#) == true)
    #expect(try book.renew(golden) == .unchanged && book.pending == [])
    #expect(try problems(book) == [])

    let later = Self.book(folder.path, "one\n2\n")
    #expect(try later.renew(later.golden("help/a.txt")) == .changed)
    #expect(try later.review(later.golden("help/a.txt")) == ["- two", "+ 2"])
    #expect(text("help/a.txt") == "one\ntwo\n")
    try later.accept(later.golden("help/a.txt"), reason: "second")
    #expect(text("help/a.txt") == "one\n2\n" && text("accepted.jsonl")?.split(separator: "\n").count == 2)
    #expect(try problems(later) == [])
    // What is accepted is pending no more, and nothing can be accepted twice.
    #expect(throws: GoldenError.self) { try later.accept(later.golden("help/a.txt"), reason: "third") }
  }

  @Test("nothing stays pending of a golden that is computed as it was accepted, and it cannot be accepted again")
  func restored() throws {
    let golden = try book.golden("help/a.txt")
    #expect(try book.renew(golden) == .new)
    try book.accept(golden, reason: "first")
    let other = Self.book(folder.path, "one\n2\n")
    #expect(try other.renew(other.golden("help/a.txt")) == .changed && other.pending == ["help/a.txt"])
    #expect(try book.renew(golden) == .unchanged && book.pending == [])
    #expect(throws: GoldenError.self) { try book.accept(golden, reason: "second") }
    #expect(text("help/a.txt") == "one\ntwo\n")
  }

  @Test(
    "accept keeps every byte of the log, whatever they are, and adds its entry in a line of its own",
    arguments: [Array("{\"golden\":\"".utf8) + [0xe9] + Array("\"}\n{}\n".utf8), Array("{}".utf8), []] as [[UInt8]])
  func log(before: [UInt8]) throws {
    try folder.write(before, to: "accepted.jsonl")
    let golden = try book.golden("help/a.txt")
    #expect(try book.renew(golden) == .new)
    try book.accept(golden, reason: "a reason")
    let log = try folder.bytes(of: "accepted.jsonl")
    #expect(log.starts(with: before))
    let lines = log.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == before.split(separator: UInt8(ascii: "\n")).count + 1 && log.last == UInt8(ascii: "\n"))
    let entry = try JSONDecoder().decode([String: String].self, from: Data(try #require(lines.last)))
    #expect(entry["golden"] == "help/a.txt" && entry["reason"] == "a reason")
  }

  @Test("nothing is accepted if the log cannot be read, and the log stays as it was")
  func unreadableLog() throws {
    let log = folder.file("accepted.jsonl")
    try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: true)
    let golden = try book.golden("help/a.txt")
    #expect(try book.renew(golden) == .new)
    let error = #expect(throws: GoldenError.self) { try book.accept(golden, reason: "a reason") }
    #expect(error?.description.hasPrefix("\(log): expected a readable file, found ") == true)
    #expect(text("help/a.txt") == nil && book.pending == ["help/a.txt"])
  }

  @Test("orphans, missing goldens and goldens that something else wrote are reported")
  func planted() throws {
    try Data().write(to: URL(filePath: folder.path + "/accepted.jsonl"))
    #expect(try problems(book) == ["help/a.txt: missing"])
    try Data("x".utf8).write(to: URL(filePath: folder.path + "/help/a.txt"))
    try Data("y".utf8).write(to: URL(filePath: folder.path + "/traces/b.json"))
    #expect(
      try problems(book) == [
        "traces/b.json: an orphan, which no suite reads", "help/a.txt: differs from what was accepted (accepted.jsonl)",
      ])
    try Data("no json\n".utf8).write(to: URL(filePath: folder.path + "/accepted.jsonl"))
    let error = #expect(throws: GoldenError.self) { try book.problems() }
    #expect(error?.description.contains("accepted.jsonl, line 1: expected an acceptance, found no json") == true)
    try FileManager.default.removeItem(atPath: folder.file("accepted.jsonl"))
    let missing = #expect(throws: GoldenError.self) { try book.problems() }
    let words = "accepted.jsonl: expected a readable file, found No such file or directory"
    #expect(missing?.description.hasSuffix(words) == true)
  }

  @Test("each golden is announced by its number, the number of all, and itself, before it is computed again")
  func progress() throws {
    let goldens = ["a", "b", "c"].map { name in OwnGolden("help/\(name).txt") { "\(name)\n" } }
    let book = GoldenBook(folder: folder.path, goldens: goldens, version: "1.2.3")
    func told(_ names: [String]) throws -> [String] {
      var told: [String] = []
      let states = try book.renew(names) { told.append("\($0) of \($1): \($2.name)") }
      #expect(states.count == told.count)
      return told
    }
    #expect(try told([]) == ["1 of 3: help/a.txt", "2 of 3: help/b.txt", "3 of 3: help/c.txt"])
    #expect(try told(["help/c.txt", "help/a.txt"]) == ["1 of 2: help/c.txt", "2 of 2: help/a.txt"])
  }

  @Test("of a trace, the accepted one is what is expected, and the pending one what is found")
  func review() throws {
    let name = "traces/digits.json"
    let book = GoldenBook(folder: folder.path, goldens: OwnGolden.all(on: .single), version: "1.2.3")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/.pending/traces", withIntermediateDirectories: true)
    let golden = try Trace.decode(name, from: .builtIn)
    var found = golden
    found.networks[0].validationErrors[0] = 7
    for (trace, path) in [(golden, name), (found, ".pending/\(name)")] {
      try JSONEncoder().encode(trace).write(to: URL(filePath: "\(folder.path)/\(path)"))
    }
    #expect(
      try book.review(book.golden(name)) == [
        "first divergence: real, epoch 1: validation error: expected 0.8, found 7.0"
      ])
  }

  @Test("of results, each network's accepted mean error is told before the pending one")
  func reviewOfResults() throws {
    let name = "results/glyphs.json"
    let book = GoldenBook(folder: folder.path, goldens: OwnGolden.all(on: .single), version: "1.2.3")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/.pending/results", withIntermediateDirectories: true)
    var golden = try ErrorResults.decode(name, from: .builtIn)
    var found = golden
    for index in golden.networks.indices {
      golden.networks[index].testErrors = [0.25, 0.75]
      found.networks[index].testErrors = [0.125, 0.375]
    }
    for (results, path) in [(golden, name), (found, ".pending/\(name)")] {
      try JSONEncoder().encode(results).write(to: URL(filePath: "\(folder.path)/\(path)"))
    }
    #expect(
      try book.review(book.golden(name)) == [
        "real: mean test error 0.5, now 0.25", "discrete-sign: mean test error 0.5, now 0.25",
        "straight-through: mean test error 0.5, now 0.25",
      ])
    // Results of other networks are told by these.
    found.networks.removeLast()
    try JSONEncoder().encode(found).write(to: URL(filePath: "\(folder.path)/.pending/\(name)"))
    #expect(
      try book.review(book.golden(name)) == [
        "expected \(golden.what): real, discrete-sign, straight-through", "found \(golden.what): real, discrete-sign",
      ])
  }

  @Test(
    "a damaged golden of ours, and a damaged pending one, are named with their path; neither is new",
    arguments: ["traces/digits.json", "results/glyphs.json"], [Array("{}".utf8), [0xe9, 0x0a]] as [[UInt8]])
  func damaged(name: String, bytes: [UInt8]) throws {
    let book = GoldenBook(folder: folder.path, goldens: OwnGolden.all(on: .single), version: "1.2.3")
    let whole = Array(try Data(contentsOf: URL(filePath: GoldenFolder.builtIn.path(of: name))))
    let part = URL(filePath: folder.file(".pending/\(name)")).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: part, withIntermediateDirectories: true)
    for damaged in [name, ".pending/\(name)"] {
      for path in [name, ".pending/\(name)"] { try folder.write(path == damaged ? bytes : whole, to: path) }
      let error = #expect(throws: GoldenError.self) { try book.review(book.golden(name)) }
      let words = "\(folder.file(damaged)): expected a golden file, found "
      #expect(error?.description.hasPrefix(words) == true, "\(String(describing: error))")
    }
  }

  @Test("a golden of ours that is no text has changed: its lines are told, and accept replaces it")
  func noText() throws {
    try folder.write([0xff, 0x0a, 0x0a], to: "help/a.txt")
    let golden = try book.golden("help/a.txt")
    #expect(try book.renew(golden) == .changed)
    #expect(try book.review(golden).contains("+ two"))
    try book.accept(golden, reason: "a reason")
    #expect(text("help/a.txt") == "one\ntwo\n")
  }

  @Test("an unknown golden, and one that an oracle writes, are refused")
  func refused() {
    for (name, mentions) in [("traces/none.json", "help/a.txt"), ("ops/layers.json", "ci/refresh-oracle")] {
      let error = #expect(throws: GoldenError.self) { try book.golden(name) }
      #expect(error?.description.contains(mentions) == true)
    }
  }

  @Test("differences are the lines that are in only one text, in order")
  func lines() {
    #expect(lineDifferences("a\nb\nc", "a\nc\nd") == ["- b", "+ d"])
    #expect(lineDifferences("a", "a") == [])
  }
}
