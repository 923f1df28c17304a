import BuildInformation
import Foundation
import TestSupport
import Testing

@Suite("Provenance: which program trained a run")
struct ProvenanceTests {
  private static let arguments = [
    "reproduce", "digits", "--networks", "real", "--real-epochs", "2", "-t", "1", "--resume", "--out",
  ]

  /// A run's record with some members replaced.
  private func replace(_ members: [String: Any], in run: String) throws {
    let file = URL(filePath: "\(run)/run.json")
    var record = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    record.merge(members) { $1 }
    try JSONSerialization.data(withJSONObject: record).write(to: file)
  }

  private func record(_ run: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: "\(run)/run.json"))) as? [String: Any])
  }

  @Test("the commit is the one that was built, wherever the program is")
  func commitOfTheBuild() throws {
    let folder = try TemporaryFolder()
    let copy = folder.file("copy/signet")
    // A repository above the program that it was not built from.
    for path in ["copy", "copy/.git"] {
      try FileManager.default.createDirectory(atPath: folder.file(path), withIntermediateDirectories: true)
    }
    try folder.write(Array(String(repeating: "a", count: 40).utf8), to: "copy/.git/HEAD")
    try FileManager.default.copyItem(atPath: SignetProgram.path, toPath: copy)
    let beside = URL(filePath: SignetProgram.path).deletingLastPathComponent()
    for name in try FileManager.default.contentsOfDirectory(atPath: beside.path) where name.hasPrefix("signet_") {
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("copy/\(name)"), withDestinationPath: beside.appending(path: name).path)
    }
    let outcome = try SignetProgram.run(Self.arguments + [folder.file("run")], program: copy)
    try #require(outcome.code == 0, "\(outcome.errors)")
    let record = try record(folder.file("run"))
    #expect(record["commit"] as? String == BuildInformation.commit)
    #expect(record["isModified"] as? Bool == BuildInformation.isModified)
    #expect((record["programSHA256"] as? String)?.count == 64)
    #expect((record["tracesSHA256"] as? String)?.count == 64)
  }

  @Test("signet --version names the commit")
  func version() throws {
    #expect(try SignetProgram.run("--version").output == "signet \(BuildInformation.description)\n")
  }

  @Test("another program with the same golden traces resumes, and says so once in a line and in the log")
  func otherProgram() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    try #require(try SignetProgram.run(Self.arguments + [run]).code == 0)
    try replace(["commit": String(repeating: "b", count: 40), "signet": "0.0.9"], in: run)
    let resumed = try SignetProgram.run(Self.arguments + [run])
    #expect(resumed.code == 0)
    let lines = resumed.errors.split(separator: "\n").filter { $0.contains("continues a run of 0.0.9") }
    #expect(lines.count == 1 && lines[0].contains("commit bbbbbbbbbbbb"), "\(resumed.errors)")
    let log = String(decoding: try folder.bytes(of: "run/log.jsonl"), as: UTF8.self)
    #expect(log.split(separator: "\n").count { $0.contains("\"type\":\"program\"") } == 1)
    let again = try SignetProgram.run(Self.arguments + [run])
    #expect(again.code == 0 && !again.errors.contains("continues a run"), "\(again.errors)")
  }

  @Test("a program with other golden traces does not resume, nor one of another version if they are unknown")
  func otherTraces() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    try #require(try SignetProgram.run(Self.arguments + [run]).code == 0)
    try replace(["tracesSHA256": String(repeating: "c", count: 64)], in: run)
    let refused = try SignetProgram.run(Self.arguments + [run])
    #expect(refused.code == 65)
    #expect(refused.errors.contains("traces") && refused.errors.contains("cccc"), "\(refused.errors)")
    try replace(["tracesSHA256": NSNull(), "signet": "0.0.9"], in: run)
    let unknown = try SignetProgram.run(Self.arguments + [run])
    #expect(unknown.code == 65)
    #expect(unknown.errors.contains("0.0.9"), "\(unknown.errors)")
  }
}
