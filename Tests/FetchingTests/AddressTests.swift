import Datasets
import Fetching
import Foundation
import TestSupport
import Testing

@Suite("Fetching: addresses and the directory") struct AddressTests {
  let bench: Bench

  init() throws { bench = try Bench() }

  @Test("when an address fails, the next is tried", arguments: ["500 Internal Server Error", "404 Not Found"])
  func mirror(_ status: String) throws {
    let failing = try bench.serve { _ in [.head(status, ["Content-Length": "0"])] }
    let server = try bench.serve(WholeFile(bytes: bench.bytes).callAsFunction)
    var failures: [FetchError] = []
    let outcome = try bench.fetch([failing.url("data.gz"), server.url("data.gz")]) { event in
      if case .addressFailed(let error) = event { failures.append(error) }
    }
    #expect(try outcome == .fetched(address: server.url("data.gz"), resumedAt: 0))
    #expect(
      failures == [.status(address: "http://127.0.0.1:\(failing.port)/data.gz", code: Int(status.prefix(3)) ?? 0)])
    try bench.expectComplete()
  }

  @Test("when every address fails, the error names them all, and wrong bytes weigh more than silence")
  func everyAddress() throws {
    let wrong = try bench.serve(WholeFile(bytes: bench.bytes.map { $0 ^ 1 }).callAsFunction)
    let failing = try bench.serve { _ in [.head("503 Service Unavailable", ["Content-Length": "0"])] }
    expectError(.contents, [":\(wrong.port)/", "SHA-256", ":\(failing.port)/", "503"]) {
      _ = try bench.fetch([wrong.url("data.gz"), failing.url("data.gz")])
    }
    #expect(try bench.names == [])
  }

  @Test("a published file is fetched from its addresses, one after the other, or from a mirror alone")
  func published() throws {
    let mirrors = try ["", "/"].map { try #require(URL(string: "http://127.0.0.1/there\($0)")) }
    for file in Catalogue.entries.flatMap(\.files) {
      let remote = try RemoteFile(file)
      #expect(remote.addresses.map(\.absoluteString) == file.addresses && !file.addresses.isEmpty)
      #expect((remote.name, remote.bytes, remote.digest) == (file.name, file.bytes, file.digest))
      for mirror in mirrors {
        let addresses = try RemoteFile(file, mirror: mirror).addresses.map(\.absoluteString)
        #expect(addresses == ["http://127.0.0.1/there/\(file.name)"])
      }
    }
  }

  @Test(
    "redirections to absolute and to relative addresses are followed",
    arguments: [
      "/there/data.gz", "there/data.gz", "http://127.0.0.1:PORT/there/data.gz", "HTTP://127.0.0.1:PORT/there/data.gz",
    ],
    ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"])
  func redirected(to location: String, _ status: String) throws {
    let whole = WholeFile(bytes: bench.bytes)
    let server = try bench.serve { request in
      if request.path.hasSuffix("/there/data.gz") { return whole(request) }
      let port = request.headers["host"]?.split(separator: ":").last ?? ""
      return [
        .head(status, ["Location": location.replacing("PORT", with: port), "Content-Length": "4"]),
        .send(Array("gone".utf8)),
      ]
    }
    let address = try server.url("here/data.gz")
    #expect(try bench.fetch([address]) == .fetched(address: address, resumedAt: 0))
    let place = location.hasPrefix("there") ? "/here/there/data.gz" : "/there/data.gz"
    #expect(server.requests.map(\.path) == ["/here/data.gz", place])
    try bench.expectComplete()
  }

  @Test("a relative address in a redirection begins where the redirection is, not where the first one was")
  func relative() throws {
    let whole = WholeFile(bytes: bench.bytes)
    let targets = ["/a/data.gz": "/b/c/data.gz", "/b/c/data.gz": "d/data.gz", "/b/c/d/data.gz": "../e"]
    let server = try bench.serve { request in
      guard let target = targets[request.path] else { return whole(request) }
      return [.head("302 Found", ["Location": target, "Content-Length": "0"])]
    }
    _ = try bench.fetch([server.url("a/data.gz")])
    #expect(server.requests.map(\.path) == ["/a/data.gz", "/b/c/data.gz", "/b/c/d/data.gz", "/b/c/e"])
    try bench.expectComplete()
  }

  @Test("five redirections are followed, six are an error, and so is a loop", arguments: [5, 6, .max])
  func redirections(count: Int) throws {
    let whole = WholeFile(bytes: bench.bytes)
    let server = try bench.serve { request in
      let number = Int(request.path.dropFirst()) ?? 0
      if number == count { return whole(request) }
      let next = count == .max ? "/0" : "/\(number + 1)"
      return [.head("302 Found", ["Location": next, "Content-Length": "0"])]
    }
    if count == 5 {
      _ = try bench.fetch([server.url("0")])
      try bench.expectComplete()
    } else {
      expectError(.network, ["/0", "at most 5 redirections"]) { _ = try bench.fetch([server.url("0")]) }
    }
    #expect(server.requests.count == 6)
  }

  @Test(
    "a redirection to anything but http or https is refused",
    arguments: ["file:///etc/passwd", "ftp://127.0.0.1/data.gz"])
  func refused(_ location: String) throws {
    let server = try bench.serve { _ in [.head("302 Found", ["Location": location, "Content-Length": "0"])] }
    expectError(.network, ["redirection", location]) { _ = try bench.fetch([server.url("data.gz")]) }
  }

  @Test("https does not redirect to http")
  func downgrade() throws {
    for (secure, plain) in [("https", "http"), ("HTTPS", "HTTP"), ("https", "Http"), ("Https", "http")] {
      let (from, to) = (try #require(URL(string: "\(secure)://a/x")), try #require(URL(string: "\(plain)://a/x")))
      #expect(!Fetcher.mayRedirect(from: from, to: to))
      #expect(Fetcher.mayRedirect(from: to, to: from) && Fetcher.mayRedirect(from: from, to: from))
    }
  }

  @Test(
    "an address of another kind is wrong usage", arguments: ["file:///etc/passwd", "ftp://a/b", "a/b", "http:///b"])
  func unusable(_ text: String) throws {
    let address = try #require(URL(string: text))
    expectError(.usage, [text, "http"]) { _ = try bench.fetch([address]) }
  }

  @Test("the case of an address's scheme has no meaning; the rest of the address stays", arguments: ["HTTP", "hTtP"])
  func scheme(_ scheme: String) throws {
    let server = try bench.serve(WholeFile(bytes: bench.bytes).callAsFunction)
    let address = try server.url("A%20b/data.gz?c=D")
    let other = try #require(URL(string: address.absoluteString.replacing("http:", with: "\(scheme):")))
    #expect(try bench.fetch([other]) == .fetched(address: address, resumedAt: 0))
    #expect(server.requests.map(\.path) == ["/A%20b/data.gz?c=D"])
    try bench.expectComplete()
  }

  @Test("a file that is there and right is not fetched")
  func present() throws {
    let server = try bench.serve { _ in [] }
    try bench.write(bench.bytes, to: "data.gz")
    #expect(try bench.fetch([server.url("data.gz")]) == .present)
    #expect(server.requests.isEmpty)
  }

  @Test("a file that is there and wrong is an error and stays, unless it may be replaced", arguments: [100_000, 10, 0])
  func presentAndWrong(count: Int) throws {
    let server = try bench.serve(WholeFile(bytes: bench.bytes).callAsFunction)
    let wrong = [UInt8](repeating: 7, count: count)
    try bench.write(wrong, to: "data.gz")
    expectError(.contents, ["\(bench.directory)/data.gz", "--force"]) { _ = try bench.fetch([server.url("data.gz")]) }
    #expect(bench.contents() == wrong && server.requests.isEmpty)
    _ = try bench.fetch([server.url("data.gz")], isReplacing: true)
    try bench.expectComplete()
  }

  @Test("a wrong file stays if its replacement cannot be fetched")
  func replacementFails() throws {
    let server = try bench.serve { _ in [.head("404 Not Found", ["Content-Length": "0"])] }
    try bench.write([1, 2, 3], to: "data.gz")
    expectError(.network, ["404"]) { _ = try bench.fetch([server.url("data.gz")], isReplacing: true) }
    #expect(bench.contents() == [1, 2, 3])
  }

  @Test("a missing directory is created")
  func missingDirectory() throws {
    let server = try bench.serve(WholeFile(bytes: bench.bytes).callAsFunction)
    try FileManager.default.removeItem(atPath: bench.directory)
    _ = try bench.fetch([server.url("data.gz")])
    try bench.expectComplete()
  }

  /// For who runs the tests as root no mode forbids writing; below a file nobody can write.
  @Test(
    "a directory that cannot be created or written to is an error", .enabled(if: isLinux),
    arguments: [("/dev/null/data", "Not a directory"), ("/proc/data", "No such file"), ("/proc", "No such file")])
  func unwritable(directory: String, reason: String) throws {
    let server = try bench.serve(WholeFile(bytes: bench.bytes).callAsFunction)
    expectError(.inputOutput, [directory, "to write", reason]) {
      _ = try Fetcher(directory: directory).fetch(bench.file([server.url("data.gz")]))
    }
    #expect(server.requests.isEmpty)
  }

  @Test("a name that leaves the directory is refused", arguments: ["../data.gz", "a/b", "..", ".", "", "/etc/x"])
  func name(_ name: String) throws {
    let server = try bench.serve(WholeFile(bytes: bench.bytes).callAsFunction)
    expectError(.usage, ["without a folder"]) { _ = try bench.fetch([server.url("data.gz")], name: name) }
    #expect(server.requests.isEmpty)
  }

  @Test("a symbolic link in the partial file's place is not followed")
  func symbolicLink() throws {
    let server = try bench.serve(WholeFile(bytes: bench.bytes).callAsFunction)
    let outside = bench.folder + "/outside"
    try Data([1, 2, 3]).write(to: URL(filePath: outside))
    try FileManager.default.createSymbolicLink(
      atPath: bench.directory + "/data.gz.partial", withDestinationPath: outside)
    expectError(.inputOutput, ["data.gz.partial"]) { _ = try bench.fetch([server.url("data.gz")]) }
    #expect(FileManager.default.contents(atPath: outside) == Data([1, 2, 3]))
  }

  @Test("two downloads at a time do not write into one file")
  func twice() throws {
    let bytes = bench.bytes
    let server = try bench.serve(WholeFile(bytes: bytes).callAsFunction)
    var isTried = false
    _ = try bench.fetch([server.url("data.gz")]) { [bench] event in
      guard !isTried, case .receiving = event else { return }
      isTried = true
      expectError(.inputOutput, ["data.gz.partial", "no other"]) { _ = try bench.fetch([server.url("data.gz")]) }
    }
    #expect(isTried)
    try bench.expectComplete()
  }
}
