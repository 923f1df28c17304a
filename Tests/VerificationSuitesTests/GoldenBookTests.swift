import Foundation
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
