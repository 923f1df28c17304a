import Fetching
import Foundation
import TestSupport
import Testing

@Suite("Fetching: resumed downloads") struct ResumeTests {
  let bench: Bench

  init() throws { bench = try Bench() }

  /// Leaves what comes of a connection cut after 30,000 bytes.
  private func cutOff(_ server: LoopbackServer) throws {
    expectError(.network, ["100000 bytes", "end after 30000"]) { _ = try bench.fetch([server.url("data.gz")]) }
    #expect(bench.contents() == nil)
    expectSame(bench.contents("data.gz.partial") ?? [], Array(bench.bytes[..<30_000]))
  }

  /// The first answer is cut off, the others are those of an ordinary server.
  private func server(tags: [String] = ["\"1\"", "\"1\""]) throws -> LoopbackServer {
    let bytes = bench.bytes
    return try bench.serve { request in
      let isLater = request.begin != nil
      return WholeFile(bytes: bytes, tag: tags[isLater ? 1 : 0], sent: isLater ? nil : 30_000)(request)
    }
  }

  @Test("a download that was cut off resumes at its byte if the file is still the same")
  func resumed() throws {
    let server = try server()
    try cutOff(server)
    let address = try server.url("data.gz")
    #expect(try bench.fetch([address]) == .fetched(address: address, resumedAt: 30_000))
    #expect(server.requests.map { $0.headers["range"] } == [nil, "bytes=30000-"])
    #expect(server.requests.map { $0.headers["if-range"] } == [nil, "\"1\""])
    try bench.expectComplete()
  }

  @Test("a note that is a symbolic link is not read")
  func linkedNote() throws {
    let server = try server()
    try cutOff(server)
    let (note, outside) = (bench.directory + "/data.gz.partial.origin", bench.folder + "/outside")
    try FileManager.default.moveItem(atPath: note, toPath: outside)
    try FileManager.default.createSymbolicLink(atPath: note, withDestinationPath: outside)
    let address = try server.url("data.gz")
    // Without the note nothing is known of the file that was cut off; its digest decides in the end.
    #expect(try bench.fetch([address]) == .fetched(address: address, resumedAt: 30_000))
    #expect(server.requests.map { $0.headers["if-range"] } == [nil, nil])
    #expect(FileManager.default.fileExists(atPath: outside))
    try bench.expectComplete()
  }

  @Test("a file that has changed since is fetched whole")
  func changed() throws {
    let server = try server(tags: ["\"1\"", "\"2\""])
    try cutOff(server)
    let address = try server.url("data.gz")
    #expect(try bench.fetch([address]) == .fetched(address: address, resumedAt: 0))
    #expect(server.requests.last?.headers["if-range"] == "\"1\"")
    try bench.expectComplete()
  }

  @Test("the date of the last change serves where there is no strong tag", arguments: [nil, "W/\"1\""])
  func date(tag: String?) throws {
    let bytes = bench.bytes
    let day = "Sun, 06 Nov 1994 08:49:37 GMT"
    let server = try bench.serve { request in
      if request.begin != nil { return WholeFile(bytes: bytes, tag: day)(request) }
      var headers = ["Content-Length": "\(bytes.count)", "Last-Modified": day]
      headers["ETag"] = tag
      return [.head("200 OK", headers), .send(Array(bytes[..<30_000]))]
    }
    try cutOff(server)
    #expect(try bench.fetch([server.url("data.gz")]) == .fetched(address: server.url("data.gz"), resumedAt: 30_000))
    #expect(server.requests.last?.headers["if-range"] == day)
  }

  @Test("a server that ignores ranges gives the whole file")
  func ignored() throws {
    let bytes = bench.bytes
    let server = try bench.serve { request in
      [.head("200 OK", ["Content-Length": "\(bytes.count)"]), .send(bytes)]
    }
    try bench.write(bench.bytes[..<500], to: "data.gz.partial")
    #expect(try bench.fetch([server.url("data.gz")]) == .fetched(address: server.url("data.gz"), resumedAt: 0))
    #expect(server.requests.map { $0.headers["range"] } == ["bytes=500-"])
    try bench.expectComplete()
  }

  @Test(
    "a part other than the one asked for is not used, and the file is fetched whole",
    arguments: ["bytes 501-99999/100000", "bytes 500-99998/100000", "bytes 500-99999/100001", "lines 1-2/3"])
  func otherPart(_ range: String) throws {
    let bytes = bench.bytes
    let server = try bench.serve { request in
      request.begin == nil
        ? WholeFile(bytes: bytes)(request)
        : [.head("206 Partial Content", ["Content-Range": range, "Content-Length": "10"]), .send(Array(bytes[..<10]))]
    }
    try bench.write(bench.bytes[..<500], to: "data.gz.partial")
    #expect(try bench.fetch([server.url("data.gz")]) == .fetched(address: server.url("data.gz"), resumedAt: 0))
    #expect(server.requests.count == 2)
    try bench.expectComplete()
  }

  @Test("a part continues the file, too, if the server leaves open how long the whole is")
  func openLength() throws {
    let bytes = bench.bytes
    let server = try bench.serve { request in
      guard let begin = request.begin else { return WholeFile(bytes: bytes)(request) }
      let headers = ["Content-Range": "bytes \(begin)-99999/*", "Content-Length": "\(bytes.count - begin)"]
      return [.head("206 Partial Content", headers), .send(Array(bytes[begin...]))]
    }
    try bench.write(bench.bytes[..<500], to: "data.gz.partial")
    #expect(try bench.fetch([server.url("data.gz")]) == .fetched(address: server.url("data.gz"), resumedAt: 500))
    #expect(server.requests.map { $0.headers["range"] } == ["bytes=500-"])
    try bench.expectComplete()
  }

  @Test(
    "a partial file with other bytes is fetched whole, whatever its length", arguments: [500, 99_999, 100_000, 100_001])
  func doesNotFit(count: Int) throws {
    let server = try bench.serve(WholeFile(bytes: bench.bytes).callAsFunction)
    try bench.write([UInt8](repeating: 7, count: count), to: "data.gz.partial")
    #expect(try bench.fetch([server.url("data.gz")]) == .fetched(address: server.url("data.gz"), resumedAt: 0))
    #expect(server.requests.last?.begin == nil)
    try bench.expectComplete()
  }

  @Test("a partial file with all bytes needs no request")
  func complete() throws {
    let server = try bench.serve { _ in [.head("404 Not Found")] }
    try bench.write(bench.bytes, to: "data.gz.partial")
    _ = try bench.fetch([server.url("data.gz")])
    #expect(server.requests.isEmpty)
    try bench.expectComplete()
  }

  @Test("a server whose file ends before the partial file does is asked for the whole file")
  func notSatisfiable() throws {
    let bytes = bench.bytes
    let server = try bench.serve { request in
      request.begin == nil
        ? WholeFile(bytes: bytes)(request) : [.head("416 Range Not Satisfiable", ["Content-Length": "0"])]
    }
    try bench.write(bench.bytes[..<500], to: "data.gz.partial")
    _ = try bench.fetch([server.url("data.gz")])
    #expect(server.requests.count == 2)
    try bench.expectComplete()
  }

  @Test("behind a redirection, too, a download that was cut off resumes at its byte")
  func redirected() throws {
    let bytes = bench.bytes
    let server = try bench.serve { request in
      request.path == "/there"
        ? WholeFile(bytes: bytes, sent: request.begin == nil ? 30_000 : nil)(request)
        : [.head("302 Found", ["Location": "/there", "Content-Length": "0"])]
    }
    try cutOff(server)
    let address = try server.url("data.gz")
    #expect(try bench.fetch([address]) == .fetched(address: address, resumedAt: 30_000))
    #expect(server.requests.map(\.path) == ["/data.gz", "/there", "/data.gz", "/there"])
    #expect(server.requests.last?.begin == 30_000 && server.requests.last?.headers["if-range"] == "\"1\"")
    try bench.expectComplete()
  }

  @Test("another address continues what the first one began, without the first one's tag")
  func otherAddress() throws {
    let (first, second) = (try server(), try bench.serve(WholeFile(bytes: bench.bytes, tag: "\"x\"").callAsFunction))
    try cutOff(first)
    let address = try second.url("data.gz")
    #expect(try bench.fetch([address]) == .fetched(address: address, resumedAt: 30_000))
    #expect(second.requests.map { $0.headers["if-range"] } == [nil])
    try bench.expectComplete()
  }
}
