import Foundation
import TestSupport
import Testing

@Suite("Commands: signet data fetch")
struct FetchCommandTests {
  static let failing = [
    FailingCall(
      name: "an unknown set", arguments: ["data", "fetch", "imagenet", "--data", "d"], code: 64,
      mentions: ["imagenet", "cifar-10"]),
    FailingCall(
      name: "an address of another kind", arguments: ["data", "fetch", "mnist", "--data", "d", "--from", "ftp://a/b"],
      code: 64, mentions: ["--from", "ftp://a/b"]),
    FailingCall(
      name: "no time", arguments: ["data", "fetch", "mnist", "--data", "d", "--timeout", "0"], code: 64,
      mentions: ["--timeout", "found 0"]),
    FailingCall(
      name: "a directory that cannot be made", arguments: ["data", "fetch", "mnist", "--data", "/dev/null/d"], code: 74,
      mentions: ["/dev/null/d", "Not a directory"]),
  ]

  @Test("wrong usage and a directory that cannot be created end with one line and their code", arguments: failing)
  func failure(_ call: FailingCall) throws {
    try check(call)
  }

  @Test("a mirror that does not answer ends with 69, and nothing is written")
  func network() throws {
    let directory = try TemporaryFolder()
    // Port 1 of the loopback interface: nobody listens there.
    try check(
      FailingCall(
        name: "",
        arguments: ["data", "fetch", "mnist", "--data", directory.path, "--from", "http://127.0.0.1:1/data"], code: 69,
        mentions: ["http://127.0.0.1:1/data/train-images-idx3-ubyte.gz", "an answer"]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
  }

  @Test("existing files with other contents are listed, left as they are, and end with 65")
  func wrongContents() throws {
    let directory = try TemporaryFolder()
    let names = ["train-images", "train-labels", "t10k-images", "t10k-labels"].map {
      "\($0)-idx\($0.hasSuffix("images") ? 3 : 1)-ubyte.gz"
    }
    for name in names { try Data([1, 2]).write(to: URL(filePath: directory.file(name))) }
    let outcome = try SignetProgram.run("data", "fetch", "mnist", "--data", directory.path, "--json")
    #expect(outcome.code == 65)
    #expect(outcome.errors.contains("\(directory.file(names[0])): expected 9912422 bytes, found 2 (--force"))
    let report = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let files = try #require(report["files"] as? [[String: Any]])
    #expect(files.map { $0["name"] as? String } == names && files.map { $0["path"] as? String } == names)
    #expect(files.map { $0["status"] as? String } == Array(repeating: "wrong contents", count: 4))
    for name in names { #expect(FileManager.default.contents(atPath: directory.file(name)) == Data([1, 2])) }
  }

  private func check(_ call: FailingCall) throws {
    let outcome = try SignetProgram.run(call.arguments)
    #expect(outcome.code == call.code, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    for mention in call.mentions { #expect(outcome.errors.contains(mention), "\(mention) in: \(outcome.errors)") }
  }
}
