import Datasets
import Fetching
import Files
import Foundation
import TestSupport
import Testing

/// Servers that send gzip though they were asked for the bytes as they are.
@Suite("Fetching: content encoding") struct EncodingTests {
  let bench: Bench

  init() throws { bench = try Bench() }

  /// Of the answer's first bytes, all if `count` is nil, and with the encoded length.
  private func encoded(_ name: String = "gzip", count: Int? = nil) -> [LoopbackServer.Step] {
    let bytes = Gzip.compress(bench.bytes, level: 0)
    return [
      .head("200 OK", ["Content-Length": "\(bytes.count)", "Content-Encoding": name, "ETag": "\"1\""]),
      .send(Array(bytes.prefix(count ?? bytes.count))),
    ]
  }

  @Test("gzip is decoded: length and digest are the file's", arguments: ["gzip", "x-gzip", "GZIP"])
  func decoded(name: String) throws {
    let steps = encoded(name)
    let server = try bench.serve { _ in steps }
    let address = try server.url("data.gz")
    #expect(try bench.fetch([address]) == .fetched(address: address, resumedAt: 0))
    #expect(server.requests.map { $0.headers["accept-encoding"] } == ["identity"])
    try bench.expectComplete()
  }

  @Test("the name identity, and an empty one, mean no encoding", arguments: ["identity", ""])
  func identity(name: String) throws {
    let bytes = bench.bytes
    let server = try bench.serve { _ in
      [.head("200 OK", ["Content-Length": "\(bytes.count)", "Content-Encoding": name]), .send(bytes)]
    }
    _ = try bench.fetch([server.url("data.gz")])
    try bench.expectComplete()
  }

  @Test("bytes that only claim to be gzip, and gzip of another file, are errors")
  func wrong() throws {
    let plain = bench.bytes
    let server = try bench.serve { _ in [.head("200 OK", ["Content-Encoding": "gzip"]), .send(plain)] }
    #expect(throws: FetchError.self) { _ = try bench.fetch([server.url("data.gz")]) }
    var other = bench.bytes
    other[500] ^= 1
    let bytes = Gzip.compress(other)
    let second = try bench.serve { _ in [.head("200 OK", ["Content-Encoding": "gzip"]), .send(bytes)] }
    expectError(.contents, ["SHA-256"]) { _ = try bench.fetch([second.url("data.gz")]) }
    #expect(bench.contents() == nil)
  }

  @Test("a compressed file that a server declares as encoded is an error, not another file")
  func misdeclared() throws {
    let stored = Gzip.compress(bench.bytes)
    let file = RemoteFile(
      name: "data.gz", bytes: stored.count, digest: .sha256(hexadecimal(sha256: stored)),
      addresses: [
        try bench.serve { _ in
          [.head("200 OK", ["Content-Length": "\(stored.count)", "Content-Encoding": "gzip"]), .send(stored)]
        }.url("data.gz")
      ])
    expectError(.contents, ["\(stored.count) bytes"]) { _ = try Fetcher(directory: bench.directory).fetch(file) }
    #expect(bench.contents() == nil)
  }

  @Test("after an encoded response was cut off, encoded parts are not joined to the bytes received")
  func encodedPart() throws {
    let (cut, whole) = (encoded(count: 30_000), encoded())
    let bytes = bench.bytes
    let server = try bench.serve { request in
      guard let begin = request.begin else { return request.path == "/cut" ? cut : whole }
      let range = "bytes \(begin)-\(bytes.count - 1)/\(bytes.count)"
      return [
        .head("206 Partial Content", ["Content-Range": range, "Content-Encoding": "gzip"]),
        .send(Gzip.compress(Array(bytes[begin...]))),
      ]
    }
    expectError(.network, ["100000 bytes"]) { _ = try bench.fetch([server.url("cut")]) }
    #expect(bench.contents("data.gz.partial").map { Array(bench.bytes.prefix($0.count)) == $0 } == true)
    let address = try server.url("data.gz")
    #expect(try bench.fetch([address]) == .fetched(address: address, resumedAt: 0))
    #expect(server.requests.allSatisfy { $0.headers["if-range"] == nil })
    try bench.expectComplete()
  }

  @Test("after an encoded response was cut off, a part that is not encoded continues the bytes received")
  func plainPart() throws {
    let cut = encoded(count: 30_000)
    let plain = WholeFile(bytes: bench.bytes)
    let server = try bench.serve { $0.begin == nil ? cut : plain($0) }
    expectError(.network, ["100000 bytes"]) { _ = try bench.fetch([server.url("data.gz")]) }
    let come = try #require(bench.contents("data.gz.partial")?.count)
    #expect(come > 0)
    #expect(try bench.fetch([server.url("data.gz")]) == .fetched(address: server.url("data.gz"), resumedAt: come))
    try bench.expectComplete()
  }
}
