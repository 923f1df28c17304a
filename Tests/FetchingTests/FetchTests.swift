import Fetching
import Foundation
import TestSupport
import Testing

@Suite("Fetching: one address") struct FetchTests {
  let bench: Bench

  init() throws { bench = try Bench() }

  @Test("a file is fetched whole, and nothing else remains", arguments: [1, 100_000, 5_000_000])
  func whole(count: Int) throws {
    let bench = try Bench(count: count)
    let server = try bench.serve(WholeFile(bytes: bench.bytes).callAsFunction)
    let address = try server.url("data.gz")
    var received: [Int] = []
    let outcome = try bench.fetch([address]) { event in
      if case .receiving(_, _, let bytes) = event { received.append(bytes) }
    }
    #expect(outcome == .fetched(address: address, resumedAt: 0))
    #expect(received == received.sorted() && received.first == 0 && received.last == count)
    #expect(server.requests.map(\.path) == ["/data.gz"])
    #expect(server.requests.first?.headers["accept-encoding"] == "identity")
    try bench.expectComplete()
  }

  @Test("a body of unknown length is fetched, plain or in chunks", arguments: [false, true])
  func unknownLength(isChunked: Bool) throws {
    let bytes = bench.bytes
    let server = try bench.serve { _ in
      let size = Array("\(String(bytes.count, radix: 16))\r\n".utf8)
      return isChunked
        ? [.head("200 OK", ["Transfer-Encoding": "chunked"]), .send(size + bytes), .send(Array("\r\n0\r\n\r\n".utf8))]
        : [.head("200 OK"), .send(bytes)]
    }
    _ = try bench.fetch([server.url("data.gz")])
    try bench.expectComplete()
  }

  @Test("a server slower than the timeout overall, but never silent for long, is tolerated")
  func slow() throws {
    let bytes = bench.bytes
    let server = try bench.serve { _ in
      let parts = (0..<10).flatMap { part in
        [.pause(0.6), .send(Array(bytes[part * 10_000..<(part + 1) * 10_000]))] as [LoopbackServer.Step]
      }
      return [.head("200 OK", ["Content-Length": "\(bytes.count)"])] + parts
    }
    _ = try bench.fetch([server.url("data.gz")], timeout: 5)
    try bench.expectComplete()
  }

  @Test("a reader slower than the server gets all bytes, and makes the server wait instead of storing them")
  func slowReader() throws {
    // Far more than the system's buffers of the connection hold.
    let bench = try Bench(count: 60_000_000)
    let server = try bench.serve(WholeFile(bytes: bench.bytes).callAsFunction)
    var sentMeanwhile = 0
    _ = try bench.fetch([server.url("data.gz")]) { event in
      guard case .receiving(_, _, let received) = event, received > 0, sentMeanwhile == 0 else { return }
      // Until the server has waited for half a second.
      var before = -1
      while before != sentMeanwhile {
        before = sentMeanwhile
        Thread.sleep(forTimeInterval: 0.5)
        sentMeanwhile = server.sentBytes
      }
    }
    #expect((1..<30_000_000).contains(sentMeanwhile), "\(sentMeanwhile)")
    try bench.expectComplete()
  }

  @Test("bytes with another digest are an error and are not kept")
  func wrongBytes() throws {
    var bytes = bench.bytes
    bytes[77_777] ^= 1
    let server = try bench.serve(WholeFile(bytes: bytes).callAsFunction)
    expectError(.contents, ["http://127.0.0.1:\(server.port)/data.gz", "SHA-256"]) {
      _ = try bench.fetch([server.url("data.gz")])
    }
    #expect(try bench.names == [])
  }

  @Test("a file whose MD5 is known is held to it; that of abc is RFC 1321's")
  func md5() throws {
    let digest = "900150983cd24fb0d6963f7d28e17f72"
    func fetch(_ text: String) throws {
      let server = try bench.serve { _ in [.head("200 OK", ["Content-Length": "3"]), .send(Array(text.utf8))] }
      let file = RemoteFile(name: "letters", bytes: 3, digest: .md5(digest), addresses: [try server.url("letters")])
      _ = try Fetcher(directory: bench.directory).fetch(file)
    }
    expectError(.contents, ["MD5 \(digest)", "4911e516e5aa21d327512e0c8b197616"]) { try fetch("abd") }
    #expect(try bench.names == [])
    try fetch("abc")
    #expect(try bench.contents("letters") == Array("abc".utf8) && bench.names == ["letters"])
  }

  @Test(
    "a declared length that is not the file's is an error before a byte is read", arguments: [-1, 1])
  func toldLength(more: Int) throws {
    let bytes = Array((bench.bytes + [1]).prefix(bench.bytes.count + more))
    let server = try bench.serve(WholeFile(bytes: bytes).callAsFunction)
    expectError(.contents, ["/data.gz", "100000 bytes", "found \(100_000 + more)"]) {
      _ = try bench.fetch([server.url("data.gz")])
    }
    #expect(try bench.names == [])
  }

  @Test("more bytes than the file has are an error and are not kept")
  func tooLong() throws {
    let bytes = bench.bytes + [1]
    let server = try bench.serve { _ in [.head("200 OK"), .send(bytes)] }
    expectError(.contents, ["100000 bytes", "at least 100001"]) { _ = try bench.fetch([server.url("data.gz")]) }
    #expect(try bench.names == [])
  }

  @Test("fewer bytes than the file has are an error")
  func tooShort() throws {
    let bytes = Array(bench.bytes.dropLast(10))
    let server = try bench.serve { _ in [.head("200 OK"), .send(bytes)] }
    expectError(.contents, ["100000 bytes", "found 99990"]) { _ = try bench.fetch([server.url("data.gz")]) }
    #expect(try bench.names == ["data.gz.partial"])
  }

  @Test(
    "a response other than the file is an error",
    arguments: ["404 Not Found", "500 Internal Server Error", "204 No Content"])
  func status(_ status: String) throws {
    let server = try bench.serve { _ in [.head(status, ["Content-Length": "0"])] }
    expectError(.network, ["/data.gz", "status 200", "status \(status.prefix(3))"]) {
      _ = try bench.fetch([server.url("data.gz")])
    }
    #expect(try bench.names == [])
  }

  @Test("an encoding other than gzip is an error, as none was asked for", arguments: ["br", "zstd", "gzip, br"])
  func encoded(_ encoding: String) throws {
    let count = bench.bytes.count
    let server = try bench.serve { _ in
      [.head("200 OK", ["Content-Length": "\(count)", "Content-Encoding": encoding]), .send([0x1f, 0x8b])]
    }
    expectError(.network, ["as it is", encoding]) { _ = try bench.fetch([server.url("data.gz")]) }
    #expect(try bench.names == [])
  }

  @Test("a server that stalls before its response, in it, or in the file is an error", arguments: [0, 1, 2])
  func stalls(after count: Int) throws {
    let bytes = bench.bytes
    let server = try bench.serve { _ in
      let steps: [LoopbackServer.Step] = [
        .head("200 OK", ["Content-Length": "\(bytes.count)"]), .send(Array(bytes[..<1000])),
      ]
      return steps.prefix(count) + [.stall]
    }
    let begin = ContinuousClock.now
    expectError(.network, ["/data.gz", "none for 1.2 seconds"]) {
      _ = try bench.fetch([server.url("data.gz")], timeout: 1.2)
    }
    #expect(ContinuousClock.now - begin < .seconds(6))
    #expect(bench.contents("data.gz.partial")?.count == (count == 2 ? 1000 : nil))
  }

  @Test("a refused connection is an error")
  func refused() throws {
    let server = try bench.serve { _ in [] }
    let address = try server.url("data.gz")
    server.stop()
    expectError(.network, ["\(address)", "an answer"]) { _ = try bench.fetch([address]) }
    #expect(try bench.names == [])
  }

  @Test(
    "a connection that ends without a response, or with something other than HTTP, is an error",
    arguments: ["", "SSH-2.0\r\n"])
  func noAnswer(_ text: String) throws {
    let server = try bench.serve { _ in [.send(Array(text.utf8))] }
    expectError(.network, ["/data.gz"]) { _ = try bench.fetch([server.url("data.gz")]) }
    #expect(bench.contents() == nil)
  }
}
