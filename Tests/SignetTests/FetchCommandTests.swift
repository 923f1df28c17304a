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
      code: 64, mentions: ["--from", ": expected an HTTP or HTTPS address, found ftp://a/b"]),
    FailingCall(
      name: "no time", arguments: ["data", "fetch", "mnist", "--data", "d", "--timeout", "0"], code: 64,
      mentions: ["--timeout: expected a positive number", "found 0"]),
    FailingCall(
      name: "a directory that cannot be made", arguments: ["data", "fetch", "mnist", "--data", "/dev/null/d"], code: 74,
      mentions: ["/dev/null/d", "Not a directory"]),
  ]

  @Test("wrong usage and a directory that cannot be created end with one line and their code", arguments: failing)
  func failure(_ call: FailingCall) throws {
    try call.check()
  }

  @Test("a mirror that does not answer ends with 69, and nothing is written")
  func network() throws {
    let directory = try TemporaryFolder()
    // Port 1 of the loopback interface: nobody listens there.
    for scheme in ["http", "HTTP"] {
      try SignetProgram.run(
        "data", "fetch", "mnist", "--data", directory.path, "--from", "\(scheme)://127.0.0.1:1/data"
      ).expectFailure(69, ["http://127.0.0.1:1/data/train-images-idx3-ubyte.gz", "an answer"])
    }
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

  @Test("--from is the folder of the files' addresses; an answer without the file ends with 69, at the first file")
  func mirror() throws {
    let directory = try TemporaryFolder()
    let server = try LoopbackServer { _ in [.head("404 Not Found", ["Content-Length": "0"])] }
    defer { server.stop() }
    let address = try server.url("some/mirror").absoluteString
    try SignetProgram.run(
      "data", "fetch", "fashion-mnist", "--data", directory.file("a/b"), "--from", address
    ).expectFailure(69, ["\(address)/train-images-idx3-ubyte.gz: expected status 200, found status 404"])
    #expect(server.requests.map(\.path) == ["/some/mirror/train-images-idx3-ubyte.gz"])
    #expect(try directory.names == ["a"])
  }

  @Test("--timeout is how long a silent server is waited for, and ends with 69")
  func timeout() throws {
    let directory = try TemporaryFolder()
    let server = try LoopbackServer { _ in [.stall] }
    defer { server.stop() }
    for seconds in ["0.25", "0.5"] {
      try SignetProgram.run(
        "data", "fetch", "svhn", "--data", directory.path, "--from", try server.url("x").absoluteString, "--timeout",
        seconds
      ).expectFailure(69, ["x/train_32x32.mat: expected bytes, found none for \(seconds) seconds"])
    }
  }

  @Test("--force asks for a file that is there with other contents, which stays until the right one has come")
  func force() throws {
    let directory = try TemporaryFolder()
    for name in ["train_32x32.mat", "test_32x32.mat", "extra_32x32.mat"] { try directory.write([1, 2], to: name) }
    let server = try LoopbackServer { _ in [.head("200 OK", ["Content-Length": "3"]), .send([1, 2, 3])] }
    defer { server.stop() }
    let arguments = ["data", "fetch", "svhn", "--data", directory.path, "--from", try server.url("x").absoluteString]
    let kept = try SignetProgram.run(arguments)
    #expect(kept.code == 65 && server.requests.isEmpty)
    try SignetProgram.run(arguments + ["--force"]).expectFailure(
      65, ["x/train_32x32.mat: expected 182040794 bytes, found 3"])
    #expect(server.requests.map(\.path) == ["/x/train_32x32.mat"])
    #expect(try directory.bytes(of: "train_32x32.mat") == [1, 2])
    // The table has what --json has.
    let report = try SignetProgram.object(SignetProgram.run(arguments + ["--json"]).output)
    #expect(report["set"] as? String == "svhn" && report["directory"] as? String == directory.path)
    let files = try #require(report["files"] as? [[String: Any]])
    #expect(
      kept.rows == files.map { ["\($0["path"] ?? "")", "\($0["bytes"] ?? "") bytes", "\($0["status"] ?? "")"] })
    #expect(kept.rows.first == ["train_32x32.mat", "2 bytes", "wrong contents"] && kept.rows.count == 3)
  }
}
