import Datasets
import Fetching
import Files
import Foundation
import TestSupport
import Testing

/// A directory, the bytes to fetch, and servers, which all stop with it.
final class Bench {
  private let temporary: TemporaryFolder
  var folder: String { temporary.path }
  let bytes: [UInt8]
  let directory: String
  private var servers: [LoopbackServer] = []

  init(count: Int = 100_000) throws {
    temporary = try TemporaryFolder()
    directory = temporary.file("data")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let block = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    var bytes: [UInt8] = []
    while bytes.count < count { bytes += block.prefix(count - bytes.count) }
    self.bytes = bytes
  }

  deinit { for server in servers { server.stop() } }

  func serve(_ answer: @escaping @Sendable (LoopbackServer.Request) -> [LoopbackServer.Step]) throws -> LoopbackServer {
    let server = try LoopbackServer(answer)
    servers.append(server)
    return server
  }

  func file(_ addresses: [URL], name: String = "data.gz") -> RemoteFile {
    RemoteFile(name: name, bytes: bytes.count, digest: .sha256(hexadecimal(sha256: bytes)), addresses: addresses)
  }

  func fetch(
    _ addresses: [URL], name: String = "data.gz", timeout: Double = 5, isReplacing: Bool = false,
    observer: @escaping (FetchEvent) -> Void = { _ in }
  ) throws(FetchError) -> FetchOutcome {
    try Fetcher(directory: directory, timeout: timeout, isReplacing: isReplacing, observer: observer)
      .fetch(file(addresses, name: name))
  }

  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try Data(bytes).write(to: URL(filePath: "\(directory)/\(name)"))
  }

  /// Nil if there is no such file.
  func contents(_ name: String = "data.gz") -> [UInt8]? {
    FileManager.default.contents(atPath: "\(directory)/\(name)").map { Array($0) }
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: directory).sorted() }
  }

  /// Checks that the file is there, right, and alone.
  func expectComplete(sourceLocation: SourceLocation = #_sourceLocation) throws {
    expectSame(contents() ?? [], bytes, sourceLocation: sourceLocation)
    #expect(try names == ["data.gz"], sourceLocation: sourceLocation)
  }
}

/// Checks that `body` throws an error of that kind, whose line says where, what was expected and what was found.
func expectError(
  _ kind: FetchError.Kind, _ mentions: [String], sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  do {
    try body()
    Issue.record("no error", sourceLocation: sourceLocation)
  } catch let error as FetchError {
    let line = "\(error)"
    #expect(error.kind == kind, "\(line)", sourceLocation: sourceLocation)
    #expect(!line.contains { $0.isNewline }, sourceLocation: sourceLocation)
    for word in mentions + ["expected", "found"] {
      #expect(line.contains(word), "\(word) in: \(line)", sourceLocation: sourceLocation)
    }
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
}

/// The answers of an ordinary server that has the file.
struct WholeFile: Sendable {
  let bytes: [UInt8]
  var tag = "\"1\""
  /// Nil: as many as there are.
  var sent: Int?

  func callAsFunction(_ request: LoopbackServer.Request) -> [LoopbackServer.Step] {
    if let begin = request.begin, request.headers["if-range"].map({ $0 == tag }) ?? true {
      if begin >= bytes.count { return [.head("416 Range Not Satisfiable", ["Content-Length": "0"])] }
      let range = "bytes \(begin)-\(bytes.count - 1)/\(bytes.count)"
      return [
        .head(
          "206 Partial Content", ["Content-Length": "\(bytes.count - begin)", "Content-Range": range, "ETag": tag]),
        .send(Array(bytes[begin...])),
      ]
    }
    return [
      .head("200 OK", ["Content-Length": "\(bytes.count)", "ETag": tag]),
      .send(Array(bytes.prefix(sent ?? bytes.count))),
    ]
  }
}
